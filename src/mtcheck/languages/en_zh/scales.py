"""Words that a translation turned into their opposite: often and 很少, at least and 最多.

A scale counts on both sides. It is turned where the hypothesis has fewer words that may render
those of the source, and more of the opposite than anything in the source explains, all counted
about the same place of the sentence. So it needs no pairing of words, and stays silent where
both ends of a scale occur side by side.
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

    Each opposite has with it the English that it may render; ``opposed`` finds any of them.
    """

    english: re.Pattern[str]
    chinese: re.Pattern[str]
    opposites: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    opposed: re.Pattern[str]

    @classmethod
    def of(
        cls,
        english: re.Pattern[str],
        chinese: re.Pattern[str],
        opposites: Iterable[tuple[str, re.Pattern[str]]],
    ) -> Scale:
        """A scale of opposites whose Chinese is not compiled yet."""
        made = tuple((re.compile(zh), en) for zh, en in opposites)
        return cls(english, chinese, made, re.compile("|".join(zh.pattern for zh, _ in made)))


@dataclass(frozen=True, slots=True)
class Turned:
    """A word turned round: its place in the source and in the hypothesis, in code points."""

    source: tuple[int, int]
    hypothesis: tuple[int, int]


def turned(
    scales: Iterable[Scale], source: str, hypothesis: str, reach: float = 1.0
) -> Iterator[Turned]:
    """The scales of which the hypothesis says the opposite end.

    Words more than ``reach`` apart, as a share of the text, do not render each other.
    """
    size, length = max(len(source), 1), max(len(hypothesis), 1)
    for scale in scales:
        # most sentences have no opposite, and Chinese is the quicker to search
        if not scale.opposed.search(hypothesis):
            continue
        said = [m.span() for m in scale.english.finditer(source) if not _denied(source, m)]
        if not said:
            continue
        rest = scale.english.sub(lambda m: ";" * len(m[0]), source)
        for opposite, explained in scale.opposites:
            against = _places(opposite, hypothesis)
            reasons = _places(explained, rest)
            # the 少 of 很少 and the 必 of 不必 render nothing
            bare = opposite.sub(lambda m: "；" * len(m[0]), hypothesis)
            kept = _places(scale.chinese, bare)
            found = next(
                (
                    Turned(a, b)
                    for b in against
                    for a in said
                    if abs(a[0] / size - b[0] / length) <= reach
                    and _near(b, length, against, length, reach)
                    > _near(b, length, reasons, size, reach)
                    and _near(a, size, said, size, reach) > _near(a, size, kept, length, reach)
                ),
                None,
            )
            if found is not None:
                yield found
                break


_DENIED = re.compile(
    r"(?:\b(?:no|not|never|without|cannot|less|least|hardly|rarely|seldom)|n['’]t)\s(?:\w+\s)?$",
    re.I,
)


_OF_NOTHING = re.compile(r"\s(?:no|nothing|none|neither|little|few)\b", re.I)


def _denied(text: str, m: re.Match[str]) -> bool:
    """Whether ``no need to``, ``don't often`` or ``requires no``: the other end, if anything."""
    before = _DENIED.search(text, max(0, m.start() - 24), m.start())
    return (before or _OF_NOTHING.match(text, m.end())) is not None


_Place = tuple[int, int]


def _places(pattern: re.Pattern[str], text: str) -> list[_Place]:
    return [m.span() for m in pattern.finditer(text)]


def _near(place: _Place, size: int, others: Iterable[_Place], length: int, reach: float) -> int:
    """How many of the others, in a text of ``length``, are within reach of a place in ``size``."""
    at = place[0] / size
    return sum(abs(other[0] / length - at) <= reach for other in others)


@functools.cache
def _degrees() -> tuple[Scale, ...]:
    return tuple(
        Scale.of(
            re.compile(rf"\b(?:{english})\b", re.I),
            re.compile(chinese),
            [(opposite, re.compile(rf"\b(?:{explained})\b", re.I))],
        )
        for _, english, chinese, opposite, explained in rows("en_zh", "scales.tsv")
    )


def turned_degrees(source: str, hypothesis: str) -> Iterator[Turned]:
    """Words of how often, how many and how surely that were turned round."""
    return turned(_degrees(), source, hypothesis, max(_REACH, _NEAR / max(len(source), 1)))


_REACH, _NEAR = 0.3, 80
"""How far apart two such words may stand: as a share of the text, or in characters of the source
if that is more."""
