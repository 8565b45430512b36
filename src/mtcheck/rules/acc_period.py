"""ACC053: a quarter, a half or a season became another."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.periods import periods
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["period_changed"]


@rule(
    "ACC053",
    "period-changed",
    chinese="季度或季节改动",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def period_changed(segment: Segment) -> Iterator[Draft]:
    """A quarter, a half or a season of the year differs.

    What it does
    Compares quarters (Q1, the first quarter / 第一季度, 首季), halves of a year, century or match
    (H2, the second half of 2020 / 下半年, 后半叶) and seasons (spring / 春季). Reports one that the
    translation lacks where it has another of the same sort that the source has not.

    Why it matters
    The year beside it is right, so the wrong half of it looks checked.

    Example
    "Sales fell in the first half of 2020." / 2020年下半年销售额下降。

    What to do
    Correct the period.
    """
    mine = periods(segment.source, "en")
    if not mine:
        return
    theirs = periods(segment.hypothesis, "zh")
    named = {(p.part, p.number) for p in mine}
    known = {(p.part, p.number) for p in theirs}
    lost = [p for p in mine if (p.part, p.number) not in known]
    added = [p for p in theirs if (p.part, p.number) not in named]
    for a in lost:
        b = next((b for b in added if b.part == a.part), None)
        if b is not None:
            added.remove(b)
            yield finding(
                f"{a.text} became {b.text}",
                Span("source", a.start, a.end),
                Span("hypothesis", b.start, b.end),
                confidence=0.9,
            )
