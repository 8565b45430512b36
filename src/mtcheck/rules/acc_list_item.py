"""ACC056: an item of a list was left out."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.series import dropped_items, shortened_list
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["list_item_lost"]


@rule(
    "ACC056",
    "list-item-lost",
    chinese="并列项遗漏",
    category="accuracy/omission",
    severity="major",
    group="missing or added",
)
def list_item_lost(segment: Segment) -> Iterator[Draft]:
    """An item of a list of words is missing in the translation.

    What it does
    Knows some 250 words that are listed with each other (mild, moderate, severe; before and
    after; men and women; heart, liver, kidney; countries, weekdays, symptoms), and the
    characters that any Chinese rendering of them has. Reports an item of such a list without a
    sign of it anywhere in the hypothesis, where other items of the list have theirs. Words that
    render the whole list (两性, 双侧) count for all. Where the source has one list of three or more
    other single words (Paris, London and Rome), the hypothesis must have as many marks or words
    that part items.

    Why it matters
    The sentence stays fluent, and a third of the patients or one of two measurements is gone.

    Example
    "Cases are classified as mild, moderate or severe." / 病例分为轻度、中度。

    What to do
    Add what is missing.
    """
    if not segment.hypothesis.strip():
        return
    dropped = dropped_items(segment.source, segment.hypothesis)
    for item in dropped:
        word = segment.source[item.start : item.end]
        yield finding(
            f"“{word}” of the list is not in the translation",
            Span("source", item.start, item.end),
            confidence=0.7,
        )
    shortened = None if dropped else shortened_list(segment.source, segment.hypothesis)
    if shortened is not None:
        yield finding(
            f"“{segment.source[slice(*shortened)]}” has more items than the translation",
            Span("source", *shortened),
            confidence=0.6,
        )
