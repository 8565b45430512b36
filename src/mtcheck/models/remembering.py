"""An encoder with a memory."""

from __future__ import annotations

import numpy as np

from mtcheck.models import Encoder, Vectors
from mtcheck.timing import stage

__all__ = ["Remembering"]


class Remembering:
    """Wraps an encoder and embeds each text once; keep one no longer than a batch."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.signature = encoder.name, encoder.signature
        self.min_similarity = encoder.min_similarity
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        """Embed, from memory where possible: float32, shape ``(n, dimension)``."""
        new = [t for t in dict.fromkeys(texts) if t not in self._known]
        if new:
            with stage("encoder"):
                self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[t] for t in texts], dtype=np.float32)
