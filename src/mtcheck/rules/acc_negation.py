"""ACC017 negation-mismatch: a negation of the source is lost."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.negation import english_negations, may_negate_chinese
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.scripts import counts
from mtcheck.types import Segment, Span

__all__ = ["negation_mismatch"]


@rule(
    "ACC017",
    "negation-mismatch",
    chinese="否定不符",
    category="accuracy/mistranslation",
    severity="critical",
    group="meaning reversed",
)
def negation_mismatch(segment: Segment) -> Iterator[Draft]:
    """The source negates, and nothing in the hypothesis does.

    What it does
        Fires when the source has a clear negation (not, no, never, without, didn't …) and the
        hypothesis has no character at all that could carry one: neither 不, 没, 无, 未, 非 nor
        a word of lack, failure, refusal, exclusion or difficulty. Words such as 免疫, 未来 and
        不仅 carry none. Idioms are left out (not only, not to, no later than, why don't we, not
        uncommon, not hard). It is silent as soon as
        anything negative stands anywhere in the hypothesis, so it misses one of two lost
        negations. A negation that was added is ACC025.

    Why it matters
        The sentence now says the opposite, and reads as well as before. Scores that compare
        meaning by vectors hardly move.

    Example
        source: The drug did not reduce mortality.
        hypothesis: 该药降低了死亡率。

    What to do
        Compare the clause that holds the marked word, and put the negation back.
    """
    negated = english_negations(segment.source)
    if (
        negated
        and counts(segment.hypothesis).han
        and not may_negate_chinese(segment.hypothesis, segment.source)
    ):
        cue = negated[0]
        yield finding(
            f"“{cue.text}” has no counterpart: nothing in the hypothesis negates",
            Span("source", cue.start, cue.end),
            confidence=0.7,
        )
