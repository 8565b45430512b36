"""ACC031 opposite-named: left became right, male became female, acute became chronic."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, rule
from mtcheck.rules._reversed import told_reversed
from mtcheck.types import Segment

__all__ = ["opposite_named"]


@rule(
    "ACC031",
    "opposite-named",
    chinese="对立词误用",
    category="accuracy/mistranslation",
    severity="major",
    group="meaning reversed",
)
def opposite_named(segment: Segment) -> Iterator[Draft]:
    """A side, place, time, order or kind is named by its opposite: left became right.

    What it does
        Knows some seventy pairs of opposites that name things: left and right with any organ,
        the points of the compass, upper and lower, inside and outside, urban and rural, former
        and latter, before and after, first and last, early and late, day and night, summer and
        winter, male and female, old and young, acute and chronic, benign and malignant,
        hyper- and hypo-, systolic and diastolic, pre- and postoperative. Every such word of the
        source seeks its counterpart in the hypothesis; what is left over on both sides and
        stands for opposite ends is reported.

    Why it matters
        The wrong kidney, the wrong sex, the wrong coast: the sentence reads well, and each of
        its other words is right.

    Example
        source: The left kidney was removed.
        hypothesis: 切除右肾。

    What to do
        Compare the two marked words.
    """
    yield from told_reversed(segment, "place")
