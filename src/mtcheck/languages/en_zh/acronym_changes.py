"""Acronyms and codes of a source that a translation writes otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mtcheck.languages.en.lexicon import UNITS
from mtcheck.languages.en.numbers import roman
from mtcheck.text.acronyms import GREEK, Acronym, acronym_key, acronyms
from mtcheck.text.distance import within_one_edit
from mtcheck.text.formulas import is_formula
from mtcheck.text.parses import cached
from mtcheck.text.scripts import LatinWord, latin_words, shouted
from mtcheck.text.verbatim import verbatim
from mtcheck.text.zones import Zones

__all__ = ["AcronymChange", "acronym_changes"]

_CODE = re.compile(r"[A-Z].*[A-Z0-9]|\d")
# No sentence loses more; a bound for input that is no text.
_MAX_MISSING = 50
# Shorter ones are one letter apart from too many others.
_MIN_ALTERED = 3
# Letters before a number that is a value: pH 7.4, n20, R2 = 0.85, P25, Fig2, day2.
_NO_STEM = frozenset(
    ("ph", "n", "r", "i", "x", "f", "z", "fig", "figs", "no", "nos", "table", "vol")
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\u30fb\u00b7", "-"))
# Written either way by careful authors.
_EITHER_CASE = frozenset({"COVID", "COVID19", "MAX", "AKA", "LASER", "RADAR"})


@dataclass(frozen=True, slots=True)
class AcronymChange:
    """An acronym of the source, what it became, and where that stands in the hypothesis.

    ``recased``: only the letter case differs. ``places`` are half-open.
    """

    original: Acronym
    became: str
    recased: bool
    places: tuple[tuple[int, int], ...]


@cached
def acronym_changes(source: str, hypothesis: str) -> tuple[AcronymChange, ...]:
    """Tokens of the hypothesis that are an acronym of the source but for case, letter or number.

    Formulas and units are left out, and a source set in capitals has no acronyms.
    """
    wanted = [a for a in acronyms(source) if a.text.lower() not in UNITS and not is_formula(a.text)]
    if not wanted or not hypothesis or shouted(source):
        return ()
    have = acronym_key(hypothesis)
    missing = [a for a in wanted if not _stands(a.key, have, hypothesis)][:_MAX_MISSING]
    if not missing:
        return ()
    source_words = {w.text for w in latin_words(source)}
    zones = Zones(verbatim(hypothesis))
    source_key = acronym_key(source)
    changed: dict[tuple[Acronym, str], list[tuple[int, int]]] = {}
    for word in _strangers(source, hypothesis, source_words, source_key):
        if zones.touch(word.start, word.end):
            continue
        original = _recased(word, missing) or _altered(word, missing) or _renumbered(word, missing)
        if original is not None:
            changed.setdefault((original, word.text), []).append((word.start, word.end))
    if not changed and (replaced := _replaced(source, hypothesis, missing, zones)):
        changed[replaced[0], replaced[1].text] = [(replaced[1].start, replaced[1].end)]
    return tuple(
        AcronymChange(
            original, text, acronym_key(text).lower() == original.key.lower(), tuple(places)
        )
        for (original, text), places in changed.items()
    )


def _stands(key: str, squeezed: str, text: str) -> bool:
    """Whether a token stands in ``text``, ``squeezed`` its key: the IL1 of IL12 does not."""
    at = squeezed.find(key)
    if at < 0 or not key[-1].isdigit() or not squeezed[at + len(key) :][:1].isdigit():
        return at >= 0
    return (
        any(key == a.key for a in acronyms(text))
        or re.search(rf"{re.escape(key)}(?!\d)", squeezed) is not None
    )


def _strangers(source: str, hypothesis: str, known: set[str], source_key: str) -> Iterator[Acronym]:
    """Latin tokens of the hypothesis that the source does not have, whatever the spelling."""
    codes = acronyms(hypothesis)
    ends = {a.start: a.end for a in codes}  # the PM2 of PM2.5 is no token of its own
    words = (_token(w) for w in latin_words(hypothesis) if w.end > ends.get(w.start, 0))
    for token in (*codes, *words):
        if token.text in known or len(token.key) < 2:
            continue
        if not _stands(token.key, source_key, source):
            yield token


def _token(word: LatinWord) -> Acronym:
    return Acronym(word.text, word.start, word.end, acronym_key(word.text))


def _recased(token: Acronym, missing: list[Acronym]) -> Acronym | None:
    """The acronym that ``token`` is but for letter case. One set in capitals throughout is fine."""
    for other in missing:
        if token.key.lower() != other.key.lower() or other.key in _EITHER_CASE:
            continue
        lowered = any(
            a.isupper() and b.islower() for a, b in zip(other.key, token.key, strict=True)
        )
        if lowered or other.key[0].islower():
            return other
    return None


def _altered(token: Acronym, missing: list[Acronym]) -> Acronym | None:
    """The acronym from which ``token`` differs in one letter or digit."""
    if not _CODE.search(token.text):
        return None
    for other in missing:
        a, b = token.key.lower(), other.key.lower()
        if len(b) >= _MIN_ALTERED and a != b and within_one_edit(a, b):
            return other
    return None


# A stem of letters, then the number or Greek letter that tells the members of a family apart.
_MEMBER = re.compile(r"(?P<stem>(?:\d-?)?[A-Za-z]+?)-?(?P<number>\d[0-9A-Za-z.+/-]*|[α-ω])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[α-ω]")
_TAIL = re.compile(r"-[a-z]{3,}$")  # T1-weighted
_ROMAN_TAIL = re.compile(r"-([IVX]{1,4})$")  # DSM-IV
_LETTERS = {name: letter for letter, name in GREEK.items()}
_SPELLED = re.compile(rf"-?\b({'|'.join(_LETTERS)})\b", re.IGNORECASE)


def _renumbered(token: Acronym, missing: list[Acronym]) -> Acronym | None:
    """The acronym of the same family whose number ``token`` changed: IL-10 and IL-6, PM10, PM2.5.

    A stem of one letter (B12, H3K27me3) asks for the same shape on both sides.
    """
    mine = _MEMBER.fullmatch(_folded(token.text))
    if mine is None or mine["stem"].lower() in _NO_STEM or mine["stem"] in UNITS:
        return None
    for other in missing:
        theirs = _MEMBER.fullmatch(_folded(other.text))
        if theirs is None or theirs["stem"].lower() != mine["stem"].lower():
            continue
        if len(mine["stem"]) == 1 and _shape(mine["number"]) != _shape(theirs["number"]):
            continue
        if _NUMBER.findall(mine["number"]) != _NUMBER.findall(theirs["number"]):
            return other
    return None


def _folded(text: str) -> str:
    """Scripts and Roman numbers as plain digits, spelled Greek as a letter, no word behind."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    plain = _SPELLED.sub(lambda m: _LETTERS[m[1].lower()], plain)
    return _ROMAN_TAIL.sub(lambda m: f"-{roman(m[1])}", _TAIL.sub("", plain))


def _shape(number: str) -> str:
    return _NUMBER.sub("#", number).lower()


_NAME = re.compile(r"[A-Z0-9][A-Z0-9-]{2,7}")
_ENGLISH = re.compile(r"[a-z0-9]+")


def _replaced(
    source: str, hypothesis: str, missing: list[Acronym], zones: Zones
) -> tuple[Acronym, Acronym] | None:
    """The only name in capitals that the source has alone, and the only one of the hypothesis.

    One that may abbreviate words of the source (PCR) takes no other's place.
    """
    lost = [a for a in missing if _NAME.fullmatch(a.text)]
    if len({a.key for a in lost}) != 1:
        return None
    lowered = source.lower()
    source_key = acronym_key(source).lower()
    initials = "".join(w[0] for w in _ENGLISH.findall(lowered))
    strange = [
        a
        for a in acronyms(hypothesis)
        if _NAME.fullmatch(a.text)
        and a.key.lower() not in source_key
        and a.key.lower() not in initials
        and sum(c.isalpha() for c in a.key) > 1
        and not zones.touch(a.start, a.end)
    ]
    return (lost[0], strange[0]) if len({a.key for a in strange}) == 1 else None
