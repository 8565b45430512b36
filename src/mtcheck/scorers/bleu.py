"""BLEU (Papineni et al. 2002) by sacreBLEU, tokenised for the language compared."""

from __future__ import annotations

from sacrebleu.metrics.bleu import BLEU

from mtcheck.languages import Language
from mtcheck.scorers import Additive
from mtcheck.scorers._sacrebleu import computed

__all__ = ["bleu"]


def _build(language: Language) -> BLEU:
    # Effective order keeps short segments from scoring 0; on a corpus it changes nothing.
    return BLEU(tokenize=language.tokenizer, effective_order=True)


bleu = Additive(
    key="bleu",
    label="BLEU",
    chinese="BLEU",
    description="precision of runs of up to four words",
    **computed(_build),
)
