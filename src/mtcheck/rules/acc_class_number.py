"""ACC050: type 2 became type 1, phase III phase II, Table 4 Table 3."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.classified import reclassified
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["class_number_changed"]


@rule(
    "ACC050",
    "class-number-changed",
    chinese="类别编号改动",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def class_number_changed(segment: Segment) -> Iterator[Draft]:
    """A type, phase, stage, grade, table, figure, vitamin … has another number or letter.

    What it does
    Reads the numbers and letters behind words that name the members of a class (type 2, phase III,
    grade 3–4, class B, Figure 2, vitamin B12, hepatitis B, chromosome 7), and their Chinese
    (2型, Ⅲ期, 3～4级, B级, 图2, 维生素B12, 乙肝, 7号染色体) with Arabic, Roman and Han numbers
    and 甲乙丙丁. Reports one that the translation has nowhere while it has another of the
    same class that the source has not. A number alone that differs is number-mismatch's.

    Why it matters
    The number is the name: type 1 and type 2 diabetes are two diseases, and another number of
    the sentence often hides the change from a comparison of numbers alone.

    Example
    "See Table 2 and Figure 3." / 见表3和图2。

    What to do
    Take the number or letter of the source.
    """
    for a, b in reclassified(segment.source, segment.hypothesis):
        yield finding(
            f"{a.kind} {segment.source[a.start : a.end]} became "
            f"{segment.hypothesis[b.start : b.end]}",
            Span("source", a.start, a.end),
            Span("hypothesis", b.start, b.end),
            confidence=0.8,
        )
