"""SRC001: sentences of the source are glued together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.languages.en.source import glued_stops
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["source_glued_sentences"]


@rule(
    "SRC001",
    "source-glued-sentences",
    chinese="原文句子粘连",
    category="source/glued-sentences",
    severity="neutral",
    scope="document",
    languages="en-*",
)
def source_glued_sentences(document: Sequence[Segment]) -> Iterator[Draft]:
    """Sentences of the source follow each other without a space.

    What it does
    Reports a full stop with the next sentence straight after it (cooperation.The), within a
    segment, or between two segments that mtcheck split there. The span is the stop. It is about
    the source and never counts against the translation.

    Why it matters
    Most engines take the two sentences for one and lose a part; splitters fail too.

    Example
    "... substantial cooperation.The article explores ..."

    What to do
    Mend the extraction: a line break was deleted without leaving a space.
    """
    for i, segment in enumerate(document):
        stops = [Span("source", at, at + 1) for at in glued_stops(segment.source)]
        if _glued_to_next(document, i):
            end = len(segment.source.rstrip())
            stops.append(Span("source", end - 1, end))
        if stops:
            yield finding("no space after the end of a sentence in the source", *stops, at=i)


def _glued_to_next(document: Sequence[Segment], i: int) -> bool:
    """Whether the source goes on in the next segment without a space between."""
    if i + 1 >= len(document) or document[i].alignment is None:
        return False
    this, after = document[i], document[i + 1]
    return (
        this.part == after.part
        and bool(this.source.strip())
        and bool(after.source.strip())
        and this.source_end == after.source_start > 0
        and not this.source[-1:].isspace()
        and not after.source[:1].isspace()
    )
