"""ACC005: numbers that differ between source and translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from mtcheck.languages.en_zh.cut_off import cut_off
from mtcheck.languages.en_zh.magnitudes import changed_magnitude
from mtcheck.languages.en_zh.negation import complements
from mtcheck.languages.en_zh.numbers import Strength, Value, compare, render
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["number_mismatch"]

# How sure a finding is, by how surely its value is a number.
_CONFIDENCE = {Strength.DIGITS: 0.9, Strength.WORDS: 0.7, Strength.SMALL: 0.5, Strength.LOOSE: 0.3}


@rule(
    "ACC005",
    "number-mismatch",
    chinese="数字不符",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
    languages="*",
)
def number_mismatch(segment: Segment) -> Iterator[Draft]:
    """A number of the source is missing from the translation, changed, or added.

    What it does
    Reads all numbers of both sides as exact values and pairs them. 1.2 million pairs with
    120万 and 1,200,000; 50% with 一半 and 百分之五十; two-thirds with 三分之二; the early 2020s
    with 本世纪20年代初; 2022–23 with 2022年至2023年. A value in digits, or a longer number in
    words, that finds no partner is reported; two left-over values that belong together are one
    finding. A lost minus sign is sign-lost's. Numbers inside names (COVID-19, IL-6), citation
    marks and month names are used as partners but not missed. Where 3 of
    12 did not and the translation says that 9 did, both are right.

    Why it matters
    A wrong dose, sample size or year reads as fluently as a right one. Nobody sees it without
    the source.

    Example
    "We enrolled 1.2 million adults." / 我们纳入了12万名成年人。
    → 1.2 million = 1,200,000 ≠ 12万 = 120,000

    What to do
    Correct the number. If the translation is right (a unit was converted, a clock time
    rewritten), silence the finding.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    compared = compare(segment.source, segment.hypothesis, segment.languages)
    rest = complements(segment.source, segment.hypothesis) if compared.lost else ()
    told = {v for couple in rest for v in couple}
    lost = [v for v in compared.lost if v.kind != "month" and v not in told][:_MOST]
    added = [v for v in compared.added if v.kind != "month" and v not in told][:_MOST]
    couples = list(_couples(lost, added, segment))
    if segment.part == "text" and cut_off(segment.source, segment.hypothesis) is not None:
        # What the translation breaks off before is lost with its sentence, as ACC028 says.
        couples = [c for c in couples if c[1] is not None]
    for mine, theirs in couples:
        if mine is not None and theirs is not None:
            sure = min(mine.strength, theirs.strength)
            yield finding(
                f"{_shown(mine)} ≠ {_shown(theirs)}",
                Span("source", mine.start, mine.end),
                Span("hypothesis", theirs.start, theirs.end),
                confidence=max(_CONFIDENCE[sure], 0.5),
            )
        elif mine is not None:
            yield finding(
                f"{_shown(mine)} has no counterpart in the translation",
                Span("source", mine.start, mine.end),
                confidence=_CONFIDENCE[mine.strength],
            )
        elif theirs is not None:
            yield finding(
                f"{_shown(theirs)} is not in the source",
                Span("hypothesis", theirs.start, theirs.end),
                confidence=_CONFIDENCE[theirs.strength],
            )
    if changed := changed_magnitude(segment.source, segment.hypothesis):
        a, b = changed
        yield finding(
            f"{segment.source[a.start : a.end]} became {segment.hypothesis[b.start : b.end]}",
            Span("source", a.start, a.end),
            Span("hypothesis", b.start, b.end),
            confidence=0.8,
        )


def _couples(
    lost: Sequence[Value], added: Sequence[Value], segment: Segment
) -> Iterator[tuple[Value | None, Value | None]]:
    """Left-over values joined where one was probably made from the other, most alike first."""
    source, hypothesis = len(segment.source), len(segment.hypothesis)
    ranked = sorted(
        (
            (_distance(a, b, a.start / source, b.start / hypothesis), i, j)
            for i, a in enumerate(lost)
            for j, b in enumerate(added)
            if min(a.strength, b.strength) >= Strength.SMALL
        ),
        key=lambda r: r[0],
    )
    partner: dict[int, int] = {}
    used: set[int] = set()
    for distance, i, j in ranked:
        if distance > 2 or i in partner or j in used:
            continue
        partner[i] = j
        used.add(j)
    for i, a in enumerate(lost):
        if i in partner:
            yield a, added[partner[i]]
        elif a.strength >= Strength.WORDS or (a.strength is Strength.SMALL and _missed(a)):
            yield a, None
    for j, b in enumerate(added):
        if j not in used and (b.strength >= Strength.DIGITS or _counts(b, segment.hypothesis)):
            yield None, b


def _missed(value: Value) -> bool:
    """Whether a small number in words has to be told: the two groups may be 组间, Sevens a name."""
    named = value.start and not value.text.islower()
    return value.kind == "cardinal" and value.value >= 3 and not named


_COUNTED = re.compile(
    ".(?:[个名例种项次天年周国组条份批张座辆艘]|位(?!一体)|人(?![制行民口物群队]))"
)
_LISTED = re.compile("[、和与及]")


def _counts(value: Value, text: str) -> bool:
    """Whether a small number in words counts something: three to nine, and no list's items.

    四分卫 and 三轮车 are names, 四周 may be all around, and 价格、质量和服务三个方面 counts what
    stands before it.
    """
    return (
        value.strength is Strength.SMALL
        and value.kind == "cardinal"
        and 3 <= value.value < 10
        and _COUNTED.match(text, value.start) is not None
        and not text.startswith("四周", value.start)
        and len(_LISTED.findall(text)) < value.value - 1
    )


def _distance(a: Value, b: Value, at_a: float, at_b: float) -> float:
    """0 for values that differ in little; above 2 for values that have nothing in common."""
    far = abs(at_a - at_b)
    if a.kind != b.kind and {a.kind, b.kind} & {"percent", "decade", "century", "ordinal"}:
        far += 0.5
    x, y = a.value, b.value
    ratio = x / y if y else x
    if x and y and ratio in _POWERS:
        return far
    left, right = str(x.numerator), str(y.numerator)
    if sorted(left) == sorted(right) or left.startswith(right) or right.startswith(left):
        return far
    if len(left) == len(right):
        return far + sum(p != q for p, q in zip(left, right, strict=True)) / len(left)
    return far + 1


_MOST = 60  # with more left over on one side, the two texts are no pair
_POWERS = frozenset(Fraction(10) ** n for n in range(-12, 13) if n)


def _shown(value: Value) -> str:
    normal = render(value)
    return value.text if value.text == normal else f"{value.text} = {normal}"
