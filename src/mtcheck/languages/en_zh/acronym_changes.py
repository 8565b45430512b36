"""Acronyms and codes of a source that a translation writes otherwise."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mtcheck.languages.en.lexicon import UNITS
from mtcheck.text.acronyms import Acronym, acronym_key, acronyms
from mtcheck.text.distance import within_one_edit
from mtcheck.text.formulas import is_formula
from mtcheck.text.scripts import LatinWord, latin_words
from mtcheck.text.verbatim import verbatim
from mtcheck.text.zones import Zones

__all__ = ["AcronymChange", "acronym_changes"]

_CODE = re.compile(r"[A-Z].*[A-Z0-9]|\d")
_SHOUTED = 0.6
# No sentence loses more; a bound for input that is no text.
_MAX_MISSING = 50
# Shorter ones are one letter apart from too many others.
_MIN_ALTERED = 3
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


@functools.lru_cache(maxsize=1024)
def acronym_changes(source: str, hypothesis: str) -> tuple[AcronymChange, ...]:
    """Tokens of the hypothesis that are an acronym of the source but for case or one character.

    Formulas and units are left out, and a source set in capitals has no acronyms.
    """
    wanted = [a for a in acronyms(source) if a.text.lower() not in UNITS and not is_formula(a.text)]
    if not wanted or not hypothesis or _shouts(source):
        return ()
    have = acronym_key(hypothesis)
    missing = [a for a in wanted if a.key not in have][:_MAX_MISSING]
    if not missing:
        return ()
    source_words = {w.text for w in latin_words(source)}
    zones = Zones(verbatim(hypothesis))
    source_key = acronym_key(source)
    changed: dict[tuple[Acronym, str], list[tuple[int, int]]] = {}
    for word in _strangers(hypothesis, source_words, source_key):
        if zones.touch(word.start, word.end):
            continue
        original = _recased(word, missing) or _altered(word, missing)
        if original is not None:
            changed.setdefault((original, word.text), []).append((word.start, word.end))
    return tuple(
        AcronymChange(
            original, text, acronym_key(text).lower() == original.key.lower(), tuple(places)
        )
        for (original, text), places in changed.items()
    )


def _shouts(source: str) -> bool:
    """Whether the source is set in capitals: then capitals make no acronym."""
    letters = [c for c in source if c.isalpha()]
    return sum(c.isupper() for c in letters) > _SHOUTED * len(letters)


def _strangers(hypothesis: str, known: set[str], source_key: str) -> Iterator[Acronym]:
    """Latin tokens of the hypothesis that the source does not have, whatever the spelling."""
    seen: set[tuple[int, int]] = set()
    for token in (*acronyms(hypothesis), *(_token(w) for w in latin_words(hypothesis))):
        if token.text in known or len(token.key) < 2 or (token.start, token.end) in seen:
            continue
        seen.add((token.start, token.end))
        if token.key not in source_key:
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
