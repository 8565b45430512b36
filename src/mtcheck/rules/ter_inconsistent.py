"""TER003 inconsistent-term: one English term is rendered in two ways within a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtcheck.languages.en_zh.renderings import renderings
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["inconsistent_term"]


@dataclass(frozen=True, slots=True)
class _Use:
    """A segment that has the term and exactly one of its renderings."""

    at: int
    source: Span
    way: str
    places: tuple[Span, ...]


@rule(
    "TER003",
    "inconsistent-term",
    chinese="术语不一致",
    category="terminology/inconsistent",
    severity="minor",
    scope="document",
    preview=True,
    group="names",
    aims=("Inconsistent",),
)
def inconsistent_term(document: Sequence[Segment], *, glossary: str) -> Iterator[Draft]:
    """One English term is rendered in two ways within a document.

    What it does
        Knows some 180 English terms of the sciences and humanities that Chinese authors
        render in several ways (`mtcheck.languages.en_zh.variants`), and every term of your
        glossary that has more than one accepted translation. Where two segments have the same
        term, and each has just one of its renderings and not the same one, the rarer is
        marked; of two equally frequent ones, the later. Segments with both renderings say
        nothing and are skipped. Terms it does not know are not compared: without a
        dictionary, counting which words occur together was wrong far more often than right.

    Why it matters
        A reader takes two names for two things. Translation models see one sentence at a
        time and do not remember what they called a thing before.

    Example
        source: The cohort was followed for ten years. … The cohort was large.
        hypothesis: 该队列随访十年。……该群组规模很大。

        The summary of a run (``terms``) counts the same over all its documents.

    What to do
        Use the rendering that the rest of the text uses, or add the right one to the
        glossary as the only target.
    """
    for term, uses in _uses(document, glossary).items():
        counted = Counter(use.way for use in uses)
        if len(counted) < 2:
            continue
        # of equally frequent ones the first used wins, as Counter keeps the order
        usual, times = counted.most_common(1)[0]
        for use in uses:
            if use.way != usual:
                yield finding(
                    f"{term} is {use.way} here and {usual} in {times} other "
                    f"{'segment' if times == 1 else 'segments'}",
                    use.source,
                    *use.places,
                    suggestion=usual,
                    at=use.at,
                )


def _uses(document: Sequence[Segment], glossary: str) -> Mapping[str, list[_Use]]:
    """By term, the segments that render it in exactly one of the known ways."""
    uses: dict[str, list[_Use]] = {}
    for at, segment in enumerate(document):
        for r in renderings(segment.source, segment.hypothesis, glossary):
            places = tuple(Span("hypothesis", *place) for place in r.places)
            use = _Use(at, Span("source", r.start, r.end), r.way, places)
            uses.setdefault(r.term, []).append(use)
    return uses
