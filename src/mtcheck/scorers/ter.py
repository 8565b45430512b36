"""Translation edit rate (Snover et al. 2006) by sacreBLEU, of words or Chinese characters."""

from __future__ import annotations

from typing import Any

from sacrebleu.metrics.ter import TER

from mtcheck.languages import Language
from mtcheck.languages import language as language_of
from mtcheck.scorers import Additive
from mtcheck.scorers._edits import edits
from mtcheck.scorers._sacrebleu import computed

__all__ = ["ter"]


class _Sooner(TER):
    """sacreBLEU's TER with the same edits, counted sooner."""

    def _compute_segment_statistics(
        self, hypothesis: str, ref_kwargs: dict[str, Any]
    ) -> list[float]:
        (reference,) = ref_kwargs["ref_words"]
        return [edits(hypothesis.split(), reference), len(reference)]


def _is_unspaced(language: Language) -> bool:
    """Whether it does not space its words, as its tokeniser cuts between characters."""
    return language.tokenizer in ("zh", "char", "ja-mecab")


def _build(language: Language) -> TER:
    unspaced = _is_unspaced(language)
    return _Sooner(normalized=unspaced, asian_support=unspaced)


def _tokens(text: str, language: str) -> int:
    return len(text) if _is_unspaced(language_of(language)) else len(text.split())


ter = Additive(
    key="ter",
    label="TER",
    chinese="TER",
    description="edits for each hundred words, which may be more than a hundred",
    high=None,
    higher_is_better=False,
    # Its cost grows with the square of the length, and more for what is moved about.
    whole=False,
    limit="ter_limit",
    length=_tokens,
    **computed(_build),
)
