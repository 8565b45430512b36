"""TER005 inconsistent-term-in-batch: a term is rendered otherwise than in nearly all the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mtcheck.languages.en_zh.renderings import renderings
from mtcheck.rules import Draft, Totals, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["inconsistent_term_in_batch"]

_LEAST = 5
"""In how many segments the usual rendering must stand: fewer make no usage."""
_SHARE = 0.8


def _key(segment: Segment, term: str, way: str) -> str:
    """Two systems need not agree, so each counts for itself."""
    return f"{segment.metadata.get('system') or ''}\x1f{term}\x1f{way}"


def _facts(segment: Segment, *, glossary: str) -> Counter[str]:
    found = renderings(segment.source, segment.hypothesis, glossary)
    return Counter(_key(segment, r.term, r.way) for r in found)


@rule(
    "TER005",
    "inconsistent-term-in-batch",
    chinese="全批术语不一致",
    category="terminology/inconsistent",
    severity="minor",
    scope="batch",
    facts=_facts,
    preview=True,
)
def inconsistent_term_in_batch(
    segment: Segment, totals: Totals, *, glossary: str
) -> Iterator[Draft]:
    """One English term is rendered otherwise here than in nearly all of the run.

    What it does
        Counts over all documents of a run how the terms are rendered that TER003 knows: some
        180 English terms with several usual translations, and every term of your glossary
        that has more than one. Where one rendering has at least four fifths of the segments,
        and no fewer than five, each segment with another one is marked. Segments with two
        renderings of a term say nothing. Systems are counted apart. Within one document
        TER003 is stricter; where the two disagree, the run is the better guide.

    Why it matters
        The abstracts of one journal, site or project are searched and read together: a search
        for 遏制 does not find what says 围堵.

    Example
        source: Containment was the aim of the alliance.
        hypothesis: 围堵是该联盟的目标。 (forty other segments of the run have 遏制)

    What to do
        Use the rendering of the rest, or make the choice yourself and put it into the
        glossary as the only target.
    """
    for r in renderings(segment.source, segment.hypothesis, glossary):
        counted = {way: totals.get(_key(segment, r.term, way), 0) for way in r.ways}
        usual = max(r.ways, key=lambda way: counted[way])
        times, every = counted[usual], sum(counted.values())
        if r.way != usual and times >= _LEAST and times >= _SHARE * every:
            yield finding(
                f"{r.term} is {r.way} here and {usual} in {times} of {every} segments of the run",
                Span("source", r.start, r.end),
                *(Span("hypothesis", *place) for place in r.places),
                suggestion=usual,
            )
