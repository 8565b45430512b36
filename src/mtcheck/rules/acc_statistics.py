"""ACC011: the name of a statistic was lost or became another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.languages.en_zh.statistic_names import Statistic, statistics
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.glossed import glossed
from mtcheck.types import Segment, Span

__all__ = ["statistics_changed"]

# 40 (SD 5) is often (40±5).
_ALIKE = {"±": {"SD", "SE"}, "SD": {"±"}, "SE": {"±"}}
# Chinese uses 风险比 for both. In letters the one is never the other.
_ALIKE_IN_WORDS = {"HR": {"RR"}, "RR": {"HR"}}
_FAMILIES = ({"OR", "HR", "RR"}, {"SD", "SE", "IQR", "CI"}, {"mean", "median"})
# n = 50 may be 50例, a mean may go unnamed: only what took their place is wrong.
_NOT_MISSED = frozenset(("n", "mean", "median"))


@rule(
    "ACC011",
    "statistics-changed",
    chinese="统计量改动",
    category="accuracy/mistranslation",
    severity="major",
    group="numbers",
)
def statistics_changed(segment: Segment) -> Iterator[Draft]:
    """An odds ratio became a hazard ratio, or a ± or CI was lost.

    What it does
    Reads the statistics that stand at numbers on both sides (P, CI, OR, HR, RR, SD, SE, IQR,
    ±, mean, median; 置信区间, 比值比, 标准差 …) and reports one of the source that the translation
    has nowhere, together with the one that took its place; a mean or median only when one became
    the other. How often each is named does not count.
    The numbers themselves are number-mismatch's, < and > comparator-mismatch's.

    Why it matters
    Readers take effect sizes from the abstract alone; OR and HR are not the same quantity.

    Example
    "(HR 1.8, 95% CI 1.2-2.6)" / （OR 1.8，95%CI 1.2-2.6）

    What to do
    Restore the statistic of the source.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    mine = statistics(segment.source, "en")
    if not mine:
        return
    theirs = statistics(segment.hypothesis, "zh")
    lost = _missing(mine, theirs)
    added = _missing(theirs, mine)
    for a in lost:
        span = Span("source", a.start, a.end)
        b = next((b for b in added if any({a.symbol, b.symbol} <= f for f in _FAMILIES)), None)
        if b is not None:
            added.remove(b)
            yield finding(
                f"{glossed(a.text, a.symbol)} became {glossed(b.text, b.symbol)}",
                span,
                Span("hypothesis", b.start, b.end),
                confidence=0.8,
            )
        elif a.symbol not in _NOT_MISSED:
            yield finding(
                f"{glossed(a.text, a.symbol)} has no counterpart in the translation",
                span,
                confidence=0.6,
            )


def _han(statistic: Statistic) -> bool:
    return not statistic.text.isascii()


def _missing(mine: Sequence[Statistic], theirs: Sequence[Statistic]) -> list[Statistic]:
    """The first mention of each statistic that the other side lacks."""
    known = {s.symbol for s in theirs}
    known |= {other for s in theirs for other in _ALIKE.get(s.symbol, ())}
    in_words = {other for s in theirs if _han(s) for other in _ALIKE_IN_WORDS.get(s.symbol, ())}
    either = {other for s in theirs for other in _ALIKE_IN_WORDS.get(s.symbol, ())}
    missing: dict[str, Statistic] = {}
    for s in mine:
        if s.symbol not in known | (either if _han(s) else in_words):
            missing.setdefault(s.symbol, s)
    return list(missing.values())
