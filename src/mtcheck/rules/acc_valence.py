"""ACC030 valence-reversed: what was approved is rejected, what was safe is dangerous."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, rule
from mtcheck.rules._reversed import told_reversed
from mtcheck.types import Segment

__all__ = ["valence_reversed"]


@rule(
    "ACC030",
    "valence-reversed",
    chinese="评价或决定相反",
    category="accuracy/mistranslation",
    severity="major",
    group="meaning reversed",
)
def valence_reversed(segment: Segment) -> Iterator[Draft]:
    """A decision, a verdict or a relation is turned into its opposite: approved became rejected.

    What it does
        Knows some fifty pairs of opposites that judge or decide: approve and reject, support
        and oppose, accept and refuse, succeed and fail, allow and forbid, safe and harmful,
        benefit and drawback, positively and inversely correlated, win and lose, open and
        close, begin and end, import and export, buy and sell, legal and illegal. Every such
        word of the source seeks its counterpart in the hypothesis; what is left over on both
        sides and stands for opposite ends is reported. Negations count: 不安全 renders
        *harmful*, and 有害 renders *not safe*.

    Why it matters
        A drug that was rejected and one that was approved are told in the same fluent
        sentence. No score sees the difference, and the reader acts on it.

    Example
        source: The committee approved the plan.
        hypothesis: 委员会否决了该计划。

    What to do
        Compare the two marked words.
    """
    yield from told_reversed(segment, "valence")
