"""ACC023 detached: the hypothesis has nothing to do with its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.alignment.closeness import misfits, shifts
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["detached"]


@rule(
    "ACC023",
    "detached",
    chinese="内容不对应",
    category="accuracy/mistranslation",
    severity="major",
    scope="document",
    group="detached",
    needs=("similarity",),
    by_segment=True,
    languages="*",
)
def detached(document: Sequence[Segment]) -> Iterator[Draft]:
    """The hypothesis is no closer to its source than to the rest of the document.

    What it does
        Looks at the margin of each segment: the similarity of source and hypothesis, divided
        by that to their nearest neighbours in the document. Below 1 the hypothesis fits its
        source no better than any other, and is reported. Needs at least five segments;
        segments of under five English words are passed over. Consecutive rows of a file that
        came aligned are left to ACC022. It sees about nine of ten sentences from another text
        of the same kind, and the rest may share a topic with their source.

    Why it matters
        A translation that says something else altogether, however fluent, is the worst there
        is, and no rule about words or numbers need notice.

    Example
        source: Bees were trained to find the sugar water.
        hypothesis: 本公司保留最终解释权。

    What to do
        Translate the segment again.
    """
    bad = misfits(document)
    shifted = {i for run in shifts(document) for i in run}
    for i, segment in enumerate(document):
        if bad[i] and not (i in shifted and segment.alignment is None):
            yield finding(
                "the hypothesis is no closer to its source than to other segments "
                f"(similarity {segment.similarity or 0:.2f}, margin {segment.margin:.2f})",
                Span("hypothesis", 0, len(segment.hypothesis)),
                at=i,
            )
