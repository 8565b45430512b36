"""Neural models: the only home of heavy imports, loaded inside functions.

An :class:`Encoder` turns texts into unit vectors. Two kinds exist: the one embedded in a
package that mtcheck depends on (offline, numpy only), and any sentence-transformers model by
hub name or local folder.
"""

from __future__ import annotations

import functools
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["EMBEDDED", "Encoder", "ThreadLimit", "Vectors", "load_encoder"]

EMBEDDED = "embedded"
"""Name of the encoder that needs no network."""

Vectors = NDArray[np.float32]


class ThreadLimit:
    """How many threads a model of this process may take that takes several."""

    most = 2


class Encoder(Protocol):
    """What every sentence encoder offers."""

    @property
    def name(self) -> str:
        """The name it was asked for by."""

    @property
    def signature(self) -> str:
        """Everything needed to get the same vectors again."""

    @property
    def min_similarity(self) -> float | None:
        """Cosine below which a pair is taken for unrelated; None when nobody measured it."""

    def encode(self, texts: list[str]) -> Vectors:
        """Embed ``n`` texts: float32, shape ``(n, dimension)``, rows of length 1."""


@functools.lru_cache(maxsize=4)
def load_encoder(name: str) -> Encoder:
    """The encoder of that name, loaded once per process.

    Raises ModelError when it can't be loaded.
    """
    if name == EMBEDDED:
        from mtcheck.models.embedded import EmbeddedEncoder

        return EmbeddedEncoder()
    from mtcheck.models.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(name)
