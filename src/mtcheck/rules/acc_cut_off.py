"""ACC028 cut-off: the translation stops in the middle of a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.cut_off import cut_off
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["cut_off_hypothesis"]


@rule(
    "ACC028",
    "cut-off",
    chinese="译文截断",
    category="accuracy/omission",
    severity="major",
    group="missing or added",
    aims=("Omission",),
    by_segment=True,
)
def cut_off_hypothesis(segment: Segment) -> Iterator[Draft]:
    """The translation stops in the middle of a sentence.

    What it does
    Reports a hypothesis without an end mark whose source has one, when it is also on the short
    side for its source. The span is the last character. Numbers and lengths of such a segment
    are not reported besides: the rest of the sentence is missing, and with it its numbers.

    Why it matters
    An engine that runs into its length limit, or an export that drops everything after an odd
    character, loses the end of a sentence without a word.

    Example
    "Of these, 8 were men and 19 women (range, 56-81 years)."
    rendered as "其中男8例，女19例；年龄56"

    What to do
    Have the segment translated again.
    """
    end = cut_off(segment.source, segment.hypothesis) if segment.part == "text" else None
    if end is not None:
        yield finding(
            "the translation stops in the middle of the sentence",
            Span("hypothesis", end - 1, end),
        )
