"""Translation edit rate (Snover et al. 2006) by sacreBLEU, of words or Chinese characters."""

from __future__ import annotations

from sacrebleu.metrics.ter import TER

from mtcheck.languages import Language
from mtcheck.languages import language as language_of
from mtcheck.scorers import Additive
from mtcheck.scorers._sacrebleu import computed

__all__ = ["ter"]


def _is_unspaced(language: Language) -> bool:
    """Whether it does not space its words, as its tokeniser cuts between characters."""
    return language.tokenizer in ("zh", "char", "ja-mecab")


def _build(language: Language) -> TER:
    unspaced = _is_unspaced(language)
    return TER(normalized=unspaced, asian_support=unspaced)


def _tokens(text: str, language: str) -> int:
    return len(text) if _is_unspaced(language_of(language)) else len(text.split())


ter = Additive(
    key="ter",
    label="TER",
    chinese="TER",
    description="edits for each hundred words, which may be more than a hundred",
    high=None,
    higher_is_better=False,
    # Its cost grows with the cube of the length.
    whole=False,
    limit="ter_limit",
    length=_tokens,
    **computed(_build),
)
