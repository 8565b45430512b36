"""ACC054: a minus sign was lost."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.signs import sign_changes
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["sign_lost"]


@rule(
    "ACC054",
    "sign-lost",
    chinese="负号遗漏",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def sign_lost(segment: Segment) -> Iterator[Draft]:
    """A negative number of the source is positive in the translation.

    What it does
    Compares the signs of numbers that both sides have. The translation may write the minus in any
    way (−, -, 负, 零下). A change by a negative amount may also be told in words (−5%: 下降5%);
    a coefficient, the limit of an interval and a temperature may not.

    Why it matters
    Without its sign r = −0.45 says the opposite, and a comparison of the figures sees nothing.

    Example
    "The correlation was negative (r = −0.45)." / 相关性为负（r = 0.45）。

    What to do
    Restore the sign.
    """
    for change in sign_changes(segment.source, segment.hypothesis, segment.languages):
        a, b = change.source, change.hypothesis
        yield finding(
            f"−{a.text.lstrip('-−–')} became {b.text}: the minus sign is lost",
            Span("source", a.start, a.end),
            Span("hypothesis", b.start, b.end),
            confidence=0.8,
        )
