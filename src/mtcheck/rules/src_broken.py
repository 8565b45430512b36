"""SRC006: a piece of the source is missing."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en.source import broken_places
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["source_broken"]


@rule(
    "SRC006",
    "source-broken",
    chinese="原文残缺",
    category="source/missing-text",
    severity="neutral",
    languages="en-*",
)
def source_broken(segment: Segment) -> Iterator[Draft]:
    """The source has a lone bracket, an empty one or a gap: a piece of it is missing.

    What it does
    Reports a bracket without its partner, brackets with nothing in them, and two spaces within a
    sentence. One finding a segment. It is about the source and never counts against the
    translation.

    Why it matters
    Databases drop formulas and markup: "the difference was significant (  The" has lost a P value
    and the end of a sentence. The engine glues what is left together.

    Example
    "The scores improved (  The method is safe."

    What to do
    Fetch the whole text.
    """
    spans = broken_places(segment.source)
    if spans:
        yield finding(
            "a piece of the source seems to be missing", *(Span("source", *s) for s in spans)
        )
