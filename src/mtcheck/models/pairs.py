"""Quality estimators by name: heavy models that read source and hypothesis together.

None is shipped or needed. A name that begins with ``comet:`` is a COMET checkpoint; any other
is a sentence-transformers ``CrossEncoder``, by hub name or local folder.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["COMET", "PairScorer", "load_pair_scorer"]

COMET = "comet:"
"""Prefix of the names of COMET checkpoints."""


class PairScorer(Protocol):
    """What every quality estimator offers."""

    @property
    def name(self) -> str:
        """The name it was asked for by."""

    @property
    def signature(self) -> str:
        """Everything needed to get the same scores again."""

    def score(
        self, pairs: Sequence[tuple[str, str]], references: Sequence[str | None] | None = None
    ) -> NDArray[np.float32]:
        """One number for each pair of source and hypothesis, on the model's own scale.

        ``references`` are human translations, for a model that needs them; others pass them
        over. Raises ModelError when the model can't use the pairs.
        """


@functools.lru_cache(maxsize=2)
def load_pair_scorer(name: str) -> PairScorer:
    """The estimator of that name, loaded once per process.

    Raises ModelError when it can't be loaded.
    """
    if name.startswith(COMET):
        from mtcheck.models.comet import CometScorer

        return CometScorer(name.removeprefix(COMET))
    from mtcheck.models.cross_encoder import CrossEncoderScorer

    return CrossEncoderScorer(name)
