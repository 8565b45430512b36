"""ACC018 direction-flipped: what went up went down, what was better is worse."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.changes import Change, change
from mtcheck.languages.en_zh.numbers import Strength, compare
from mtcheck.rules import Draft, finding, rule
from mtcheck.rules._reversed import told_reversed
from mtcheck.types import Segment, Span

__all__ = ["direction_flipped"]


@rule(
    "ACC018",
    "direction-flipped",
    chinese="方向相反",
    category="accuracy/mistranslation",
    severity="major",
    group="meaning reversed",
)
def direction_flipped(segment: Segment) -> Iterator[Draft]:
    """The hypothesis turns a direction or an effect round: increase became decrease.

    What it does
        Knows some sixty pairs of opposites that tell a direction: increase and decrease,
        higher and lower, longer and shorter, faster and slower, improve and worsen, promote
        and inhibit, activate and silence, over- and underestimate, gain and lose, double and
        halve, tighten and relax. Every such word of the source seeks its counterpart in the
        hypothesis, a synonym first; what is left over on both sides and stands for opposite
        ends is reported, so of several directions one may be found wrong. Of a word that is
        negated on one side only the opposite counts as its rendering (not improved, 恶化), and
        a lost negation is ACC017's. Beside a number that both sides have (fell by 12%,
        12% higher, 下降12%) the two words are compared whatever else the sentence says.

    Why it matters
        A result turned round is the worst error an abstract can have, and neither fluency nor
        similarity of meaning shows it: opposites are neighbours in every embedding.

    Example
        source: Serum albumin increased after treatment.
        hypothesis: 治疗后血清白蛋白下降。

    What to do
        Compare the two marked words, and the figures beside them.
    """
    if not segment.source or not segment.hypothesis:
        return
    told: set[int] = set()
    for mine, theirs, near in _beside_numbers(segment.source, segment.hypothesis):
        told.update(range(theirs.start, theirs.end))
        yield finding(
            f"“{mine.text}” became “{theirs.text}” at {near}",
            Span("source", mine.start, mine.end),
            Span("hypothesis", theirs.start, theirs.end),
            confidence=0.8,
        )
    yield from told_reversed(segment, "direction", told)


def _beside_numbers(source: str, hypothesis: str) -> Iterator[tuple[Change, Change, str]]:
    """Changes told with a number that both sides have, and the number: fell by 12%, 上升12%."""
    for a, b in compare(source, hypothesis).pairs:
        if min(a.strength, b.strength) < Strength.DIGITS:
            continue
        mine = change(source, a, "en")
        theirs = change(hypothesis, b, "zh") if mine else None
        if mine and theirs and mine.upward != theirs.upward:
            yield mine, theirs, a.text
