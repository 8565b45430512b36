"""ACC018 direction-flipped: the hypothesis says the opposite of the source."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.changes import change
from mtcheck.languages.en_zh.negation import chinese_negations, english_negations
from mtcheck.languages.en_zh.numbers import Strength, compare
from mtcheck.languages.en_zh.opposites import chinese_pole, english_poles
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["direction_flipped"]


@rule(
    "ACC018",
    "direction-flipped",
    chinese="方向相反",
    category="accuracy/mistranslation",
    severity="critical",
    group="meaning reversed",
)
def direction_flipped(segment: Segment) -> Iterator[Draft]:
    """The hypothesis names the opposite of what the source names: increase became decrease.

    What it does
        Knows 19 pairs of opposites: increase and decrease with higher and lower, longer and
        shorter, more and less common or likely, positively and negatively, left and right,
        acute and chronic, benign and malignant, male and female, systolic and diastolic,
        proximal and distal, agonist and antagonist, maximum and minimum, compass points and
        others. Fires when the source names one of a pair only, and the hypothesis clearly
        names the other and has not even a loose word for the first. The first three are not
        judged in a sentence that negates, nor where a word of the source leans the other way
        (improved beside reduced). So it is silent where both directions occur, except beside a
        number that both sides have (fell by 12%, 12% higher, 下降12%): there the two words are
        compared whatever else the sentence says.

    Why it matters
        A result turned round is the worst error an abstract can have, and neither fluency nor
        similarity of meaning shows it: opposites are neighbours in every embedding.

    Example
        source: Serum albumin increased after treatment.
        hypothesis: 治疗后血清白蛋白下降。

    What to do
        Compare the two marked words, and the figures beside them.
    """
    text = segment.hypothesis
    if not segment.source or not text:
        return
    flips = list(_beside_numbers(segment.source, text))
    yield from flips
    for axis, pole, word in english_poles(segment.source):
        if (flips and not axis.strict) or axis.poles[pole].wide.search(text):
            continue
        where = chinese_pole(axis.poles[1 - pole], text)
        if where is None:
            continue
        if not axis.strict and (english_negations(segment.source) or chinese_negations(text)):
            continue
        yield finding(
            f"“{word.text}” became “{text[where[0] : where[1]]}”, its opposite",
            Span("source", word.start, word.end),
            Span("hypothesis", *where),
            confidence=0.7,
        )


def _beside_numbers(source: str, hypothesis: str) -> Iterator[Draft]:
    """Changes told with a number that both sides have: fell by 12%, 上升12%."""
    for a, b in compare(source, hypothesis).pairs:
        if min(a.strength, b.strength) < Strength.DIGITS:
            continue
        mine = change(source, a, "en")
        theirs = change(hypothesis, b, "zh") if mine else None
        if mine and theirs and mine.upward != theirs.upward:
            yield finding(
                f"“{mine.text}” became “{theirs.text}” at {a.text}",
                Span("source", mine.start, mine.end),
                Span("hypothesis", theirs.start, theirs.end),
                confidence=0.8,
            )
