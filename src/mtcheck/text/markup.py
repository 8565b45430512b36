"""Markup, placeholders, LaTeX and entities in a text."""

from __future__ import annotations

import bisect
import html
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtcheck.text.parses import cached

__all__ = ["Bare", "MarkupKind", "MarkupPiece", "bare", "changed", "markup_of"]

MarkupKind: TypeAlias = Literal["tag", "entity", "placeholder", "latex"]

_TOKEN = re.compile(
    r"(?P<tag></?[A-Za-z][\w:.-]{0,30}(?:\s[^<>]{0,300})?/?>)"
    r"|(?P<entity>&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
    r"|(?P<latex>\$\$?[^\s$][^$\n]{0,200}\$\$?|\\[A-Za-z]{2,30}\*?(?![A-Za-z])(?:\{(?=[^{}\n]{0,300}\}))?|\\[()\[\]])"
    r"|(?P<placeholder>\{\{\s?[\w.]{1,40}\s?\}\}|\$\{[\w.]{1,40}\}|%\([\w.]{1,40}\)[sdfr]"
    r"|\{[A-Za-z_][\w.]{0,40}\}|\{\d{1,2}\}"
    r"|(?<![\d%A-Za-z_])%(?:\d\$)?[-+0]?\d{0,3}(?:\.\d{1,2})?l{0,2}[sdiufxc@](?![A-Za-z0-9_]))"
)
# Dollars are formulas only with something of a formula between them; $5 and $10 are money.
_FORMULA = re.compile(r"[\\^_={}]|^\$\$?[A-Za-z]\$\$?$")
_FORMATTING = frozenset(
    ("b", "i", "u", "em", "strong", "sub", "sup", "span", "italic", "bold", "sc", "p", "br")
)
_KINDS: dict[str, MarkupKind] = {
    "tag": "tag",
    "entity": "entity",
    "latex": "latex",
    "placeholder": "placeholder",
}
_NAME = re.compile(r"</?\s?([\w:.-]+)")


@dataclass(frozen=True, slots=True)
class MarkupPiece:
    """A piece of markup at ``[start, end)``; equal ``key`` means the same piece."""

    start: int
    end: int
    kind: MarkupKind
    key: str

    @property
    def vital(self) -> bool:
        """Whether the text is broken without it: formulas, placeholders, tags of structure."""
        if self.kind == "latex" and not _says_more(self.key):
            return False
        if self.kind != "tag":
            return self.kind in ("latex", "placeholder")
        return self.key.strip("</>").rpartition(":")[2].lower() not in _FORMATTING


def _key(kind: str, text: str) -> str:
    if kind == "tag":
        name = _NAME.match(text)
        closing = "/" if text.startswith("</") else ""
        return f"<{closing}{name[1].lower() if name else ''}>"
    return "".join(text.split())


@cached
def markup_of(text: str) -> tuple[MarkupPiece, ...]:
    """The markup of a text, from left to right. ``P<0.05`` and ``$5`` are none."""
    if not any(c in text for c in "<&$\\{%"):
        return ()
    found = []
    for m in _TOKEN.finditer(text):
        kind = m.lastgroup or ""
        if kind == "latex" and m[0].startswith("$") and not _FORMULA.search(m[0]):
            continue
        found.append(MarkupPiece(m.start(), m.end(), _KINDS[kind], _key(kind, m[0])))
    return tuple(found)


def _left(these: tuple[MarkupPiece, ...], others: tuple[MarkupPiece, ...]) -> list[MarkupPiece]:
    """What ``these`` have more of than ``others``, the last ones first to go."""
    spare = Counter(t.key for t in others)
    left = []
    for token in these:
        if spare[token.key] > 0:
            spare[token.key] -= 1
        else:
            left.append(token)
    return left


@cached
def changed(
    source: str, hypothesis: str
) -> tuple[tuple[MarkupPiece, ...], tuple[MarkupPiece, ...]]:
    """Markup of the source that the hypothesis lacks, and markup that it has instead.

    An entity is not lost when the character it stands for is there (``&lt;`` became ``<``).
    """
    ours, theirs = markup_of(source), markup_of(hypothesis)
    if not ours and not theirs:
        return (), ()

    lost = (t for t in _left(ours, theirs) if not _as_characters(t, hypothesis))
    return tuple(lost), tuple(_left(theirs, ours))


def _as_characters(token: MarkupPiece, text: str) -> bool:
    """Whether the text has the characters that an entity or a plain formula stands for."""
    if token.kind == "entity":
        return html.unescape(token.key).strip() in text
    if token.kind != "latex" or _says_more(token.key):
        return False
    said = bare(token.key)
    return said is not None and bool(said.text) and said.text in text


# --- the text without its markup --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without formatting, and where each of its characters stands in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The half-open place in the original of ``[start, end)``."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
        return at, at

    def inner(self, at: int) -> int:
        """Where the offset ``at`` of the original is in the bare text."""
        return bisect.bisect_left(self.starts, at)


_FORMATS = "|".join(sorted(_FORMATTING | {"title", "underline", "small", "font"}, reverse=True))
_SUPERSCRIPTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_RAISED = re.compile(
    r"<(?:\w+:)?sup>\s?(?P<a>[-+−–]?\d{0,3}[-+−–]?)\s?</(?:\w+:)?sup>"
    r"|\\textsuperscript\{(?P<b>[-+−–]?\d{0,3}[-+−–]?)\}|\$\^\{?(?P<c>[-+−–]?\d{1,3}[-+−–]?)\}?\$",
    re.I,
)
_COMMANDS = {
    "times": "×", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "approx": "≈",
    "sim": "~", "cdot": "·", "mu": "μ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ",
    "kappa": "κ", "lambda": "λ", "sigma": "σ", "chi": "χ", "rho": "ρ", "circ": "°", "ldots": "…",
}  # fmt: skip
_SHAPES = (
    "textbf|textit|emph|texttt|textsc|textrm|textsf|text|underline|mathbf|mathrm|mathit|mbox"
    "|textsubscript"
)
_SHAPED = re.compile(
    rf"\\(?:{_SHAPES})\{{(?P<a>[^{{}}]{{0,300}})\}}"
    r"|\{\\(?:it|bf|em|sc|tt|rm|sl)\b\s?(?P<b>[^{}]{0,300})\}"
)
_COMMAND = re.compile(rf"\\(?P<name>{'|'.join(_COMMANDS)})(?![A-Za-z])\s?")
_ESCAPED = re.compile(r"\\(?:(?P<a>[%&$#_])|[,;!](?P<b>))")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_TAG = re.compile(rf"</?(?:\w+:)?(?:{_FORMATS})(?:\s[^<>]{{0,300}})?/?>", re.I)
# What a formula may hold to be read as plain text: 20%, p<0.05, 3.5×, n=12.
_MATHS = re.compile(r"\$(?P<a>[A-Za-zα-ω]?\s?[\d\s.,%×±≤≥<>=~≈·°+−–-]{1,60}|[A-Za-zα-ω×±≤≥])\$")
_HINT = re.compile(r"[<&\\$]")
_ONLY_FORM = re.compile(
    rf"\\(?:{_SHAPES}|it|bf|em|sc|tt|rm|sl|{'|'.join(_COMMANDS)})\*?\{{?|\\[(\[)\]]"
)


def _says_more(key: str) -> bool:
    """Whether a piece of LaTeX is more than formatting or a sign: a formula proper."""
    if _ONLY_FORM.fullmatch(key):
        return False
    plain = bare(key)
    return plain is None or "$" in plain.text or "\\" in plain.text


@cached
def bare(text: str) -> Bare | None:
    r"""The text as it is read: without tags and commands that only format it.

    ``<sup>2</sup>`` becomes ², entities and escaped signs their characters, ``$20\%$`` 20%.
    Formulas proper, placeholders and tags of structure stay. None where nothing changes.
    """
    if not _HINT.search(text):
        return None
    at = list(range(len(text)))
    now = Bare(text, tuple(at), tuple(i + 1 for i in at))
    for pattern in (_RAISED, _SHAPED, _ESCAPED, _COMMAND, _MATHS, _ENTITY, _TAG):
        now = _edited(now, pattern)
    return None if now.text == text else now


def _edited(now: Bare, pattern: re.Pattern[str]) -> Bare:
    """``now`` with each match replaced by what it says."""
    text, starts, ends = "", list[int](), list[int]()
    last = 0
    for m in pattern.finditer(now.text):
        said, origin = _said(m, pattern)
        text += now.text[last : m.start()] + said
        for kind, own in ((starts, now.starts), (ends, now.ends)):
            kind.extend(own[last : m.start()])
            if origin is not None:
                kind.extend(own[origin : origin + len(said)])
        if origin is None and said:
            starts.extend([now.starts[m.start()]] * len(said))
            ends.extend([now.ends[m.end() - 1]] * len(said))
        last = m.end()
    if not last:
        return now
    return Bare(text + now.text[last:], (*starts, *now.starts[last:]), (*ends, *now.ends[last:]))


def _said(m: re.Match[str], pattern: re.Pattern[str]) -> tuple[str, int | None]:
    """What stands for a match, and where in the text it stood; None for a new sign."""
    if pattern is _COMMAND:
        return _COMMANDS[m["name"]], None
    if pattern is _ENTITY:
        character = html.unescape(m[0])
        return (character, None) if len(character) == 1 else (m[0], m.start())
    if pattern is _TAG:
        return (" ", None) if re.match(r"</?(?:\w+:)?(?:p|br)\b", m[0], re.I) else ("", None)
    group = m.lastgroup or "a"
    said = m[group]
    return (said.translate(_SUPERSCRIPTS) if pattern is _RAISED else said), m.start(group)
