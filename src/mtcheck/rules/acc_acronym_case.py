"""ACC029 acronym-recased: an acronym or code of the source has other letter case."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.acronym_changes import acronym_changes
from mtcheck.rules import Draft, finding, rule, suggested
from mtcheck.types import Segment, Span

__all__ = ["acronym_recased"]


@rule(
    "ACC029",
    "acronym-recased",
    chinese="缩写大小写改动",
    category="linguistic-conventions/spelling",
    severity="minor",
    aims=("Spelling",),
    mend=suggested,
)
def acronym_recased(segment: Segment) -> Iterator[Draft]:
    """An acronym or code of the source has other letter case in the hypothesis.

    What it does
    As ACC006, for tokens that differ in letter case alone. One set in capitals throughout is
    fine, and so are acronyms that careful authors write either way (COVID).

    Why it matters
    A re-cased acronym is no longer found by a search, and for genes the case tells the species.

    Example
    "Patients received SXXBC capsules." rendered as "患者服用Sxxbc胶囊。"

    What to do
    Write the token exactly as in the source, also where the sentence begins with it.
    """
    for change in acronym_changes(segment.source, segment.hypothesis):
        if change.recased:
            yield finding(
                f"{change.original.text} became {change.became}: letter case changed",
                Span("source", change.original.start, change.original.end),
                *(Span("hypothesis", *place) for place in change.places),
                suggestion=change.original.text,
            )
