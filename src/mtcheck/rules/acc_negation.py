"""ACC017 negation-mismatch: a negation of the source is lost."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.negation import lost_affixes, lost_negations
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.scripts import counts
from mtcheck.types import Segment, Span

__all__ = ["negation_mismatch"]

# A longer source is a text of many sentences, told freely: counts say little of it.
_LONGEST = 600


@rule(
    "ACC017",
    "negation-mismatch",
    chinese="否定不符",
    category="accuracy/mistranslation",
    severity="major",
    group="meaning reversed",
)
def negation_mismatch(segment: Segment) -> Iterator[Draft]:
    """The source negates, and the hypothesis does so less often.

    What it does
        Counts what negates on both sides. The source: not, no, never, neither, without, didn't,
        unable to, fails to, lacks, hardly, rather than, and words with a negative affix that
        Chinese renders by one (unclear, inability, nonlinear). The
        hypothesis: 不, 没, 无, 未, 非, 别 and their compounds. Words with an inner negation count
        for nothing where both sides have them (adverse, 不良; unstable, 不稳定; different, 不同),
        nor do 不断, 非常, 不仅, 是不是. A negation said without one counts where nothing else in
        the source explains the word: did not differ, 相当; did not change, 保持稳定; no other
        study has, 首次; without charge, 免费; 3 of 12 did not, 12项中有9项. Idioms that affirm
        are left out (not only, not until, no fewer than, cannot but). Where one is missing, the
        negation farthest from those that the hypothesis has is marked. Also fires on a word whose
        negative affix was lost, where the source has no other negation: unusual, 寻常. Sources of
        more than 600 characters are passed over. A negation that was added is ACC025.

    Why it matters
        The sentence now says the opposite, and reads as well as before. Scores that compare
        meaning by vectors hardly move.

    Example
        source: The drug did not reduce adverse outcomes.
        hypothesis: 该药减少了不良结局。

    What to do
        Compare the clause that holds the marked word, and put the negation back.
    """
    source, hypothesis = segment.source, segment.hypothesis
    if len(source) > _LONGEST or not counts(hypothesis).han:
        return
    affixes = lost_affixes(source, hypothesis)
    for mine, theirs in affixes:
        yield finding(
            f"“{mine.text}” became “{theirs.text}”: its negative affix is lost",
            Span("source", mine.start, mine.end),
            Span("hypothesis", theirs.start, theirs.end),
            confidence=0.8,
        )
    told = {mine for mine, _ in affixes}
    for cue in lost_negations(source, hypothesis):
        if cue not in told:
            yield finding(
                f"“{cue.text}” has no counterpart: nothing in the hypothesis negates it",
                Span("source", cue.start, cue.end),
                confidence=0.8,
            )
