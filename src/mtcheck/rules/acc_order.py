"""ACC035 order-swapped: values, names, dates or operands changed places."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.order import swaps
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["order_swapped"]

# In a longer source too many things stand beside each other for their order to tell anything.
_LONGEST = 400


@rule(
    "ACC035",
    "order-swapped",
    chinese="对应关系颠倒",
    category="accuracy/mistranslation",
    severity="major",
    group="meaning reversed",
)
def order_swapped(segment: Segment) -> Iterator[Draft]:
    """Two things changed places: values of two groups, sides of a comparison, dates, a ratio.

    What it does
        Pairs names of both sides (men and 男, sensitivity and 敏感性, exports and 出口; the same
        Latin letters) and the numbers. Fires when 45% and 62% in men and women become the values
        of the other group, when exports exceeded imports but 进口超过出口, when from east to west
        is 从西向东, May 2012 to June 2014 is 2012年6月至2014年5月, 3:1 is 1:3, and
        what rose by 30% is 上涨到30%. Both lists may
        be reordered together, and A > B said as B < A. Silent where a name or a number stands
        more than once, or their order does not tell what belongs together.

    Why it matters
        All words and numbers are there, so nothing else shows that the result is another.

    Example
        source: Response rates were 45% and 62% in men and women.
        hypothesis: 男性和女性的应答率分别为62%和45%。

    What to do
        Compare which value stands for which name.
    """
    source, hypothesis = segment.source, segment.hypothesis
    if not source or not hypothesis or len(source) > _LONGEST:
        return
    for swap in swaps(source, hypothesis):
        yield finding(swap.what, Span("source", *swap.source), Span("hypothesis", *swap.hypothesis))
