"""Translation edit rate (Snover et al. 2006) by sacreBLEU, characters for Chinese."""

from __future__ import annotations

from sacrebleu.metrics.ter import TER

from mtcheck.scorers import Language
from mtcheck.scorers._sacrebleu import sacre_metric

__all__ = ["ter"]


def _build(language: Language) -> TER:
    chinese = language == "zh"
    return TER(normalized=chinese, asian_support=chinese)


ter = sacre_metric("ter", _build, higher_is_better=False)
