"""ACC027 clause-addition: a clause of the translation has no source."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.config import Config
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment

__all__ = ["clause_addition"]


@rule("ACC027", "clause-addition", category="accuracy/addition", severity="major")
def clause_addition(segment: Segment, config: Config) -> Iterator[Draft]:  # noqa: ARG001
    """A clause of the translation has no counterpart in the source sentence.

    What it does
    Cuts the translation at its commas and asks the encoder of each clause whether the sentence
    resembles its source better without it. Lengths count too, and numbers, acronyms and Latin
    words that the source has or lacks. Looks only at sentences paired one to one (or at rows
    that came aligned) whose translation is longer than usual, and at clauses of six
    characters or more. The span is the clause.

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
            yield finding("this clause of the translation seems to have no source", span)
