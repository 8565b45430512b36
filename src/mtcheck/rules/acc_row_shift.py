"""ACC022 row-shift: consecutive rows of a file carry each other's translations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mtcheck.alignment.closeness import shifts
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["row_shift"]


@rule(
    "ACC022",
    "row-shift",
    chinese="行错位",
    category="accuracy/mistranslation",
    severity="major",
    scope="document",
    group="detached",
    needs=("similarity",),
    by_segment=True,
    languages="*",
)
def row_shift(document: Sequence[Segment]) -> Iterator[Draft]:
    """Consecutive rows have the translations of other rows.

    What it does
        For files whose rows came aligned. Looks at the margin of each row: how close source
        and hypothesis are, against their nearest neighbours among the other rows of the
        document. Two or more rows in a row with a margin below 1.2, one of them of five
        words or more and below 1 (no closer than its neighbours), are reported once, on the
        first of them, with the ids of the first and the last. Needs at least five rows in
        the document. Where most of them agree, the message also tells whose
        translations they have: those of the rows so many above or below, or each other's.

    Why it matters
        One row lost or doubled in a spreadsheet shifts all that follow. Every sentence is
        then fluent, and every one is wrong.

    Example
        source: The samples were dried in air. / Nitrogen was then determined.
        hypothesis: 然后测定了氮含量。 / 样品在空气中干燥。

    What to do
        Look for a lost, doubled or swapped row just before the first one reported.
    """
    for run in shifts(document):
        rows = [i for i in run if document[i].alignment is None]
        if not rows:
            continue
        first, last = document[rows[0]], document[rows[-1]]
        yield finding(
            f"{len(rows)} consecutive rows, {first.segment_id} to {last.segment_id}, whose "
            "hypotheses are hardly closer to their sources than to others "
            f"(margin {min(document[i].margin or 0.0 for i in rows):.2f} at the lowest)"
            f"{_origin(document, rows)}",
            Span("hypothesis", 0, len(first.hypothesis)),
            at=rows[0],
        )


def _origin(document: Sequence[Segment], rows: Sequence[int]) -> str:
    """Whose translations the rows have, as the end of a sentence; "" when it is not clear."""
    if len(rows) == 2 and [document[i].fits for i in rows] == [1, -1]:
        return "; they look like each other's"
    offsets = Counter(document[i].fits for i in rows if document[i].fits)
    if not offsets:
        return ""
    offset, votes = offsets.most_common(1)[0]
    # The outermost row of a shift may have lost its own source, or got it twice.
    if votes < 2 or 2 * votes < len(rows):
        return ""
    there = [i + offset for i in rows if 0 <= i + offset < len(document)]
    one, two = (document[there[k]].segment_id for k in (0, -1))
    where = "above" if offset < 0 else "below"
    count = f"{abs(offset)} row{'s' if abs(offset) > 1 else ''}"
    return f"; they look like the translations of {one} to {two}, {count} {where}"
