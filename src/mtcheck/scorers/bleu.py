"""BLEU (Papineni et al. 2002) by sacreBLEU, tokenised for the language compared."""

from __future__ import annotations

from sacrebleu.metrics.bleu import BLEU

from mtcheck.scorers import Language
from mtcheck.scorers._sacrebleu import sacre_metric

__all__ = ["bleu"]


def _build(language: Language) -> BLEU:
    # Effective order keeps short segments from scoring 0; on a corpus it changes nothing.
    return BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=True)


bleu = sacre_metric("bleu", _build)
