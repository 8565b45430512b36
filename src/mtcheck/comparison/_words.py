"""Scores and differences in words, for sentences and tables."""

from __future__ import annotations

from mtcheck.comparison._paired import Difference

__all__ = ["in_words", "interval", "label", "number", "p_value", "signed"]

_LABELS = {"bleu": "BLEU", "chrf": "chrF", "ter": "TER", "penalty": "MQM points a segment"}
_DECIMALS = {"bleu": 1, "chrf": 1, "ter": 1, "penalty": 2}


def label(score: str) -> str:
    """A score's name as people write it."""
    return _LABELS.get(score, score)


def number(score: str, value: float | None) -> str:
    """A value with as many decimals as mean something; a dash when there is none."""
    if value is None or value != value:  # noqa: PLR0124  (not a number)
        return "–"
    return f"{value:.{_DECIMALS.get(score, 3)}f}"


def signed(score: str, value: float) -> str:
    """A difference with its sign; one that rounds to nothing has none."""
    text = f"{value:+.{_DECIMALS.get(score, 3)}f}"
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
