"""The character n-gram F-score chrF2 (Popović 2015) by sacreBLEU."""

from __future__ import annotations

from sacrebleu.metrics.chrf import CHRF

from mtcheck.languages import Language
from mtcheck.scorers import Additive
from mtcheck.scorers._sacrebleu import computed

__all__ = ["chrf"]


def _build(language: Language) -> CHRF:  # noqa: ARG001  (characters need no tokeniser)
    return CHRF()


chrf = Additive(
    key="chrf",
    label="chrF",
    chinese="chrF",
    description="F-score of runs of up to six characters",
    **computed(_build),
)
