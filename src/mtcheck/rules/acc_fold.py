"""ACC014: a multiple that can be read in two ways, or that lost its 倍."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.numbers import compare, plain
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Severity, Span

__all__ = ["fold_mismatch"]

# 增加(了)3倍 adds three to one; 增加到3倍, 是3倍 makes three.
_ADDED = re.compile(
    r"(?:增加|增长|增大|增多|提高|升高|上升|上涨|扩大|上调)了?\s?(?:大?约|近|超过)?\s?$"
)
_REDUCED = re.compile(
    r"(?:减少|降低|下降|减小|缩小|缩短|下调|减轻)[了到至为]?\s?(?:大?约|近|超过)?\s?$"
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_TIMES_ZH = re.compile(r"\s?[多余]?\s?(?:倍|重|层|折|次|方|[个种类]|×|x)")


@rule(
    "ACC014",
    "fold-mismatch",
    chinese="倍数不符",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def fold_mismatch(segment: Segment) -> Iterator[Draft]:
    """A multiple is ambiguous in Chinese (增加3倍), or lost its 倍.

    What it does
    Looks at n-fold and twofold where both sides have the number. Reports one whose 倍 is gone
    (major), one rendered as 增加n倍, which strictly means n + 1 times as much, and one rendered
    as 减少n倍, which has no agreed meaning (both minor). A wrong number is number-mismatch's.

    Why it matters
    "Increased 3-fold" is 3 times as much; 增加了3倍 is 4 times as much to a careful reader.

    Example
    "Expression increased 3-fold." / 表达量增加了3倍。 → 表达量增至3倍, 表达量增加了2倍

    What to do
    Write 增至n倍 or 是原来的n倍; for a decrease, 降至1/n.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    hypothesis = plain(segment.hypothesis)
    for a, b in compare(segment.source, segment.hypothesis).pairs:
        if a.kind != "fold":
            continue
        spans = (Span("source", a.start, a.end), Span("hypothesis", b.start, b.end))
        if b.kind == "cardinal" and not _TIMES_ZH.match(hypothesis, b.end):
            if _FIGURE.fullmatch(b.text):
                yield finding(f"{a.text} became {b.text} without 倍", *spans, confidence=0.7)
            continue
        if b.kind != "fold" or b.value != a.value:
            continue
        before = hypothesis[max(0, b.start - 8) : b.start]
        number = b.text.rstrip("倍多余 ")
        if _ADDED.search(before):
            yield finding(
                f"增加{b.text} may be read as {a.value + 1} times as much; {a.text} is {a.value}",
                *spans,
                suggestion=f"增至{number}倍",
                severity=Severity.MINOR,
                confidence=0.6,
            )
        elif _REDUCED.search(before):
            yield finding(
                f"减少{b.text} has no agreed meaning",
                *spans,
                suggestion=f"降至1/{number}",
                severity=Severity.MINOR,
                confidence=0.6,
            )
