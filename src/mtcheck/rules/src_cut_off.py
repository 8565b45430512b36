"""SRC002: the source is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.languages.en.source import cut_off
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["source_cut_off"]


@rule(
    "SRC002",
    "source-cut-off",
    chinese="原文截断",
    category="source/cut-off",
    severity="neutral",
    scope="document",
    languages="en-*",
)
def source_cut_off(document: Sequence[Segment]) -> Iterator[Draft]:
    """The source stops in the middle of a sentence.

    What it does
    Reports a source sentence that ends in a comma, an open bracket, a word that can't be the
    last (the, of, and …), an ellipsis or [truncated]; the last sentence of an abstract that
    mtcheck split also when it has no full stop. Titles are passed over. It is about the source
    and never counts against the translation.

    Why it matters
    Databases cut long abstracts. The engine completes the sentence by guessing, or drops it.

    Example
    "The risk was higher in patients with diabetes and"

    What to do
    Fetch the whole abstract.
    """
    texts = [i for i, s in enumerate(document) if s.part == "text" and s.source.strip()]
    for i in texts:
        segment = document[i]
        last = i == texts[-1] and segment.alignment is not None
        sign = cut_off(segment.source, last=last)
        if sign:
            yield finding("the source stops in mid-sentence", Span("source", *sign), at=i)
