"""Cut a sentence into clauses, the pieces between commas and before some conjunctions."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable

from mtcheck.text.numbers import Language

__all__ = ["chinese_clauses", "clauses", "english_clauses"]

Place = tuple[int, int]
"""Half-open, in code points of the sentence."""

_ENGLISH = re.compile(
    r"[,;:](?=\s)|\s?[—–](?=\s)|\s--\s"
    r"|\s(?=(?:but|while|whereas|although|because|unless|which|whose|particularly|especially)\s)"
)
_CHINESE = re.compile(r"[，；：]|[,;:](?!\d)|——|—")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’.-]*")
_LETTER = re.compile(r"[㐀-鿿A-Za-z0-9]")
_OUTER = " \t\n\r,;:，；：。.!?！？—–-"
_FEWEST_WORDS, _FEWEST_LETTERS = 4, 6
_LAST_ITEM = re.compile(r"\s(?:and|or)\s")
_ITEM_WORDS = 5


@functools.lru_cache(maxsize=4096)
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


@functools.lru_cache(maxsize=4096)
def chinese_clauses(text: str) -> tuple[Place, ...]:
    """The clauses of a Chinese sentence, each of six letters, digits or Han characters or more."""
    cuts = [m.end() for m in _CHINESE.finditer(text)]
    return _clauses(text, cuts, _LETTER, _FEWEST_LETTERS)


def clauses(text: str, language: Language) -> tuple[Place, ...]:
    """The clauses of a sentence in either language."""
    return english_clauses(text) if language == "en" else chinese_clauses(text)


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
