"""ACC010: a comparator beside a number lost, turned round or weakened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.comparators import Comparator, comparator, turned_bound
from mtcheck.languages.en_zh.numbers import Strength, compare
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.glossed import glossed
from mtcheck.types import Segment, Severity, Span

__all__ = ["comparator_mismatch"]

# A longer source is a text of many sentences: counts say little of it.
_LONGEST = 600


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
    itself missing is left to number-mismatch. Away from numbers, bounds are counted: at least
    became 最多 where the hypothesis has one lower bound fewer and an upper one more.

    Why it matters
    "P < 0.05" and "P > 0.05" are opposite results; "at least 18" and "at most 18" opposite
    criteria.

    Example
    "Patients with at least 3 lesions were eligible." / 病灶不超过3个的患者符合条件。

    What to do
    Restore the comparator of the source.
    """
    source, hypothesis = segment.source, segment.hypothesis
    if not source.strip() or not hypothesis.strip():
        return
    found = list(_beside_numbers(source, hypothesis))
    yield from found
    if not found and len(source) <= _LONGEST and (bound := turned_bound(source, hypothesis)):
        mine, theirs = Span("source", *bound.source), Span("hypothesis", *bound.hypothesis)
        yield finding(
            f"“{source[mine.start : mine.end]}” became “{hypothesis[theirs.start : theirs.end]}”",
            mine,
            theirs,
            confidence=0.9,
        )


def _beside_numbers(source: str, hypothesis: str) -> Iterator[Draft]:
    for a, b in compare(source, hypothesis).pairs:
        if a.strength < Strength.DIGITS or b.strength < Strength.SMALL:
            continue
        mine = comparator(source, a, "en")
        theirs = comparator(hypothesis, b, "zh")
        numbers = (Span("source", a.start, a.end), Span("hypothesis", b.start, b.end))
        if mine is not None and theirs is not None and theirs.tight:
            yield from _changed(mine, theirs, source)
        elif mine is not None and theirs is None and mine.firm:
            if not _said_apart(mine, hypothesis):
                yield finding(
                    f"{glossed(mine.text, mine.relation)} before {a.text} has no counterpart",
                    Span("source", mine.start, mine.end),
                    numbers[1],
                    severity=Severity.MAJOR,
                    confidence=0.7,
                )
        elif (
            mine is None
            and theirs is not None
            and theirs.firm
            and theirs.tight
            and not _OUTDOES.search(source)
        ):
            yield finding(
                f"{glossed(theirs.text, theirs.relation)} at {b.text} is not in the source",
                numbers[0],
                Span("hypothesis", theirs.start, theirs.end),
                severity=Severity.MAJOR,
                confidence=0.7,
            )


# A comparison of two things, of which one is told by a number: outnumbered the 3-year-olds.
_OUTDOES = re.compile(
    r"\b(?:out(?:number|weigh|perform|strip|last|live|pace|do)\w*|exceed\w*|surpass\w*|overtak\w*)\b",
    re.I,
)
_NEGATED = re.compile(
    r"\b(?:no|not|none|never|neither|nobody|cannot)\b[^,;.]{0,40}$|n['’]t\b", re.I
)
_SIGNS = frozenset("<>≤≥＜＞＝= ")
_EMPHASIS = frozenset({"多达", "高达", "长达", "达"})


def _said_apart(mine: Comparator, hypothesis: str) -> bool:
    """Whether 450拉里最低工资 says behind the unit what ``a minimum of 450`` says."""
    if "minimum" in mine.text.lower():
        return re.search("最[低少小短]|下限|起", hypothesis) is not None
    return "maximum" in mine.text.lower() and re.search("最[高多大长]|上限", hypothesis) is not None


def _changed(mine: Comparator, theirs: Comparator, source: str) -> Iterator[Draft]:
    spans = (
        Span("source", mine.start, mine.end),
        Span("hypothesis", theirs.start, theirs.end),
    )
    was, became = (glossed(c.text, c.relation) for c in (mine, theirs))
    message = f"{was} became {became}"
    if mine.upward != theirs.upward:
        # `none was older than 70`, 均在70岁以下; `no fewer than 40`, 多达40
        negated = _NEGATED.search(source, 0, mine.start) is not None
        if _SIGNS.issuperset(mine.text) and _SIGNS.issuperset(theirs.text):
            negated = False  # `not significant (P > 0.1)`: the negation is of the words
        emphasis = mine.upward and theirs.text in _EMPHASIS
        if (mine.firm or theirs.firm) and not negated and not emphasis:
            yield finding(message, *spans, confidence=0.9)
    elif mine.strict and theirs.strict and mine.relation != theirs.relation:
        yield finding(message, *spans, severity=Severity.MINOR, confidence=0.7)
