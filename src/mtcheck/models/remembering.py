"""An encoder with a memory."""

from __future__ import annotations

import functools
from collections import OrderedDict

import numpy as np

from mtcheck.models import Encoder, Vectors, load_encoder
from mtcheck.timing import stage

__all__ = ["Remembering", "remembering"]

_MEMORY = 64 * 2**20
"""Bytes of vectors and texts kept by default."""


class Remembering:
    """Wraps an encoder and embeds each text once, as long as it has room to remember it.

    ``memory``: bytes of vectors and texts kept; what was asked for longest ago is forgotten
    first. New texts are embedded in the order of their lengths: neighbours of a length are
    quickest together, whoever embeds them.
    """

    def __init__(self, encoder: Encoder, *, memory: int = _MEMORY) -> None:
        self.name, self.signature = encoder.name, encoder.signature
        self.min_similarity = encoder.min_similarity
        self._encoder = encoder
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._room = memory

    def encode(self, texts: list[str]) -> Vectors:
        """Embed, from memory where possible: float32, shape ``(n, dimension)``."""
        wanted = dict.fromkeys(texts)
        new = sorted((t for t in wanted if t not in self._known), key=len)
        found = {t: self._known[t] for t in wanted if t in self._known}
        if new:
            with stage("encoder"):
                found.update(zip(new, self._encoder.encode(new), strict=True))
        self._remember(found)
        return np.array([found[t] for t in texts], dtype=np.float32)

    def _remember(self, found: dict[str, Vectors]) -> None:
        for text, vector in found.items():
            if text in self._known:
                self._known.move_to_end(text)
            else:
                self._known[text] = vector.copy()  # a row of its own lets the others go
                self._room -= _size(text, vector)
        while self._room < 0:
            self._room += _size(*self._known.popitem(last=False))


def _size(text: str, vector: Vectors) -> int:
    return 4 * len(text) + vector.nbytes


@functools.lru_cache(maxsize=4)
def remembering(name: str) -> Remembering:
    """The encoder of that name with one memory for the process.

    Raises ModelError when it can't be loaded.
    """
    return Remembering(load_encoder(name))
