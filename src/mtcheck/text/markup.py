"""Markup, placeholders, LaTeX and entities in a text."""

from __future__ import annotations

import functools
import html
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Kind", "Token", "changed", "tokens"]

Kind: TypeAlias = Literal["tag", "entity", "placeholder", "latex"]

_TOKEN = re.compile(
    r"(?P<tag></?[A-Za-z][\w:.-]{0,30}(?:\s[^<>]{0,300})?/?>)"
    r"|(?P<entity>&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
    r"|(?P<latex>\$\$?[^\s$][^$\n]{0,200}\$\$?|\\[A-Za-z]{2,30}\*?(?![A-Za-z])|\\[()\[\]])"
    r"|(?P<placeholder>\{\{\s?[\w.]{1,40}\s?\}\}|\$\{[\w.]{1,40}\}|%\([\w.]{1,40}\)[sdfr]"
    r"|\{[A-Za-z_][\w.]{0,40}\}|\{\d{1,2}\}|(?<![\d%\w])%[sd](?!\w))"
)
# Dollars are formulas only with something of a formula between them; $5 and $10 are money.
_FORMULA = re.compile(r"[\\^_={}]|^\$\$?[A-Za-z]\$\$?$")
_FORMATTING = frozenset(
    ("b", "i", "u", "em", "strong", "sub", "sup", "span", "italic", "bold", "sc", "p", "br")
)
_KINDS: dict[str, Kind] = {
    "tag": "tag",
    "entity": "entity",
    "latex": "latex",
    "placeholder": "placeholder",
}
_NAME = re.compile(r"</?\s?([\w:.-]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of markup at ``[start, end)``; equal ``key`` means the same piece."""

    start: int
    end: int
    kind: Kind
    key: str

    @property
    def vital(self) -> bool:
        """Whether the text is broken without it: formulas, placeholders, tags of structure."""
        if self.kind != "tag":
            return self.kind in ("latex", "placeholder")
        return self.key.strip("</>").rpartition(":")[2].lower() not in _FORMATTING


def _key(kind: str, text: str) -> str:
    if kind == "tag":
        name = _NAME.match(text)
        closing = "/" if text.startswith("</") else ""
        return f"<{closing}{name[1].lower() if name else ''}>"
    return "".join(text.split())


@functools.lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """The markup of a text, from left to right. ``P<0.05`` and ``$5`` are none."""
    if not any(c in text for c in "<&$\\{%"):
        return ()
    found = []
    for m in _TOKEN.finditer(text):
        kind = m.lastgroup or ""
        if kind == "latex" and m[0].startswith("$") and not _FORMULA.search(m[0]):
            continue
        found.append(Token(m.start(), m.end(), _KINDS[kind], _key(kind, m[0])))
    return tuple(found)


def _left(these: tuple[Token, ...], others: tuple[Token, ...]) -> list[Token]:
    """What ``these`` have more of than ``others``, the last ones first to go."""
    spare = Counter(t.key for t in others)
    left = []
    for token in these:
        if spare[token.key] > 0:
            spare[token.key] -= 1
        else:
            left.append(token)
    return left


@functools.lru_cache(maxsize=4096)
def changed(source: str, hypothesis: str) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Markup of the source that the hypothesis lacks, and markup that it has instead.

    An entity is not lost when the character it stands for is there (``&lt;`` became ``<``).
    """
    ours, theirs = tokens(source), tokens(hypothesis)
    if not ours and not theirs:
        return (), ()

    lost = (
        t
        for t in _left(ours, theirs)
        if t.kind != "entity" or html.unescape(t.key).strip() not in hypothesis
    )
    return tuple(lost), tuple(_left(theirs, ours))
