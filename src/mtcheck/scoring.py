"""The scores of a document and its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mtcheck.alignment.documents import Document
from mtcheck.scorers import Language, Stats, all_metrics
from mtcheck.types import Segment

__all__ = ["ROUND_TRIP", "StringScores", "string_scores"]

ROUND_TRIP = "round_trip_"
"""Prefix of scores of a back-translation against the source. Never mixed with the others."""


@dataclass
class StringScores:
    """String scores of one document and its segments, and the statistics they come from."""

    segments: list[dict[str, float]]
    document: dict[str, float]
    statistics: dict[str, Stats]


def string_scores(rows: list[Document], segments: list[Segment]) -> StringScores:
    """BLEU, chrF and TER against the reference, and of the round trip against the source.

    Whole documents are compared whole (d-BLEU, Liu et al. 2020), so that no score depends on
    our own segmentation; TER, whose cost grows with the cube of the length, is summed over the
    segments that a share of the reference could be assigned to.
    """
    scores = StringScores([{} for _ in segments], {}, {})
    whole = rows[0].segment_id is None
    routes: tuple[tuple[str, Language, str], ...] = (
        ("", "zh", "reference"),
        (ROUND_TRIP, "en", "back_translation"),
    )
    for prefix, language, column in routes:
        pairs = [
            (i, s.hypothesis, s.reference)
            if language == "zh"
            else (i, s.back_translation or "", s.source)
            for i, s in enumerate(segments)
            if getattr(s, column) is not None
        ]
        for name, metric in all_metrics().items():
            key = prefix + name
            parts = {i: metric.statistics(h, r or "", language) for i, h, r in pairs if r}
            for i, stats in parts.items():
                scores.segments[i][key] = round(metric.score(stats, language), 4)
            if whole and name != "ter":
                total = [
                    metric.statistics(h or "", r, language)
                    for text, h, r in (
                        (row.texts[column], *_sides(row.texts, language)) for row in rows
                    )
                    if text and r
                ]
            else:
                total = list(parts.values())
            if total:
                scores.statistics[key] = np.sum(total, axis=0)
                scores.document[key] = round(metric.score(scores.statistics[key], language), 4)
    return scores


def _sides(texts: Mapping[str, str | None], language: Language) -> tuple[str, str]:
    if language == "en":
        return texts["back_translation"] or "", texts["source"] or ""
    return texts["hypothesis"] or "", texts["reference"] or ""
