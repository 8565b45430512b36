"""Words that a translation turned into their opposite: often and 很少, at least and 最多.

A scale counts on both sides. It is turned where the hypothesis has fewer words that may render
those of the source, and more of the opposite than anything in the source explains. So it needs
no pairing of words, and stays silent where both ends of a scale occur.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mtcheck.languages.tables import rows

__all__ = ["Scale", "Turned", "turned", "turned_degrees"]


@dataclass(frozen=True, slots=True)
class Scale:
    """One end of a scale: English words, Chinese ones for them, and Chinese opposites.

    Each opposite has with it the English that it may render.
    """

    english: re.Pattern[str]
    chinese: re.Pattern[str]
    opposites: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """A word turned round: its place in the source and in the hypothesis, in code points."""

    source: tuple[int, int]
    hypothesis: tuple[int, int]


def turned(scales: Iterable[Scale], source: str, hypothesis: str) -> Iterator[Turned]:
    """The scales of which the hypothesis says the opposite end."""
    for scale in scales:
        # most sentences have no opposite, and Chinese is the quicker to search
        if not any(opposite.search(hypothesis) for opposite, _ in scale.opposites):
            continue
        said = list(scale.english.finditer(source))
        if not said:
            continue
        rest = scale.english.sub(" ; ", source)
        for opposite, explained in scale.opposites:
            against = list(opposite.finditer(hypothesis))
            if len(against) <= len(explained.findall(rest)):
                continue
            # the 少 of 很少 and the 必 of 不必 render nothing
            kept = scale.chinese.findall(opposite.sub("；", hypothesis))
            if len(kept) < len(said):
                yield Turned(said[0].span(), against[0].span())
                break


@functools.cache
def _degrees() -> tuple[Scale, ...]:
    return tuple(
        Scale(
            re.compile(rf"\b(?:{english})\b", re.I),
            re.compile(chinese),
            ((re.compile(opposite), re.compile(rf"\b(?:{explained})\b", re.I)),),
        )
        for _, english, chinese, opposite, explained in rows("en_zh", "scales.tsv")
    )


def turned_degrees(source: str, hypothesis: str) -> Iterator[Turned]:
    """Words of how often, how many and how surely that were turned round."""
    return turned(_degrees(), source, hypothesis)
