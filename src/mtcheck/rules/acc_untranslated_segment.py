"""ACC003 untranslated-segment: the hypothesis is still in the source language."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.leftover import left_in_source_language
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["untranslated_segment"]


@rule(
    "ACC003",
    "untranslated-segment",
    chinese="整句未译",
    category="accuracy/untranslated",
    severity="critical",
    group="untranslated words",
    aims=("Untranslated",),
)
def untranslated_segment(segment: Segment) -> Iterator[Draft]:
    """The hypothesis is still the English source, wholly or nearly so.

    What it does
        Fires when the hypothesis has no Han, or hardly any, and most of its ordinary words are
        the source's. Segments that are the same in both languages (identifiers, acronyms,
        figures, a name) are left alone: at least one ordinary English word must stand there.
        English that is not the source's belongs to ACC020.

    Why it matters
        An engine that fails on a sentence (too long, too many symbols, a time-out) gives the
        input back. Every score that compares strings or vectors may still look fine.

    Example
        source: The mechanism remains unclear.
        hypothesis: The mechanism remains unclear.

    What to do
        Translate the segment again, alone.
    """
    if left_in_source_language(segment.source, segment.hypothesis):
        start = len(segment.hypothesis) - len(segment.hypothesis.lstrip())
        end = len(segment.hypothesis.rstrip())
        same = segment.hypothesis.split() == segment.source.split()
        yield finding(
            "the hypothesis is the source, unchanged"
            if same
            else "the hypothesis was left in the language of the source",
            Span("hypothesis", start, end),
        )
