"""STR003: labels of a structured abstract missing, changed or out of order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mtcheck.languages.en_zh.section_labels import (
    CHINESE_LABELS,
    SectionLabel,
    chinese_labels,
    english_labels,
)
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Side, Span

__all__ = ["abstract_labels"]

# A label and the index of its segment.
Placed: TypeAlias = tuple[int, SectionLabel]

# No abstract has more; a longer list is a table of some kind.
_MOST = 60


@rule(
    "STR003",
    "abstract-labels",
    chinese="摘要小标题",
    category="structure/labels",
    severity="minor",
    scope="document",
    group="form",
)
def abstract_labels(document: Sequence[Segment]) -> Iterator[Draft]:
    """Labels of a structured abstract are missing, changed or out of order.

    What it does
    Finds BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS and their like at the start of
    sentences of the source, and 背景, 目的, 方法, 结果, 结论 and their like in the translation, and
    compares the two sequences over the whole document. A label lost or turned into another kind
    is marked in the source, one without a source in the translation.

    Why it matters
    Readers and databases find the parts of an abstract by its labels.

    Example
    "RESULTS: Yields rose by 8%." rendered as "产量提高了8%。"

    What to do
    Put the label of the source in: 背景 目的 方法 结果 结论.
    """
    ours = [(i, x) for i, s in enumerate(document) for x in english_labels(s.source)]
    if not ours or len(ours) > _MOST:
        return
    theirs = [(i, x) for i, s in enumerate(document) for x in chinese_labels(s.hypothesis)]
    for here, there in _paired(ours, theirs[:_MOST]):
        if here and there and here[1].kind != there[1].kind:
            text = _text(document, "source", here)
            yield finding(
                f"the label {text} became {_text(document, 'hypothesis', there)}; "
                f"{CHINESE_LABELS[here[1].kind]} is usual",
                Span("source", here[1].start, here[1].end),
                Span("hypothesis", there[1].start, there[1].end),
                suggestion=CHINESE_LABELS[here[1].kind],
                at=here[0],
            )
        elif here and not there and document[here[0]].hypothesis.strip():
            yield finding(
                f"the label {_text(document, 'source', here)} is missing; "
                f"{CHINESE_LABELS[here[1].kind]} is usual",
                Span("source", here[1].start, here[1].end),
                suggestion=CHINESE_LABELS[here[1].kind],
                at=here[0],
            )
        elif there and not here:
            yield finding(
                f"the label {_text(document, 'hypothesis', there)} has no counterpart here "
                "in the source",
                Span("hypothesis", there[1].start, there[1].end),
                at=there[0],
            )


def _text(document: Sequence[Segment], side: Side, placed: Placed) -> str:
    return document[placed[0]].text(side)[placed[1].start : placed[1].end]


def _likeness(here: Placed, there: Placed) -> int:
    """How well two labels go together: 0 is not at all.

    The same kind elsewhere beats nothing; two kinds in one segment are one label gone wrong.
    """
    same_kind, same_segment = here[1].kind == there[1].kind, here[0] == there[0]
    return (0, 2, 3, 4)[2 * same_kind + same_segment]


def _paired(
    ours: Sequence[Placed], theirs: Sequence[Placed]
) -> list[tuple[Placed | None, Placed | None]]:
    """Align two sequences of labels in order, by dynamic programming over likeness."""
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i, here in reversed(list(enumerate(ours))):
        for j, there in reversed(list(enumerate(theirs))):
            like = _likeness(here, there)
            pair = like + best[i + 1][j + 1] if like else 0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[Placed | None, Placed | None]] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        like = _likeness(ours[i], theirs[j])
        if like and best[i][j] == like + best[i + 1][j + 1]:
            pairs.append((ours[i], theirs[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((ours[i], None))
            i += 1
        else:
            pairs.append((None, theirs[j]))
            j += 1
    return pairs + [(x, None) for x in ours[i:]] + [(None, x) for x in theirs[j:]]
