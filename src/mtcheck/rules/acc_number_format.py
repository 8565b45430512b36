"""ACC008: a number that is right but written so that a Chinese reader misreads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.numbers import compare, plain, render
from mtcheck.rules import Draft, finding, rule, suggested
from mtcheck.types import Segment, Span

__all__ = ["number_format"]

_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_BAD_GROUPS = re.compile(r"(?:\d{1,3}(?:,\d{4})+|\d{1,3}(?:, \d{3})+)(?:\D.*)?")
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0]\d{1,3})+(?:\D.*)?")
_HALF_TRANSLATED = re.compile(r"[\d.]+ ?(?:百万|十亿|百亿|千亿|十万|千万|百|十)")
_ENGLISH_SCALE = re.compile(r"[\d.,]+[\s-]?(?:hundred|thousand|million|billion|trillion)", re.I)
# pattern of the number, whether it must be whole (None: either), what is wrong with it
_FAULTS = (
    (_BAD_GROUPS, True, "is not grouped by thousands"),
    (_SPACED, None, "is parted by spaces"),
    (_DECIMAL_COMMA, False, "has a decimal comma"),
    (_HALF_TRANSLATED, None, "counts in a scale that Chinese does not use with digits"),
    (_ENGLISH_SCALE, None, "keeps an English scale"),
)
_WIDE = re.compile(r"[０-９]")
_NARROW = re.compile(r"[0-9]")


@rule(
    "ACC008",
    "number-format",
    chinese="数字格式",
    category="locale-conventions/number-format",
    severity="minor",
    group="numbers",
    aims=("Number_format",),
    mend=suggested,
    risky=True,
)
def number_format(segment: Segment) -> Iterator[Draft]:
    """The value is right, its spelling misleads.

    What it does
    Looks at the numbers of the translation that agree with the source and reports those written
    against Chinese usage: groups parted by spaces or by four (290 000, 5 00万, 1,0000), a
    decimal comma (1,5), a scale left half translated (1.2百万, 3 million), and half-width and
    full-width digits mixed in one number.

    Why it matters
    1,5 may be read as fifteen, 5 00万 as two numbers; 1.2百万 makes the reader count zeros.

    Example
    "about 290 000 deaths" / 约290 000例死亡 → 29万 or 290,000

    What to do
    Write the suggested form.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    for _, b in compare(segment.source, segment.hypothesis).pairs:
        fault = _fault(b.text, whole=b.value.denominator == 1)
        if fault:
            yield finding(
                f"{b.text} {fault}",
                Span("hypothesis", b.start, b.end),
                suggestion=_better(b.text, render(b)),
                confidence=0.8,
            )


def _fault(text: str, *, whole: bool) -> str:
    if _WIDE.search(text) and _NARROW.search(text):
        return "mixes full-width and half-width digits"
    flat = plain(text)
    for pattern, of_whole, fault in _FAULTS:
        if pattern.fullmatch(flat) and of_whole in (None, whole):
            return fault
    return ""


def _better(text: str, normal: str) -> str:
    """The usual form: whole tens of thousands with 万 or 亿, else the plain digits."""
    bare = normal.replace(",", "")
    if not bare.isdigit():
        return normal
    number = int(bare)
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if number >= scale and number * 100 % scale == 0 and text[-1:] in "万亿百千十nN":
            return f"{number / scale:g}{name}"
    return normal
