"""ACC010: a comparator beside a number lost, turned round or weakened."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.comparators import Comparator, comparator
from mtcheck.languages.en_zh.numbers import Strength, compare
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Severity, Span

__all__ = ["comparator_mismatch"]


@rule(
    "ACC010",
    "comparator-mismatch",
    chinese="比较符号不符",
    category="accuracy/mistranslation",
    severity="critical",
    group="numbers",
)
def comparator_mismatch(segment: Segment) -> Iterator[Draft]:
    """A comparator beside a number was turned round, lost or added.

    What it does
    For each number that both sides have, reads the comparator beside it: <, ≤, at least, more
    than, 10 or more; 不超过, 至少, 以上. Reports a bound that was turned round (critical), one
    that was lost or added (major), and < for ≤ or the like (minor). Words with a second meaning
    ("over 5 years", 高达) count only when the other side says the opposite. A number that is
    itself missing is left to number-mismatch.

    Why it matters
    "P < 0.05" and "P > 0.05" are opposite results; "at least 18" and "at most 18" opposite
    criteria.

    Example
    "Patients with at least 3 lesions were eligible." / 病灶不超过3个的患者符合条件。

    What to do
    Restore the comparator of the source.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    for a, b in compare(segment.source, segment.hypothesis).pairs:
        if a.strength < Strength.DIGITS or b.strength < Strength.SMALL:
            continue
        mine = comparator(segment.source, a, "en")
        theirs = comparator(segment.hypothesis, b, "zh")
        numbers = (Span("source", a.start, a.end), Span("hypothesis", b.start, b.end))
        if mine is not None and theirs is not None and theirs.tight:
            yield from _changed(mine, theirs)
        elif mine is not None and theirs is None and mine.firm:
            yield finding(
                f"{mine.text} ({mine.relation}) before {a.text} has no counterpart",
                Span("source", mine.start, mine.end),
                numbers[1],
                severity=Severity.MAJOR,
                confidence=0.7,
            )
        elif mine is None and theirs is not None and theirs.firm and theirs.tight:
            yield finding(
                f"{theirs.text} ({theirs.relation}) at {b.text} is not in the source",
                numbers[0],
                Span("hypothesis", theirs.start, theirs.end),
                severity=Severity.MAJOR,
                confidence=0.7,
            )


def _changed(mine: Comparator, theirs: Comparator) -> Iterator[Draft]:
    spans = (
        Span("source", mine.start, mine.end),
        Span("hypothesis", theirs.start, theirs.end),
    )
    message = f"{mine.text} ({mine.relation}) became {theirs.text} ({theirs.relation})"
    if mine.upward != theirs.upward:
        if mine.firm or theirs.firm:
            yield finding(message, *spans, confidence=0.9)
    elif mine.strict and theirs.strict and mine.relation != theirs.relation:
        yield finding(message, *spans, severity=Severity.MINOR, confidence=0.7)
