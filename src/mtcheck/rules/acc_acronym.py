"""ACC006 acronym-changed: an acronym or code of the source has another letter or digit."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.acronym_changes import acronym_changes
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["acronym_changed"]


@rule(
    "ACC006",
    "acronym-changed",
    chinese="缩写改动",
    category="accuracy/mistranslation",
    severity="major",
    group="names",
)
def acronym_changed(segment: Segment) -> Iterator[Draft]:
    """An acronym or code of the source has another letter or digit in the hypothesis.

    What it does
    Looks for acronyms, gene symbols and other codes of the source that the hypothesis lacks,
    and for a token in the hypothesis that the source lacks and that is the same but for one
    letter or digit (two swapped ones count as one) or for its number (IL-10, IL-6); also for one
    name in capitals that only the source has beside one that only the hypothesis has (EGFR,
    VEGF). Variants are equal: hyphens, dashes, spaces, Greek letters or their names, plural s,
    sub- and superscripts. An acronym that became Chinese words is no finding; one that only
    changed its letter case is ACC029.

    Why it matters
    IL-6 and IL-8 are two molecules. Fluency models do not see the difference.

    Example
    "Serum IL-6 rose after surgery." rendered as "术后血清IL-8升高。"

    What to do
    Write the token exactly as in the source.
    """
    for change in acronym_changes(segment.source, segment.hypothesis):
        if not change.recased:
            yield finding(
                f"{change.original.text} became {change.became}",
                Span("source", change.original.start, change.original.end),
                *(Span("hypothesis", *place) for place in change.places),
                suggestion=change.original.text,
            )
