"""Text that repeats itself, as a decoder does that is caught in a loop."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from mtcheck.text.parses import cached
from mtcheck.text.scripts import HAN, LATIN
from mtcheck.text.zones import Zones

__all__ = ["Loop", "loops"]


@dataclass(frozen=True, slots=True)
class Loop:
    """A repeated unit: half-open offsets of all repeats after the first, and how often."""

    unit: str
    start: int
    end: int
    times: int


# Three times in a row; the shortest unit counts. One regex, no nested quantifiers.
_LOOP = re.compile(r"(\S.{1,30}?)\1{2,}", re.DOTALL)
_LETTERS = re.compile(f"[{HAN}{LATIN}]")
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
_MIN_CLAUSE = 8
_MIN_REPEATS = 3
_MAX_UNIT = 31


@cached
def loops(text: str) -> tuple[Loop, ...]:
    """Units of 2 to 31 characters three times in a row, and clauses of 8 or more given twice.

    Units without letters (rows of dots, digits) and of one character over and over are none.
    """
    if len(text) < 2 * _MIN_REPEATS:
        return ()
    # A loop repeats character pairs; most sentences repeat next to none.
    doubled = len(text) - 1 - len(set(itertools.pairwise(text)))
    if doubled < _MIN_REPEATS:
        return ()
    found: list[Loop] = []
    if _may_loop(text):
        for m in _LOOP.finditer(text):
            unit = m.group(1)
            if len(set(unit)) > 1 and _LETTERS.search(unit):
                times = (m.end() - m.start()) // len(unit)
                found.append(Loop(unit, m.start() + len(unit), m.end(), times))
    if doubled < _MIN_CLAUSE - 1:
        return tuple(found)
    seen: set[str] = set()
    looped = Zones((loop.start - len(loop.unit), loop.end) for loop in found)
    for m in _CLAUSE.finditer(text):
        clause = m.group().strip()
        if len(clause) < _MIN_CLAUSE or not _LETTERS.search(clause):
            continue
        if clause in seen and not looped.touch(m.start(), m.end()):
            start = m.start() + len(m.group()) - len(m.group().lstrip())
            found.append(Loop(clause, start, start + len(clause), 2))
        seen.add(clause)
    return tuple(sorted(found, key=lambda loop: loop.start))


def _may_loop(text: str) -> bool:
    """Whether some unit of up to 31 characters stands three times in a row.

    A quick look that spares most sentences the regular expression: only where a pair of
    characters comes again are the three copies compared.
    """
    places: dict[tuple[str, str], list[int]] = {}
    for i, pair in enumerate(itertools.pairwise(text)):
        before = places.setdefault(pair, [])
        for at in reversed(before):
            gap = i - at
            if gap > _MAX_UNIT:
                break
            if gap <= at and text[at - gap : at] == text[at:i] == text[i : i + gap]:
                return True
        before.append(i)
    return False
