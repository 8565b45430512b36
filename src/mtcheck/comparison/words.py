"""Scores and differences in words, for sentences and tables."""

from __future__ import annotations

from mtcheck.comparison.paired import Difference
from mtcheck.scorers import Metric, SegmentMetric, columns

__all__ = ["PENALTY", "in_words", "interval", "label", "metric", "number", "p_value", "signed"]

PENALTY = SegmentMetric(
    key="penalty",
    label="MQM points a segment",
    chinese="每句段 MQM 扣分",
    description="MQM points of the findings: minor 1, major 5, critical 10",
    high=None,
    higher_is_better=False,
    decimals=2,
)
"""What a comparison measures beside the scores of an audit."""


def metric(score: str) -> Metric:
    """The metric of a column or of the penalty."""
    return PENALTY if score == PENALTY.key else columns()[score].metric


def label(score: str) -> str:
    """A score's name as people write it."""
    return PENALTY.label if score == PENALTY.key else columns()[score].label


def number(score: str, value: float | None) -> str:
    """A value with as many decimals as mean something; a dash when there is none."""
    if value is None or value != value:  # noqa: PLR0124  (not a number)
        return "–"
    return f"{value:.{metric(score).decimals}f}"


def signed(score: str, value: float) -> str:
    """A difference with its sign; one that rounds to nothing has none."""
    text = f"{value:+.{metric(score).decimals}f}"
    return text[1:] if not float(text) else text


def interval(difference: Difference) -> str:
    """``[-1.4, -0.2]``, or nothing."""
    if difference.interval is None:
        return ""
    low, high = (signed(difference.score, v) for v in difference.interval)
    return f"[{low}, {high}]"


def p_value(p: float | None) -> str:
    """``p = 0.006``, ``p < 0.001``, or nothing."""
    if p is None:
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def in_words(difference: Difference) -> str:
    """``chrF -0.8 [-1.4, -0.2], p = 0.006``."""
    name, value = label(difference.score), signed(difference.score, difference.difference)
    head = " ".join(p for p in (name, value, interval(difference)) if p)
    return ", ".join(p for p in (head, p_value(difference.p)) if p)
