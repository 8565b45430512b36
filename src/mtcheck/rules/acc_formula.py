"""ACC016 formula-changed: a chemical formula or mathematical symbol became another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.formulas import Formula, formulas, symbols
from mtcheck.types import Segment, Span

__all__ = ["formula_changed"]


@rule(
    "ACC016",
    "formula-changed",
    chinese="公式改动",
    category="accuracy/mistranslation",
    severity="major",
    group="names",
)
def formula_changed(segment: Segment) -> Iterator[Draft]:
    """A chemical formula, Greek letter or mathematical symbol became another one.

    What it does
        Compares the chemical formulas (elements with counts, H2SO4) and the symbols (Greek
        letters, ∑, ∂, ≈ …) of the two sides. Fires when the source has one that the hypothesis
        lacks while the hypothesis has one that the source lacks, or the same letters with other
        digits (CO2 and CO, NO2 and NO5). One that became words (CO2 = 二氧化碳, α = alpha) is no
        finding. Subscripts and plain digits are equal.

    Why it matters
        NO2 and NO3 are two substances, TNF-α and TNF-β two proteins.

    Example
        source: Emissions of NO2 fell.
        hypothesis: NO3的排放量下降。

    What to do
        Copy the formula or symbol from the source.
    """
    if not segment.source or not segment.hypothesis:
        return
    yield from _changed(formulas(segment.source), formulas(segment.hypothesis), segment)
    yield from _changed(symbols(segment.source), symbols(segment.hypothesis), segment)


def _changed(
    source: Sequence[Formula], hypothesis: Sequence[Formula], segment: Segment
) -> Iterator[Draft]:
    have = {f.key for f in hypothesis}
    known = {f.key for f in source}
    lost = {
        f.key: f for f in reversed(source) if f.key not in have and f.text not in segment.hypothesis
    }
    new = {
        f.key: f
        for f in reversed(hypothesis)
        if f.key not in known and f.text not in segment.source
    }
    for a in reversed(lost.values()):
        if a.key not in new and (other := _recounted(a, segment)):
            new.setdefault(other.key, other)
    for a, b in zip(reversed(lost.values()), reversed(new.values()), strict=False):
        yield finding(
            f"{a.text} became {b.text}",
            Span("source", a.start, a.end),
            Span("hypothesis", b.start, b.end),
            suggestion=a.text,
        )


def _recounted(lost: Formula, segment: Segment) -> Formula | None:
    """The letters of the formula with other digits, where only the hypothesis has them."""
    if not any(c.isdigit() for c in lost.key):
        return None
    letters = r"\d{0,2}".join(map(re.escape, re.split(r"\d+", lost.key)))
    alone = r"(?<![A-Za-z0-9-]){}(?![A-Za-z0-9-]|\s?[\d\u2080-\u2089_^<${{\\])"  # CO 2 is CO2
    match = re.search(alone.format(letters), segment.hypothesis)
    if match is None or re.search(alone.format(re.escape(match[0])), segment.source):
        return None
    return Formula(match[0], match.start(), match.end(), match[0])
