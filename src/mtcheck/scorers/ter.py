"""Translation edit rate (Snover et al. 2006) by sacreBLEU, of words or Chinese characters."""

from __future__ import annotations

from sacrebleu.metrics.ter import TER

from mtcheck.languages import Language
from mtcheck.scorers import Additive
from mtcheck.scorers._sacrebleu import computed

__all__ = ["ter"]


def _build(language: Language) -> TER:
    # A language whose tokeniser cuts between characters does not space its words.
    unspaced = language.tokenizer in ("zh", "char", "ja-mecab")
    return TER(normalized=unspaced, asian_support=unspaced)


ter = Additive(
    key="ter",
    label="TER",
    chinese="TER",
    description="edits for each hundred words, which may be more than a hundred",
    high=None,
    higher_is_better=False,
    # Its cost grows with the cube of the length.
    whole=False,
    **computed(_build),
)
