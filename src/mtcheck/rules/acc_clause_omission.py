"""ACC026 clause-omission: a clause of the source sentence is not rendered."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.config import Config
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment

__all__ = ["clause_omission"]


@rule("ACC026", "clause-omission", category="accuracy/omission", severity="major", preview=True)
def clause_omission(segment: Segment, config: Config) -> Iterator[Draft]:  # noqa: ARG001
    """A clause of the source sentence has no counterpart in the translation.

    What it does
    Cuts the source at commas and some conjunctions and asks the encoder of each clause whether
    the sentence resembles its translation better without it. Lengths count too, and numbers,
    acronyms and Latin words that the translation has or lacks. Looks only at sentences paired
    one to one (or at rows that came aligned) whose translation is not longer than usual, and
    at clauses of four words or more. The span is the clause.

    Why it matters
    The condition, the exception, the comparison: what stands after the comma often decides
    what a result means, and its absence leaves no trace in fluent text.

    Example
    Source: Losses were greater in shallow bays, particularly where nutrient inputs were high.
    Translation: 浅水海湾的损失更大。

    What to do
    Translate the clause, or see whether a neighbouring sentence has it.
    """
    for span in segment.uncovered:
        if span.side == "source":
            words = len(segment.source[span.start : span.end].split())
            yield finding(f"this clause ({words} words) seems to have no translation", span)
