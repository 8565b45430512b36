"""ACC012: a month or a weekday became another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mtcheck.languages.en_zh.dates import Named, calendar
from mtcheck.languages.en_zh.numbers import Strength, Value, compare, numbers
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.digits import MONTHS
from mtcheck.types import Segment, Span

__all__ = ["date_mismatch"]

_NAMES = {number: name.capitalize() for name, number in MONTHS.items() if len(name) == 3}
_MOST = 30  # left-over months a side that are reported


@rule(
    "ACC012",
    "date-mismatch",
    chinese="日期不符",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def date_mismatch(segment: Segment) -> Iterator[Draft]:
    """A month or a day of the week differs, is missing or was added.

    What it does
    Compares the months (March, Sept. with 3月, 九月) and the weekdays (Monday with 星期一, 周一) of
    both sides. A month that stands in a date and has no counterpart is reported; it may be
    written as a number (2014-03). Days of the month and years are number-mismatch's.

    Why it matters
    A wrong month moves an enrolment period or a deadline, and the rest of the date still fits.

    Example
    "Patients were enrolled from March 2014." / 患者自2014年5月起入组。

    What to do
    Correct the month.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    mine, theirs = calendar(segment.source, "en"), calendar(segment.hypothesis, "zh")
    if not mine and not theirs:
        return
    compared = compare(segment.source, segment.hypothesis)
    for kind in ("month", "weekday"):
        lost = _left([n for n in mine if n.kind == kind], theirs)
        added = _left([n for n in theirs if n.kind == kind], mine)
        # 1122 read as 11月22日 is one mistake, and number-mismatch says so.
        lost = [n for n in lost if not _beside(n, compared.lost)]
        added = [n for n in added if not _beside(n, compared.added)]
        for a, b in zip(lost, added, strict=False):
            yield finding(
                f"{a.text} became {b.text}",
                Span("source", a.start, a.end),
                Span("hypothesis", b.start, b.end),
                confidence=0.9,
            )
        if kind == "weekday":
            continue
        for a in lost[len(added) :]:
            if a.dated and not _as_number(a, segment.hypothesis):
                yield finding(
                    f"{a.text} has no counterpart in the translation",
                    Span("source", a.start, a.end),
                    confidence=0.7,
                )
        for b in added[len(lost) :]:
            if b.dated and not _as_source_number(b, segment.source):
                yield finding(
                    f"{b.text} is not in the source",
                    Span("hypothesis", b.start, b.end),
                    confidence=0.7,
                )


def _left(mine: Sequence[Named], theirs: Sequence[Named]) -> list[Named]:
    """Those of ``mine`` whose month or weekday the other side does not name as often.

    Naming it once is enough: Chinese repeats or drops the month of a range freely.
    """
    known = Counter((n.kind, n.number) for n in theirs)
    return [n for n in mine if not known[n.kind, n.number]][:_MOST]


def _beside(month: Named, left_over: Sequence[Value]) -> bool:
    """Whether the day or year next to the month is itself left over."""
    return any(
        v.strength is Strength.DIGITS
        and v.kind != "month"
        and v.start - 3 <= month.end
        and month.start - 3 <= v.end
        for v in left_over
    )


def _as_number(month: Named, hypothesis: str) -> bool:
    return any(month.number in v.keys for v in numbers(hypothesis, "zh"))


def _as_source_number(month: Named, source: str) -> bool:
    if re.search(rf"\b{_NAMES[month.number]}[a-z]*\b", source):  # misspelled, as Novemeber
        return True
    return any(month.number in v.keys for v in numbers(source, "en"))
