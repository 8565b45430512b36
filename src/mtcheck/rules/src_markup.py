"""SRC003: the source has remains of markup."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en.source import residue
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["source_markup_residue"]


@rule(
    "SRC003",
    "source-markup-residue",
    chinese="原文残留标记",
    category="source/markup",
    severity="neutral",
    languages="en-*",
)
def source_markup_residue(segment: Segment) -> Iterator[Draft]:
    r"""The source has remains of HTML, XML or wiki markup.

    What it does
    Reports tags (<jats:p>, <sup>), entities (&lt;), [[links]], literal \n and their like in the
    source. One finding a segment. It is about the source and never counts against the
    translation.

    Why it matters
    Engines translate, drop or break markup, and it stands in the way of numbers and words.

    Example
    "<jats:p>CO<jats:sub>2</jats:sub> uptake rose &gt;10%"

    What to do
    Clean the source before translating.
    """
    spans = residue(segment.source)
    if spans:
        pieces = list(dict.fromkeys(segment.source[a:b] for a, b in spans))
        shown = " ".join(pieces[:5]) + (" …" if len(pieces) > 5 else "")
        yield finding(f"markup in the source: {shown}", *(Span("source", *s) for s in spans))
