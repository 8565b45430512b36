"""Sets of half-open intervals in a text, merged so that looking one up is fast."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

__all__ = ["Zones"]


class Zones:
    """Intervals ``[start, end)``, overlapping ones merged. Lookups take logarithmic time."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, intervals: Iterable[tuple[int, int]]) -> None:
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted(intervals):
            if ends and start < ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        self._starts = starts
        self._ends = ends

    def cover(self, start: int, end: int) -> bool:
        """Whether one merged interval holds all of ``[start, end)``."""
        i = bisect_right(self._starts, start) - 1
        return i >= 0 and end <= self._ends[i]

    def touch(self, start: int, end: int) -> bool:
        """Whether some interval overlaps ``[start, end)``, which is not empty."""
        i = bisect_right(self._starts, end - 1) - 1
        return i >= 0 and start < self._ends[i]
