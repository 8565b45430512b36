"""ACC052: dollars became yuan, pounds dollars."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.currencies import currencies
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["currency_changed"]


@rule(
    "ACC052",
    "currency-changed",
    chinese="货币改动",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def currency_changed(segment: Segment) -> Iterator[Draft]:
    """An amount of money has another currency in the translation.

    What it does
    Reads the currencies beside amounts on both sides: signs ($, HK$, €, £, ¥), codes (USD, RMB)
    and words (dollars, 美元, 元人民币, 元). Reports one that the translation lacks while it has
    another that the source has not. $ may be any dollar, ¥ yuan or yen; 元 alone is yuan. An
    amount converted in brackets beside the original is in order.

    Why it matters
    $1.2 million is seven times 120万元, and the figures agree.

    Example
    "The study cost $1.2 million." / 该研究花费120万元。

    What to do
    Name the currency of the source; keep a conversion in brackets beside it.
    """
    mine = currencies(segment.source, "en")
    if not mine:
        return
    theirs = currencies(segment.hypothesis, "zh")
    lost = [a for a in mine if not any(a.codes & b.codes for b in theirs)]
    added = [b for b in theirs if not any(a.codes & b.codes for a in mine)]
    for a, b in zip(lost, added, strict=False):
        yield finding(
            f"{a.text} became {b.text}",
            Span("source", a.start, a.end),
            Span("hypothesis", b.start, b.end),
            confidence=0.9,
        )
