"""What a run measures itself, whatever metrics are chosen: risk, similarity and its margin."""

from __future__ import annotations

from mtcheck.scorers import SegmentMetric

__all__ = ["margin", "risk", "similarity"]


risk = SegmentMetric(
    key="risk",
    label="risk",
    chinese="风险",
    description="probability that a person would mark a major or critical error",
    high=1.0,
    higher_is_better=False,
    decimals=3,
    note="mean probability of a major or critical error",
    missing="the risk was not estimated",
)
similarity = SegmentMetric(
    key="similarity",
    label="similarity",
    chinese="相似度",
    description="cosine of the two sides by the encoder; tells detached text, not good from bad",
    low=-1.0,
    high=1.0,
    decimals=3,
    quality=False,
    note="mean cosine; tells detached text, not good from bad",
    missing="no segment has text on both sides",
)
margin = SegmentMetric(
    key="margin",
    label="margin",
    chinese="相似度余量",
    description="the cosine over the mean cosine of the nearest neighbours",
    low=None,
    high=None,
    decimals=3,
    quality=False,
    of_document=None,
)
