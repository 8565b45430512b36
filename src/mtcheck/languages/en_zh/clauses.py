"""Cut a sentence into clauses, the pieces between commas and before some conjunctions.

Also into stretches, which may be phrases: what a translation dropped need not be a clause.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mtcheck.languages.en_zh.extent import extent
from mtcheck.languages.en_zh.numbers import LanguageCode
from mtcheck.text.parses import cached
from mtcheck.types import Place

__all__ = ["Stretch", "chinese_clauses", "clauses", "english_clauses", "stretches"]

_ENGLISH = re.compile(
    r"[,;:](?=\s)|\s?[—–](?=\s)|\s--\s"
    r"|\s(?=(?:but|while|whereas|although|because|unless|which|whose|particularly|especially)\s)"
)
_CHINESE = re.compile(r"[，；：]|[,;:](?!\d)|——|—")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’.-]*")
_LETTER = re.compile(r"[㐀-鿿A-Za-z0-9]")
_OUTER = " \t\n\r,;:，；：。.!?！？—–-"
_FEWEST_WORDS, _FEWEST_LETTERS = 4, 6
_ENGLISH_PHRASE = re.compile(
    r"\s(?=\()|\)(?=\s)"
    r"|\s(?=(?:and|or|that|who|when|where|if|after|before|as|with|by|for|from|during|though|since"
    r"|until|without|within|among|between|through|under|over|including|such|than|to|in|on|at|into"
    r"|despite|due|using|according|against|across|about)\s)",
    re.IGNORECASE,
)
_CHINESE_PHRASE = re.compile(
    r"、|(?=[（(])|(?<=[）)])"
    r"|(?=以及|并且|而且|但是|其中|从而|因此|由于|如果|当|在|与|和|或|并|而|但)"
)
# Of a sentence in more phrases than the first, only whole clauses are joined to stretches; one
# in more clauses than the second is a list.
_MOST_PHRASES, _MOST_CLAUSES = 16, 40
_LAST_ITEM = re.compile(r"\s(?:and|or)\s")
_ITEM_WORDS = 5


@cached
def english_clauses(text: str) -> tuple[Place, ...]:
    """The clauses of an English sentence, each of four words or more.

    Shorter pieces stay with the one after them (the last with the one before). Outer space and
    punctuation are left out; an enumeration is not cut; a text without a word gives ``()``.
    """
    cuts = [m.end() for m in _ENGLISH.finditer(text)]
    listed: set[int] = set()
    for before, after in itertools.pairwise(cuts):
        # "bedsores, pneumonia, or thrombosis" is one clause, like "staff, nurses, and others".
        last = _LAST_ITEM.match(text, after)
        if last and len(_WORD.findall(text, before, after)) <= _ITEM_WORDS:
            listed |= {before, after}
    return _clauses(text, [c for c in cuts if c not in listed], _WORD, _FEWEST_WORDS)


@cached
def chinese_clauses(text: str) -> tuple[Place, ...]:
    """The clauses of a Chinese sentence, each of six letters, digits or Han characters or more."""
    cuts = [m.end() for m in _CHINESE.finditer(text)]
    return _clauses(text, cuts, _LETTER, _FEWEST_LETTERS)


def clauses(text: str, language: LanguageCode) -> tuple[Place, ...]:
    """The clauses of a sentence in either language."""
    return english_clauses(text) if language == "en" else chinese_clauses(text)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a sentence: half-open, in code points, without outer space and punctuation."""

    start: int
    end: int
    extent: float
    """In Chinese characters; see :mod:`mtcheck.languages.en_zh.extent`."""
    bounds: int
    """How many of its two ends are ends of clauses."""


@cached
def stretches(text: str, language: LanguageCode, least: float, most: float) -> tuple[Stretch, ...]:
    """The runs of phrases of a sentence whose extent lies between two.

    The whole sentence is none of them.
    """
    outer, inner = (_ENGLISH, _ENGLISH_PHRASE) if language == "en" else (_CHINESE, _CHINESE_PHRASE)
    clause = {0, len(text), *(_past_space(text, m.end()) for m in outer.finditer(text))}
    cuts = sorted(clause.union(_past_space(text, m.end()) for m in inner.finditer(text)))
    if len(cuts) > _MOST_PHRASES + 1:
        cuts = sorted(clause)
    if len(cuts) > _MOST_CLAUSES + 1:
        return ()
    sizes = [extent(text[a:b], language) - 1.0 for a, b in itertools.pairwise(cuts)]
    found = []
    for first in range(len(sizes)):
        size = 0.0
        for last in range(first, len(sizes)):
            size += sizes[last]
            if size > most or last - first == len(sizes) - 1:
                break
            if size >= least:
                bounds = (cuts[first] in clause) + (cuts[last + 1] in clause)
                found.append(Stretch(*_trimmed(text, cuts[first], cuts[last + 1]), size, bounds))
    return tuple(s for s in found if s.end > s.start)


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _clauses(
    text: str, cuts: Iterable[int], unit: re.Pattern[str], fewest: int
) -> tuple[Place, ...]:
    pieces: list[Place] = []
    start = 0
    for cut in (*cuts, len(text)):
        if len(unit.findall(text, start, cut)) >= fewest:
            pieces.append((start, cut))
            start = cut
    if start < len(text) and pieces:
        pieces[-1] = (pieces[-1][0], len(text))
    elif not pieces and unit.search(text):
        pieces = [(0, len(text))]
    return tuple(_trimmed(text, *piece) for piece in pieces)


def _trimmed(text: str, start: int, end: int) -> Place:
    body = text[start:end]
    return (
        start + len(body) - len(body.lstrip(_OUTER)),
        end - (len(body) - len(body.rstrip(_OUTER))),
    )
