"""The bridge to sacreBLEU, shared by BLEU, chrF and TER."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypedDict

import numpy as np
from sacrebleu.metrics.base import Metric as SacreMetric

from mtcheck.languages import Language
from mtcheck.languages import language as language_of
from mtcheck.scorers import Scorer, Stats

__all__ = ["Computed", "computed"]


class Computed(TypedDict):
    """The part of a metric that sacreBLEU computes."""

    statistics: Callable[[str, str, str], Stats]
    score: Scorer
    signature: Callable[[str], str]


def computed(build: Callable[[Language], SacreMetric]) -> Computed:
    """Wrap a sacreBLEU metric; ``build`` makes it for a language of the compared texts."""

    @functools.cache
    def made(code: str) -> SacreMetric:
        metric = build(language_of(code))
        metric.corpus_score(["a"], [["a"]])  # tells it the number of references
        return metric

    def statistics(hypothesis: str, reference: str, language: str) -> Stats:
        # sacreBLEU keeps its sufficient statistics behind a leading underscore, but they are
        # what its own bootstrap sums; test_scorers.py holds the result to its public score.
        rows = made(language)._extract_corpus_statistics([hypothesis], [[reference]])
        return np.asarray(rows[0], dtype=np.float64)

    def score(stats: Stats, language: str) -> float:
        # Sums arrive as floats from the bootstrap; sacreBLEU counts in whole numbers, but TER's
        # reference length may be a fraction.
        values = [int(v) if float(v).is_integer() else float(v) for v in stats]
        return float(made(language)._compute_score_from_stats(values).score)

    def signature(language: str) -> str:
        return str(made(language).get_signature())

    return {"statistics": statistics, "score": score, "signature": signature}
