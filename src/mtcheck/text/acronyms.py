"""Acronyms and other code-like tokens, and the places where a text introduces them.

An acronym here is a token that a translation takes over letter by letter: ``RCT``, ``mRNA``,
``IL-6``, ``TNF-α``, ``HbA1c``, ``p53``, ``PM2.5``, ``CRISPR/Cas9`` (two of them). Offsets are
code points into the text given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mtcheck.text.parses import cached
from mtcheck.text.scripts import LATIN

__all__ = ["GREEK", "Acronym", "Introduction", "acronym_key", "acronyms", "introductions", "spells"]


@dataclass(frozen=True, slots=True)
class Acronym:
    """A code-like token: its text, half-open offsets, and ``key``, the form to compare by."""

    text: str
    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """``long form (SF)``: the acronym with its offsets, and the long form with its own."""

    short: Acronym
    long: str
    start: int
    end: int


_DASH = "-\u2010-\u2013\u2212\u30fb\u00b7"
_CORE = f"{LATIN}0-9\u0391-\u03c9\u2080-\u2089\u00b2\u00b3\u00b9\u2070-\u207b"
_TOKEN = re.compile(rf"[{_CORE}]+(?:[{_DASH}][{_CORE}]+)*(?:(?<=\d)\.\d+)?\+?")
# A digit or a Greek letter, or a capital inside a token: what an acronym can't do without.
_MAY_HOLD = re.compile(rf"[0-9\u0391-\u03c9]|(?<=[{_CORE}{_DASH}])[A-Z]")
_PLAIN_WORD = re.compile("[A-Za-z]?[a-z]*")  # most tokens
_UPPER_TWO = re.compile(r"[A-Z].*[A-Z]")
_QUANTITY = re.compile(
    r"[\d.\u00b2\u00b3]+(?:[-\u2010-\u2013][\d.]+)?"
    r"(?:[a-zA-Zμ\u00b5]{1,4}|[-\u2010-\u2013]?(?:[a-zμ\u00b5]{1,5}|months?|decades?))?"
)
_ROMAN = re.compile(r"[IVX]+(?:[-\u2010-\u2013][IVX]+)?[a-cA-C]?")
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi", "σ": "sigma",
    "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
"""Greek letters and their English names."""
_SPELLED = str.maketrans({form: name for c, name in GREEK.items() for form in (c, c.upper())})
_DROPPED = re.compile(rf"[{_DASH}\s_/.]")
_NUMBERED = re.compile(
    rf"[A-Za-z]{{1,6}}\d|[a-z]{{0,3}}[A-Z]{{1,4}}[{_DASH}]\d|\d[{_DASH}]?[A-Z]{{2,}}"
)


@cached
def acronym_key(text: str) -> str:
    """The form in which spelling variants are equal; letter case is kept.

    Dashes, spaces, dots and slashes go, Greek letters are spelled, sub- and superscripts and
    full-width forms become plain, a plural ``s`` after a capital goes:
    ``TNF-α`` = ``TNFα`` = ``TNF alpha``; ``RCTs`` = ``RCT``; ``CO₂`` = ``CO2``.
    """
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = plain.translate(_SPELLED)
    plain = _DROPPED.sub("", plain)
    if len(plain) > 2 and plain[-1] == "s" and plain[-2].isupper():
        plain = plain[:-1]
    return plain


def _is_acronym(token: str) -> bool:
    if len(token) < 2 or _QUANTITY.fullmatch(token) or _ROMAN.fullmatch(token):
        return False
    if _UPPER_TWO.search(token):
        # `Anglo-Saxon`, `Meta-Analysis`: hyphenated words in title case.
        return any(_code_part(p) for p in re.split(rf"[{_DASH}]", token))
    return (
        _NUMBERED.match(token) is not None
        or token in _MIXED
        or _GREEK_TAIL.search(token) is not None
    )


_MIXED = frozenset({"pH", "mRNA", "tRNA", "eGFR", "kDa", "dB"})
_GREEK_TAIL = re.compile(r"^[A-Z].*[\u0391-\u03c9]$")


def _code_part(part: str) -> bool:
    """More than one capital, or a digit beside a letter: no word in title case."""
    capitals = sum(c.isupper() for c in part)
    return capitals > 1 or (any(c.isdigit() for c in part) and any(c.isalpha() for c in part))


@cached
def acronyms(text: str) -> tuple[Acronym, ...]:
    """The acronym- and code-like tokens of ``text``, in order.

    Quantities with their units (``10mg``, ``2-year``) and Roman numerals are none.
    """
    if not _MAY_HOLD.search(text):
        return ()
    found: list[Acronym] = []
    end = 0
    for token in _TOKEN.findall(text):
        start = text.index(token, end)
        end = start + len(token)
        if not _PLAIN_WORD.fullmatch(token) and _is_acronym(token):
            found.append(Acronym(token, start, end, acronym_key(token)))
    return tuple(found)


_SHORT_IN_BRACKETS = re.compile(
    r"[(（\[]\s?([A-Za-z][A-Za-z0-9\u03b1-\u03c9/-]{1,11})s?\s?[)）\];；,，]"
)
_LONG_WORD = re.compile(rf"[{LATIN}0-9][{LATIN}0-9'’]*")


def spells(short: str, words: tuple[str, ...]) -> bool:
    """Whether the letters of ``short`` can be read, in order, off the ``words``.

    Schwartz and Hearst (2003): every letter of the acronym occurs in order, and its first
    letter begins the first word. Digits, hyphens and Greek letters are skipped.
    """
    letters = [c for c in short.lower() if c.isascii() and c.isalpha()]
    if not letters or not words or words[0][:1].lower() != letters[0]:
        return False
    text = " ".join(words).lower()
    at = -1
    for letter in letters:
        at = text.find(letter, at + 1)
        if at < 0:
            return False
    return True


@cached
def introductions(text: str) -> tuple[Introduction, ...]:
    """Acronyms introduced as ``long form (SF)`` in an English text.

    The long form is the shortest stretch of words before the bracket that spells the acronym,
    no more than its letters plus five words.
    """
    found: list[Introduction] = []
    for m in _SHORT_IN_BRACKETS.finditer(text):
        short = m.group(1)
        if sum(c.isupper() for c in short) < 2:
            continue
        before = text[max(0, m.start() - 200) : m.start()]
        offset = max(0, m.start() - 200)
        words = [(w.group(), w.start() + offset) for w in _LONG_WORD.finditer(before)]
        limit = min(len(words), len(short) + 5)
        for n in range(1, limit + 1):
            chosen = words[-n:]
            if spells(short, tuple(w for w, _ in chosen)):
                start = chosen[0][1]
                long = text[start : m.start()].rstrip()
                token = Acronym(short, m.start(1), m.end(1), acronym_key(short))
                found.append(Introduction(token, long, start, start + len(long)))
                break
    return tuple(found)
