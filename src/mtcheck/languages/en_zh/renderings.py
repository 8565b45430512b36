"""Which of its known Chinese renderings an English term has in a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtcheck.languages.en_zh.glossary import load_glossary
from mtcheck.languages.en_zh.variants import variant_index

__all__ = ["Rendering", "renderings"]


@dataclass(frozen=True, slots=True)
class Rendering:
    """A term at ``[start, end)`` of the source, the way it is rendered, and where.

    ``ways`` are all renderings of the term that are known.
    """

    term: str
    start: int
    end: int
    way: str
    places: tuple[tuple[int, int], ...]
    ways: tuple[str, ...]


def renderings(source: str, hypothesis: str, glossary: str = "") -> list[Rendering]:
    """The terms of a segment that have exactly one of their known renderings.

    Known are the variants of :mod:`mtcheck.languages.en_zh.variants` and the glossary file's
    terms, which come first. Raises DataError for an unreadable glossary.
    """
    if not hypothesis:
        return []
    known = {m.value[0]: (m.value[1], m.start, m.end) for m in variant_index().find(source)}
    # the user's glossary knows better which ways there are
    known |= {
        m.value.source: (m.value.targets, m.start, m.end)
        for m in load_glossary(glossary).find(source)
    }
    result = []
    for term, (ways, start, end) in known.items():
        found = _found(ways, hypothesis)
        if len(found) == 1:
            ((way, places),) = found.items()
            result.append(Rendering(term, start, end, way, places, tuple(ways)))
    return result


def _found(ways: Sequence[str], hypothesis: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """The ways that occur, with their places; one inside a longer one does not count."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    taken: list[tuple[int, int]] = []
    for way in sorted(ways, key=len, reverse=True):
        spans = []
        start = hypothesis.find(way)
        while start >= 0:
            end = start + len(way)
            if not any(s <= start and end <= e for s, e in taken):
                spans.append((start, end))
                taken.append((start, end))
            start = hypothesis.find(way, end)
        if spans:
            found[way] = tuple(spans)
    return found
