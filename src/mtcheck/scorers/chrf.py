"""The character n-gram F-score chrF2 (Popović 2015) by sacreBLEU."""

from __future__ import annotations

from sacrebleu.metrics.chrf import CHRF

from mtcheck.scorers import Language
from mtcheck.scorers._sacrebleu import sacre_metric

__all__ = ["chrf"]


def _build(language: Language) -> CHRF:  # noqa: ARG001  (characters need no tokeniser)
    return CHRF()


chrf = sacre_metric("chrf", _build)
