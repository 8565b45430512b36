"""What the rules for reversed opposites report, each for its kind of the table."""

from __future__ import annotations

from collections.abc import Iterator, Set

from mtcheck.languages.en_zh.reversals import reversals
from mtcheck.rules import Draft, finding
from mtcheck.types import Segment, Span

__all__ = ["told_reversed"]


def told_reversed(segment: Segment, kind: str, told: Set[int] = frozenset()) -> Iterator[Draft]:
    """A draft for each opposite of that ``kind`` that was turned round.

    ``told`` are the offsets of the hypothesis that are reported already.
    """
    for found in reversals(segment.source, segment.hypothesis):
        mine, theirs = found.source, found.hypothesis
        if found.kind == kind and told.isdisjoint(range(theirs.start, theirs.end)):
            yield finding(
                f"“{mine.text}” became “{theirs.text}”, its opposite",
                Span("source", mine.start, mine.end),
                Span("hypothesis", theirs.start, theirs.end),
                confidence=0.7,
            )
