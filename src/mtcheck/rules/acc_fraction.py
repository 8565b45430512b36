"""ACC055: a fraction in words became another."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.fractions import changed_shares
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["fraction_changed"]


@rule(
    "ACC055",
    "fraction-changed",
    chinese="分数改动",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def fraction_changed(segment: Segment) -> Iterator[Draft]:
    """A fraction in words became another: half as 三分之一.

    What it does
    Reads fractions in words on both sides (half, two thirds, a quarter, one in five, every third;
    一半, 三分之二) and reports one of the source that no number of the translation renders, where
    the translation has another that the source has not. A percentage near it (a third: 33%) is in
    order. "Every third household" must be one of three, not 每三户家庭都.

    Why it matters
    Words such as half are no numbers to a comparison of figures, and often are left loose by it.

    Example
    "Half of the patients died." / 三分之一的患者死亡。

    What to do
    Correct the fraction.
    """
    for a, b in changed_shares(segment.source, segment.hypothesis):
        yield finding(
            f"{segment.source[a.start : a.end].strip()} became "
            f"{segment.hypothesis[b.start : b.end]}",
            Span("source", a.start, a.end),
            Span("hypothesis", b.start, b.end),
            confidence=0.9,
        )
