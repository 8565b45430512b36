"""The scores of a document and its segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mtcheck.alignment.documents import Document
from mtcheck.config import Config
from mtcheck.scorers import Additive, Column, Route, SegmentMetric, Stats, columns
from mtcheck.timing import stage
from mtcheck.types import Segment

__all__ = ["Scores", "document_scores"]


@dataclass
class Scores:
    """The scores of one document and its segments, and the statistics they come from.

    All are by column; those of the segments that have no such score lack it. ``statistics`` of
    a value are its sum and how many segments have it. ``too_long``: how many segments lack it
    because it would take too long.
    """

    segments: list[dict[str, float]]
    document: dict[str, float] = field(default_factory=dict)
    statistics: dict[str, Stats] = field(default_factory=dict)
    too_long: Counter[str] = field(default_factory=Counter)


def document_scores(
    rows: Sequence[Document],
    segments: Sequence[Segment],
    chosen: Mapping[str, Column],
    measured: Mapping[str, Sequence[float | None]],
    config: Config,
) -> Scores:
    """Every score of the chosen columns whose texts are there.

    ``measured`` holds, for each segment, what the run has measured itself, by column.
    """
    scores = Scores([{} for _ in segments])
    for column in chosen.values():
        metric = column.metric
        if isinstance(metric, Additive):
            with stage(metric.key):
                _add(scores, column, rows, segments, config)
        elif isinstance(metric, SegmentMetric) and metric.values:
            with stage(metric.key):
                _value(scores, column, _values(column, metric.values, segments))
    for name, values in measured.items():
        _value(scores, columns()[name], values)
    return scores


def _pair(
    hypothesis: str, reference: str | None, back_translation: str | None, source: str, route: Route
) -> tuple[str, str] | None:
    """What is scored and what it is held against; None where there is nothing to do so."""
    if route == "reference":
        return (hypothesis, reference) if reference else None
    return (back_translation, source) if back_translation is not None and source else None


def _add(
    scores: Scores,
    column: Column,
    rows: Sequence[Document],
    segments: Sequence[Segment],
    config: Config,
) -> None:
    """Whole documents are compared whole (d-BLEU, Liu et al. 2020), if the metric can.

    So no score depends on our own segmentation. Else the statistics are summed over the
    segments that a share of the other text could be assigned to.
    """
    name, route, metric = column.name, column.route, column.metric
    assert isinstance(metric, Additive)
    language = column.language(config.languages)
    total: list[Stats] = []
    for own, s in zip(scores.segments, segments, strict=True):
        pair = _pair(s.hypothesis, s.reference, s.back_translation, s.source, route)
        if pair and not metric.within(config, language, *pair):
            scores.too_long[name] += 1
        elif pair:
            total.append(metric.statistics(*pair, language))
            own[name] = round(metric.score(total[-1], language), 4)
    if rows[0].segment_id is None and metric.whole:
        total = []
        for t in (row.texts for row in rows):
            hypothesis, source = t["hypothesis"] or "", t["source"] or ""
            pair = _pair(hypothesis, t["reference"], t["back_translation"] or None, source, route)
            if pair:
                total.append(metric.statistics(*pair, language))
    if total:
        scores.statistics[name] = np.sum(total, axis=0)
        scores.document[name] = round(metric.score(scores.statistics[name], language), 4)


def _values(
    column: Column,
    values: Callable[[Sequence[Segment]], Sequence[float | None]],
    segments: Sequence[Segment],
) -> Sequence[float | None]:
    having = [i for i, s in enumerate(segments) if column.route == "none" or s.reference]
    found: list[float | None] = [None] * len(segments)
    if having:
        made = values([segments[i] for i in having])
        for i, value in zip(having, made, strict=True):
            found[i] = value
    return found


def _value(scores: Scores, column: Column, values: Sequence[float | None]) -> None:
    name = column.name
    known = [v for v in values if v is not None]
    for own, value in zip(scores.segments, values, strict=True):
        if value is not None:
            own[name] = round(value, 4)
    combine = column.metric.of_document if isinstance(column.metric, SegmentMetric) else None
    if combine is None:
        return
    scores.statistics[name] = np.array([sum(known), len(known)], dtype=float)
    if known:
        scores.document[name] = round(combine(known), 4)
