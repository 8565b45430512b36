"""LNG004: two marks where one belongs."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.punctuation import doubled
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["doubled_punctuation"]


@rule(
    "LNG004",
    "doubled-punctuation",
    chinese="标点重复",
    category="linguistic-conventions/punctuation",
    severity="minor",
    group="form",
    aims=("Punctuation",),
    languages="*-zh",
)
def doubled_punctuation(segment: Segment) -> Iterator[Draft]:
    """Two commas, stops or other marks follow each other where one belongs.

    What it does
    Reports 。。 ，， 、， ；。 and their like, half-width ones among Chinese and with a space
    between too. An ellipsis, ？！, repeated ！ or ？ and the stop of an abbreviation before a
    mark are in order. One finding a segment, a span on each run.

    Why it matters
    A word was lost between the marks, or two passes of editing each added one.

    Example
    "首先，，测量长度。。"

    What to do
    Keep the right mark, and look whether something is missing between the two.
    """
    spans = doubled(segment.hypothesis)
    if spans:
        runs = " ".join(dict.fromkeys(segment.hypothesis[a:b] for a, b in spans))
        yield finding(f"one mark too many: {runs}", *(Span("hypothesis", *s) for s in spans))
