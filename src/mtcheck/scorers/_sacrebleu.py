"""The bridge to sacreBLEU, shared by BLEU, chrF and TER."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np
from sacrebleu.metrics.base import Metric as SacreMetric

from mtcheck.scorers import Language, Metric, Stats

__all__ = ["sacre_metric"]


def sacre_metric(
    key: str, build: Callable[[Language], SacreMetric], *, higher_is_better: bool = True
) -> Metric:
    """Wrap a sacreBLEU metric; ``build`` makes it for a language of the compared texts."""
    made: Mapping[Language, Callable[[], SacreMetric]] = {
        "zh": functools.cache(lambda: build("zh")),
        "en": functools.cache(lambda: build("en")),
    }

    def statistics(hypothesis: str, reference: str, language: Language) -> Stats:
        # sacreBLEU keeps its sufficient statistics behind a leading underscore, but they are
        # what its own bootstrap sums; test_scorers.py holds the result to its public score.
        rows = made[language]()._extract_corpus_statistics([hypothesis], [[reference]])
        return np.asarray(rows[0], dtype=np.float64)

    def score(stats: Stats, language: Language) -> float:
        # Sums arrive as floats from the bootstrap; sacreBLEU counts in whole numbers, but TER's
        # reference length may be a fraction.
        values = [int(v) if float(v).is_integer() else float(v) for v in stats]
        return float(made[language]()._compute_score_from_stats(values).score)

    def signature(language: Language) -> str:
        metric = made[language]()
        if not metric.get_signature().info.get("nrefs"):
            metric.corpus_score(["a"], [["a"]])  # fills in the number of references
        return str(metric.get_signature())

    return Metric(key, statistics, score, signature, higher_is_better)
