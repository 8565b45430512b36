"""ACC001: a source sentence has no translation."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.boilerplate import copyright_lines
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.spans import content
from mtcheck.types import Segment, Span

__all__ = ["omission"]


@rule(
    "ACC001",
    "omission",
    chinese="漏译",
    category="accuracy/omission",
    severity="major",
    group="missing or added",
    aims=("Omission",),
    by_segment=True,
    languages="*",
)
def omission(segment: Segment) -> Iterator[Draft]:
    """A source sentence has no counterpart in the translation.

    What it does
    Reports a segment whose hypothesis is empty: a sentence that the alignment could pair with
    nothing (a 1-0 bead), or an aligned row without a translation. The span is the whole source
    sentence. A source without a single letter or digit needs no translation and is passed over.

    Why it matters
    A dropped sentence leaves no trace in fluent Chinese text: nobody who reads the translation
    alone can see that a result or a limitation is missing.

    Example
    "Two patients were lost to follow-up." stands between two translated sentences, and the
    Chinese abstract goes from the one straight to the other.

    What to do
    Translate the sentence. Where the alignment is at fault (the translation merged the sentence
    into a neighbour), the neighbour's segment shows the merged text.
    """
    span = content(segment.source)
    if span is None or content(segment.hypothesis) is not None:
        return
    if any(start <= span[0] and span[1] <= end for start, end in copyright_lines(segment.source)):
        return  # most who translate leave it out, and should
    words = len(segment.source.split())
    yield finding(
        f"the source sentence ({words} word{'s' if words != 1 else ''}) has no translation",
        Span("source", *span),
    )
