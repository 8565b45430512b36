"""Scores: the interface here, one scorer per file beside it.

A *metric* compares two strings and works from additive statistics: the corpus score is
computed from their sum, never from the mean of segment scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from mtcheck.registry import discover

__all__ = ["Language", "Metric", "Scorer", "Stats", "all_metrics"]

Stats = NDArray[np.float64]
Language = Literal["zh", "en"]
"""Chinese for a reference, English for a back-translation against the source."""


class Scorer(Protocol):
    """Turns summed statistics into a score."""

    def __call__(self, stats: Stats, language: Language) -> float:
        """The score of the statistics."""


@dataclass(frozen=True)
class Metric:
    """A string metric on additive statistics.

    ``statistics(hypothesis, reference, language)`` is a vector that may be summed over
    segments; ``score(sum, language)`` is the score on its 0-100 scale (TER: 0 is best, and it
    may exceed 100); ``signature(language)`` is everything needed to repeat it.
    """

    key: str
    statistics: Callable[[str, str, Language], Stats]
    score: Scorer
    signature: Callable[[Language], str]
    higher_is_better: bool = True


def all_metrics() -> Mapping[str, Metric]:
    """Every installed metric by name."""
    return discover("scorers", Metric)
