"""ACC036 degree-turned: often became rarely, most became few, may became must."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.recurrence import changed_recurrence
from mtcheck.languages.en_zh.scales import turned_degrees
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["degree_turned"]

# A longer source is a text of many sentences: counts say little of it.
_LONGEST = 500


@rule(
    "ACC036",
    "degree-turned",
    chinese="频率、数量或可能性相反",
    category="accuracy/mistranslation",
    severity="major",
    group="meaning reversed",
)
def degree_turned(segment: Segment) -> Iterator[Draft]:
    """How often, how many or how surely is turned into the opposite: rarely became 经常.

    What it does
        Knows the ends of scales: often, rarely, sometimes, always; most and many, few, all,
        some, the only; must, may, likely, certainly. Fires where the hypothesis has a word of
        the other end (often and 很少, most and 少数, all and 部分, may and 肯定) more often than
        anything in the source explains, and not enough of what may render the word of the
        source. So it
        is silent where a sentence has both ends side by side, and where Chinese says it another
        way. Also compares how often something comes back, where each side says so once: twice a
        year is not 每两年, every other day not 每天.

    Why it matters
        "Rarely causes harm" and "often causes harm" differ in one word that no number shows.

    Example
        source: The infection is rarely fatal.
        hypothesis: 这种感染经常致命。

    What to do
        Compare the two marked words.
    """
    source, hypothesis = segment.source, segment.hypothesis
    if not source or not hypothesis or len(source) > _LONGEST:
        return
    for place in turned_degrees(source, hypothesis):
        mine, theirs = Span("source", *place.source), Span("hypothesis", *place.hypothesis)
        said, became = source[slice(*place.source)], hypothesis[slice(*place.hypothesis)]
        yield finding(f"“{said}” became “{became}”", mine, theirs, confidence=0.8)
    if changed := changed_recurrence(source, hypothesis):
        a, b = changed
        yield finding(
            f"“{source[a.start : a.end]}” became “{hypothesis[b.start : b.end]}”",
            Span("source", a.start, a.end),
            Span("hypothesis", b.start, b.end),
            confidence=0.9,
        )
