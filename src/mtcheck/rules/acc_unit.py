"""ACC009: a number kept its value and changed its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.numbers import Strength, Value, compare, plain
from mtcheck.languages.en_zh.units import Unit, lacks_unit, unit
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.digits import PERCENT
from mtcheck.text.glossed import glossed
from mtcheck.types import Segment, Span

__all__ = ["unit_mismatch"]

# Chinese forms that stand for several units.
_SEVERAL = {"度": {"°C", "°F"}, "分": {"min"}, "尺": {"ft"}}
# A percent sign that a list or range shares: 12、15和20%; 百分之10到20.
_SHARED_AFTER = re.compile(
    r"(?:[\s\d.,、，;；()（）和与及至到或~–—±-]|and|or|to|versus|vs)*(?:%|‰|per\s?cent|pct)|\s?[成折]",
    re.I,
)
_SHARED_BEFORE = re.compile(r"(?:百分之|%|percent)[\s\d.,、，和与及至到或~–—±-]*$")
# The interval of a percentage, in its brackets: 5% (95% CI 1-9).
_OF_SHARE = re.compile(
    r"(?:%|percent|percentage points)[\s,;:]{0,2}[(\[（][^()\[\]（）]{0,70}[\d\s.,，:～~to–至-]+$"
    r"|(?:%|percent)\s?[,;]\s?95\s?%\s?(?:CI|confidence interval)[\s:,=]{0,3}[\d\s.,to–-]*$"
)


@rule(
    "ACC009",
    "unit-mismatch",
    chinese="单位不符",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def unit_mismatch(segment: Segment) -> Iterator[Draft]:
    """The number is right, its unit is another or gone.

    What it does
    Compares the units right behind each number that both sides have: mg/kg with 毫克/千克, h with
    小时, °C with 摄氏度, kDa with 千道尔顿. Reports two known units that differ and don't make the
    same quantity, a percent sign that was lost or added, percent that became percentage points,
    and a unit that is gone: no measure word and no list follows the number, and the translation
    names that unit nowhere. Words that may be no unit (度, 分, pounds,
    m, s) agree with all that they can mean and are not missed. A unit that is unknown, or that
    only the translation has, is not reported.

    Why it matters
    mg for µg is a thousandfold overdose, and the number beside it looks checked.

    Example
    "Patients received 250 µg twice daily." / 患者每日两次接受250毫克治疗。

    What to do
    Correct the unit; when the quantity was converted on purpose, convert the number too.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    for a, b in compare(segment.source, segment.hypothesis).pairs:
        if min(a.strength, b.strength) < Strength.SMALL:
            continue
        mine = unit(segment.source, a, "en")
        theirs = unit(segment.hypothesis, b, "zh")
        if mine is not None and theirs is not None and not _agree(mine, theirs, a, b):
            yield finding(
                f"{a.text} {glossed(mine.text, mine.name)} became "
                f"{b.text} {glossed(theirs.text, theirs.name)}",
                Span("source", a.start, mine.end),
                Span("hypothesis", b.start, theirs.end),
                confidence=0.8,
            )
        elif (
            mine is not None
            and theirs is None
            and (a.kind, b.kind) == ("cardinal", "cardinal")
            and min(a.strength, b.strength) is Strength.DIGITS
            and lacks_unit(segment.hypothesis, b, mine)
        ):
            yield finding(
                f"{a.text} {mine.text} became {b.text} without a unit",
                Span("source", a.start, mine.end),
                Span("hypothesis", b.start, b.end),
                confidence=0.7,
            )
        elif _points_changed(segment, a, b):
            yield finding(
                f"{a.text} became {b.text}: percentage points are no percentages",
                Span("source", a.start, a.end),
                Span("hypothesis", b.start, b.end),
                confidence=0.7,
            )
        elif _percent_changed(segment, a, b):
            yield finding(
                f"{a.text} became {b.text}: the percent sign is {_fate(a)}",
                Span("source", a.start, a.end),
                Span("hypothesis", b.start, b.end),
                confidence=0.7,
            )


_POINTS = re.compile("points?|百分点", re.I)
# A difference of two percentages may be told in either.
_DIFFERENCE = re.compile(r"\b(?:absolute|differ|difference|gap|margin|point)", re.I)


def _points_changed(segment: Segment, a: Value, b: Value) -> bool:
    # `two percentage points`: a number in words is a cardinal, whatever follows
    follows = PERCENT.match(segment.source, a.end)
    if b.kind != "percent" or (a.kind != "percent" and follows is None):
        return False
    mine = _POINTS.search(a.text + (follows[0] if follows else ""))
    theirs = _POINTS.search(b.text)
    if bool(mine) == bool(theirs):
        return False
    if mine:
        return not _SHARED_POINTS.match(segment.hypothesis, b.end)
    return not _DIFFERENCE.search(segment.source)


# 1%～9%个百分点
_SHARED_POINTS = re.compile(r"[^，。；,;]{0,16}百分点")


def _fate(source: Value) -> str:
    return "lost" if source.kind == "percent" else "added"


def _agree(mine: Unit, theirs: Unit, a: Value, b: Value) -> bool:
    if {q for k in a.keys if (q := mine.amount(k))} & {
        q for k in b.keys if (q := theirs.amount(k))
    }:
        return True  # 1000 mL, 1 L
    if theirs.text in _SEVERAL:
        return mine.name in _SEVERAL[theirs.text]
    if "/" in mine.name and "/" in theirs.name:
        return mine.name.rstrip("²³") == theirs.name.rstrip("²³")  # "g / cm ³"
    return mine.name.partition("/")[0] == theirs.name.partition("/")[0]


def _percent_changed(segment: Segment, a: Value, b: Value) -> bool:
    """One side has a percentage, the other the bare number and no percent sign near it."""
    kinds = {a.kind, b.kind}
    if "percent" not in kinds or "cardinal" not in kinds:
        return False
    if min(a.strength, b.strength) < Strength.DIGITS or a.value == b.value:  # 0.05, 5%
        return False
    text, value = (segment.source, a) if a.kind == "cardinal" else (segment.hypothesis, b)
    flat = plain(text)
    if _SHARED_AFTER.match(flat, value.end, value.end + 64):
        return False
    if _SHARED_BEFORE.search(flat[max(0, value.start - 24) : value.start]):
        return False
    return not _OF_SHARE.search(flat[max(0, value.start - 90) : value.start])
