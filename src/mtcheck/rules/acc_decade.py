"""ACC013: a decade became a year, or early became late."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.numbers import Strength, Value, compare, plain
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Severity, Span

__all__ = ["decade_mismatch"]

_EN_PART = re.compile(
    r"\b(?:(?P<early>early|earlier|(?:beginning|start|dawn) of)"
    r"|(?P<mid>mid|middle(?: of)?)"
    r"|(?P<late>late|later|latter|(?:end|close|turn) of))"
    r"(?:-|\s(?:of\s)?(?:the\s)?)$",
    re.I,
)
_ZH_PART = re.compile(
    r"[的之]?\s?(?:(?P<early>早期|初期|前期|初|早|伊始|前半|上半)|(?P<mid>中期|中叶|中)"
    r"|(?P<late>晚期|末期|末叶|后期|后半|下半|末|尾|底|晚|之交))"
)
_LONG = ("decade", "century")


@rule(
    "ACC013",
    "decade-mismatch",
    chinese="年代不符",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def decade_mismatch(segment: Segment) -> Iterator[Draft]:
    """A decade became a year, or its early part the late one.

    What it does
    Looks at the decades and centuries that both sides have: reports one that became a single
    year or the reverse (the 1990s / 1990年), and an early, mid or late that was changed (major)
    or lost (minor). A decade or century that is itself another is number-mismatch's.

    Why it matters
    A decade rendered as a year makes a trend into an event.

    Example
    "since the late 1990s" / 自20世纪90年代初以来

    What to do
    Restore 年代, 初, 中期 or 末.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    for a, b in compare(segment.source, segment.hypothesis).pairs:
        if a.kind == b.kind and a.kind in _LONG:
            yield from _part_changed(segment, a, b)
        elif "decade" in (a.kind, b.kind) and {a.kind, b.kind} == {"decade", "cardinal"}:
            yield from _not_both_decades(a, b)


def _not_both_decades(a: Value, b: Value) -> Iterator[Draft]:
    if min(a.strength, b.strength) < Strength.DIGITS or min(a.value, b.value) < 1000:
        return  # people in their 30s are 30多岁
    yield finding(
        f"{a.text} is a {_length(a)}, {b.text} a {_length(b)}",
        Span("source", a.start, a.end),
        Span("hypothesis", b.start, b.end),
        confidence=0.8,
    )


def _length(value: Value) -> str:
    return "decade" if value.kind == "decade" else "year"


def _part_changed(segment: Segment, a: Value, b: Value) -> Iterator[Draft]:
    source = plain(segment.source)
    before = max(0, a.start - 24)
    mine = _EN_PART.search(source[before : a.start])
    theirs = _ZH_PART.match(plain(segment.hypothesis), b.end)
    if mine is None:
        return
    place = Span("source", before + mine.start(), a.end)
    if theirs is None:
        yield finding(
            f"{mine[0].strip(' -')} is lost before {a.text}",
            place,
            Span("hypothesis", b.start, b.end),
            severity=Severity.MINOR,
            confidence=0.6,
        )
    elif mine.lastgroup != theirs.lastgroup:
        yield finding(
            f"{segment.source[place.start : place.end]} became {b.text}{theirs[0]}",
            place,
            Span("hypothesis", b.start, theirs.end()),
            confidence=0.8,
        )
