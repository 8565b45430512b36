"""ACC026 clause-omission: a clause of the source sentence is not rendered."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment

__all__ = ["clause_omission"]


@rule(
    "ACC026",
    "clause-omission",
    chinese="分句漏译",
    category="accuracy/omission",
    severity="major",
    preview=True,
    group="missing or added",
    needs=("uncovered",),
    by_segment=True,
    languages="*",
)
def clause_omission(segment: Segment) -> Iterator[Draft]:
    """A clause of the source sentence has no counterpart in the translation.

    What it does
    Looks at sentences paired one to one (or rows that came aligned) whose translation is
    shorter than nearly all are, for the words and letters of the source. Leaves out of the
    source, by turns, the stretches of about the surplus length (runs of phrases between commas,
    conjunctions and prepositions; without any, the head and the tail), and asks the encoder
    whether the sentence resembles its translation better without. Numbers, acronyms and Latin
    words that the translation has or lacks count too. The span is the likeliest stretch; its
    ends may be a phrase off.

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
            yield finding(
                f"this part ({words} word{'s' if words != 1 else ''}) seems to have no translation",
                span,
            )
