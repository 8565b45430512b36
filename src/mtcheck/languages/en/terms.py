"""English terms: tokens in a form that forgives case, plurals and British spelling; longest match.

Offsets are code points into the text given.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mtcheck.languages.tables import rows, words
from mtcheck.text.parses import cached

__all__ = ["TermIndex", "TermMatch", "Word", "english_words", "singular", "term_key"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its text, half-open offsets, and ``key``, the form to compare by."""

    text: str
    start: int
    end: int
    key: str


_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u03ff0-9]+(?:['’][A-Za-z]+)?")


_NO_PLURAL = words("en", "words.tsv")["no plural"]
_IRREGULAR = {row[0]: row[1] for row in rows("en", "plurals.tsv")}


def singular(word: str) -> str:
    """The singular of a lower-case English noun, by rule; other words mostly come back as given.

    Meant for comparing two texts, so a wrong guess does no harm as long as it is always the
    same one.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word in _NO_PLURAL:
        return word
    if word.endswith(("ss", "us", "is", "ous")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes", "oes")):
        return word[:-2]
    return word[:-1]


# British to American, roughly: both texts go through the same, so only clashes would matter.
_SPELLINGS = (
    (re.compile(r"([iy])s(?=e[drs]?$|ing$|ations?$)"), r"\1z"),
    (re.compile(r"(?<=[a-z]{2})our"), "or"),
    (re.compile(r"ae(?=[dm])|oe(?=d|st|so)"), "e"),
    (re.compile(r"(?<=[a-z]{2})([bt])re$"), r"\1er"),
    (re.compile(r"ogue$"), "og"),
)


@cached
def _key(word: str) -> str:
    if len(word) > 1 and word.isupper():
        return word  # `AIDS` is not `aids`
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
        return word[:-1]
    base = re.sub(r"['’]s?$", "", word.lower())
    base = singular(base)
    for pattern, new in _SPELLINGS:
        base = pattern.sub(new, base)
    return base


@cached
def english_words(text: str) -> tuple[Word, ...]:
    """The words of an English text; a hyphen parts words, so ``fine-tuning`` is two."""
    return tuple(Word(m.group(), m.start(), m.end(), _key(m.group())) for m in _WORD.finditer(text))


def term_key(term: str) -> tuple[str, ...]:
    """The keys of a term's words: equal for ``Odds ratios`` and ``odds ratio``."""
    return tuple(t.key for t in english_words(term))


@dataclass(frozen=True, slots=True)
class TermMatch(Generic[T]):
    """A term found in a text: what was filed under it, and half-open offsets."""

    value: T
    start: int
    end: int


class TermIndex(Generic[T]):
    """Finds many terms in a text at once, the longest at each place, without overlaps."""

    def __init__(self, terms: Mapping[tuple[str, ...], T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for key, value in terms.items():
            if key:
                self._by_first.setdefault(key[0], []).append((key, value))
        for listed in self._by_first.values():
            listed.sort(key=lambda item: -len(item[0]))

    def find(self, text: str) -> list[TermMatch[T]]:
        """Matches in order. Words of a term stand beside each other, hyphen or space between."""
        words = english_words(text)
        found: list[TermMatch[T]] = []
        i = 0
        while i < len(words):
            n, match = self._at(text, words, i)
            if match is not None:
                found.append(match)
            i += n
        return found

    def _at(self, text: str, words: Sequence[Word], i: int) -> tuple[int, TermMatch[T] | None]:
        for key, value in self._by_first.get(words[i].key, ()):
            run = words[i : i + len(key)]
            if len(run) == len(key) and all(w.key == k for w, k in zip(run, key, strict=True)):
                gaps = (text[a.end : b.start] for a, b in itertools.pairwise(run))
                if all(len(g) <= 2 and not g.strip(" -\u2010\u2011\u2013\u00a0") for g in gaps):
                    return len(key), TermMatch(value, run[0].start, run[-1].end)
        return 1, None
