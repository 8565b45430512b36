"""TER003 inconsistent-term: one English term is rendered in two ways within a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtcheck.config import Config
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.glossary import load_glossary
from mtcheck.text.variants import variant_index
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
    category="terminology/inconsistent",
    severity="minor",
    scope="document",
    preview=True,
)
def inconsistent_term(document: Sequence[Segment], config: Config) -> Iterator[Draft]:
    """One English term is rendered in two ways within a document.

    What it does
        Knows some 180 English terms of the sciences and humanities that Chinese authors
        render in several ways (`mtcheck.text.variants`), and every term of your glossary that
        has more than one accepted translation. Where two segments of a document have the same
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

    What to do
        Use the rendering that the rest of the text uses, or add the right one to the
        glossary as the only target.
    """
    for term, uses in _uses(document, config).items():
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


def _uses(document: Sequence[Segment], config: Config) -> Mapping[str, list[_Use]]:
    """By term, the segments that render it in exactly one of the known ways."""
    glossary = load_glossary(config.glossary)
    uses: dict[str, list[_Use]] = {}
    for at, segment in enumerate(document):
        if not segment.hypothesis:
            continue
        known = {
            m.value[0]: (m.value[1], m.start, m.end) for m in variant_index().find(segment.source)
        }
        # the user's glossary knows better which ways there are
        known |= {
            m.value.source: (m.value.targets, m.start, m.end) for m in glossary.find(segment.source)
        }
        for term, (ways, start, end) in known.items():
            found = _found(ways, segment.hypothesis)
            if len(found) == 1:
                ((way, places),) = found.items()
                use = _Use(at, Span("source", start, end), way, places)
                uses.setdefault(term, []).append(use)
    return uses


def _found(ways: Sequence[str], hypothesis: str) -> dict[str, tuple[Span, ...]]:
    """The ways that occur, with their places; one inside a longer one does not count."""
    found: dict[str, tuple[Span, ...]] = {}
    taken: list[tuple[int, int]] = []
    for way in sorted(ways, key=len, reverse=True):
        spans = []
        start = hypothesis.find(way)
        while start >= 0:
            end = start + len(way)
            if not any(s <= start and end <= e for s, e in taken):
                spans.append(Span("hypothesis", start, end))
                taken.append((start, end))
            start = hypothesis.find(way, end)
        if spans:
            found[way] = tuple(spans)
    return found
