"""ACC027 clause-addition: a clause of the translation has no source."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment

__all__ = ["clause_addition"]


@rule(
    "ACC027",
    "clause-addition",
    chinese="分句增译",
    category="accuracy/addition",
    severity="major",
    preview=True,
    group="missing or added",
    languages="*",
    needs=("uncovered",),
)
def clause_addition(segment: Segment) -> Iterator[Draft]:
    """A clause of the translation has no counterpart in the source sentence.

    What it does
    Looks at sentences paired one to one (or rows that came aligned) whose translation is
    longer than nearly all are, for the words and letters of the source. Leaves out of the
    translation, by turns, the stretches of about the surplus length (runs of phrases between
    commas and some conjunctions; without any, the head and the tail), and asks the encoder
    whether the sentence resembles its source better without. Numbers, acronyms and Latin
    words that the source has or lacks count too. The span is the likeliest stretch; its ends
    may be a phrase off.

    Why it matters
    An engine that rounds off a sentence with what usually follows puts words into the authors'
    mouths.

    Example
    Source: Yields rose in both years. Translation: 两年产量均上升，因此建议在全国推广。

    What to do
    Delete the clause, or see whether a neighbouring source sentence says it.
    """
    for span in segment.uncovered:
        if span.side == "hypothesis":
            yield finding("this part of the translation seems to have no source", span)
