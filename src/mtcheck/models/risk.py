"""The network of the risk model: reads a source and its translation together, in 8 bits.

A 12-layer multilingual encoder with a head for each kind of human label, run by ONNX Runtime.
Word vectors are kept as 4-bit rows and looked up here. Files, data and figures: the model card
in ``weights/MODEL_CARD.md``.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck.errors import ModelError
from mtcheck.models import ThreadLimit
from mtcheck.models.tokens import BEGIN, END, PieceReader, Pieces

__all__ = [
    "BLOCK",
    "EMBEDDINGS",
    "HEADS",
    "NETWORK",
    "TOKENIZER",
    "WEIGHTS",
    "Marked",
    "NetScores",
    "RiskNetwork",
    "unpack",
]

WEIGHTS = Path(__file__).parent / "weights"
NETWORK, EMBEDDINGS, TOKENIZER = "network.onnx", "embeddings.safetensors", "tokenizer.json"

HEADS = ("adequacy", "effort", "critical", "major", "contrast")
"""Sentence heads in the network's order; :class:`NetScores` says what each means."""

BLOCK = 32
"""Weights that share one scale in the 4-bit rows."""

_LONGEST = 384
"""Pieces of a pair read at once; longer pairs are read in parts."""

_CLAUSE = re.compile(r"[^，,；;：:。.!?！？]*[，,；;：:。.!?！？]*\s*")


@dataclass(frozen=True, slots=True)
class Marked:
    """Half-open ``[start, end)`` in the hypothesis, and the probability that it is wrong."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class NetScores:
    """What the network says of a pair.

    ``adequacy``: direct assessment as z-score, higher is better. ``effort``: share of words a
    post-editor would change, about 0 to 1. ``critical``, ``major``: log-odds of a critical and
    of a major error. ``contrast``: no unit, higher for the better of two translations of one
    source. ``words``: the hypothesis piece by piece.
    """

    adequacy: float
    effort: float
    critical: float
    major: float
    contrast: float
    words: tuple[Marked, ...]


def unpack(rows: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Rows of 4-bit blocks as floats: (…, n * 18 bytes) to (…, n * 32).

    A block is a half-float scale and 16 bytes; byte ``j`` holds weight ``j`` in its low half
    and weight ``j + 16`` in its high half, each raised by 8.
    """
    blocks = rows.reshape(*rows.shape[:-1], -1, 2 + BLOCK // 2)
    scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
    values: NDArray[np.float32] = (halves.astype(np.float32) - 8) * scale
    return values.reshape(*rows.shape[:-1], -1)


class RiskNetwork:
    """The network from a folder of its files. Raises ModelError when they can't be read.

    ``threads`` pairs (default: as the process may) are read at a time, each by one thread; several
    together are no quicker, and a pair's bits
    depend on nothing but the pair.
    """

    def __init__(self, folder: Path = WEIGHTS, *, threads: int | None = None) -> None:
        import onnxruntime as ort  # type: ignore[import-untyped]
        from safetensors.numpy import load_file

        try:
            graph = (folder / NETWORK).read_bytes()
            tables = load_file(folder / EMBEDDINGS)
            self._reader = PieceReader.load(folder / TOKENIZER)
            options = ort.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the libraries below raise whatever they like
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise ModelError(f"can't load the risk network from {folder}: {reason}") from error
        rows, positions = tables.get("rows"), tables.get("positions")
        enough = rows is not None and len(rows) >= self._reader.size
        if rows is None or positions is None or not enough or len(positions) < _LONGEST:
            raise ModelError(
                f"{folder / EMBEDDINGS} has fewer rows than {TOKENIZER} has pieces; "
                "get the folder anew"
            )
        self._rows: NDArray[np.uint8] = rows
        self._positions: NDArray[np.float32] = positions.astype(np.float32)
        self._threads = threads or ThreadLimit.most
        digest = hashlib.sha256(graph)
        digest.update((folder / EMBEDDINGS).read_bytes())
        digest.update((folder / TOKENIZER).read_bytes())
        self.signature = f"network:{digest.hexdigest()[:12]}|precision:int8"

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NetScores]:
        """Scores of (source, hypothesis) pairs, in order. Texts without any piece are fine."""
        if len(pairs) < 2 or self._threads < 2:
            return [self._score(*pair) for pair in pairs]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda pair: self._score(*pair), pairs))

    def _score(self, source: str, hypothesis: str) -> NetScores:
        left, right = self._reader.read(source), self._reader.read(hypothesis)
        parts = _parts(source, hypothesis, left, right)
        heads = np.zeros(len(HEADS))
        total = 0
        words: list[Marked] = []
        for one, other in parts:
            values, wrong = self._run(one.ids, other.ids)
            weight = len(one.ids) + len(other.ids)
            heads += weight * values
            total += weight
            words += [
                Marked(start, end, round(float(p), 4))
                for (start, end), p in zip(other.spans, wrong, strict=True)
            ]
        adequacy, effort, critical, major, contrast = (
            round(float(v), 5) for v in heads / max(1, total)
        )
        return NetScores(adequacy, effort, critical, major, contrast, tuple(words))

    def _run(
        self, source: Sequence[int], hypothesis: Sequence[int]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ids = [BEGIN, *source, END, END, *hypothesis, END]
        vectors = unpack(self._rows[ids]) + self._positions[: len(ids)]
        heads, wrong = self._session.run(["heads", "wrong"], {"vectors": vectors[None]})
        own = np.asarray(wrong, dtype=np.float64)[0, len(source) + 3 : len(ids) - 1]
        return np.asarray(heads, dtype=np.float64)[0], 1 / (1 + np.exp(-own))


def _parts(
    source: str, hypothesis: str, left: Pieces, right: Pieces
) -> list[tuple[Pieces, Pieces]]:
    """The pair, or where it is too long its parts, cut at like places between clauses."""
    room = _LONGEST - 4
    count = -(-(len(left.ids) + len(right.ids)) // room)
    if count <= 1:
        return [(left, right)]
    both = [(p, _clause_ends(text, p)) for text, p in ((source, left), (hypothesis, right))]
    while True:
        sides = [_cut(pieces, ends, count) for pieces, ends in both]
        pairs = [(a, b) for a, b in zip(*sides, strict=True) if a.ids or b.ids]
        if all(len(a.ids) + len(b.ids) <= room for a, b in pairs):
            return pairs
        count += 1


def _clause_ends(text: str, pieces: Pieces) -> list[int]:
    """Before which pieces a clause has ended, in order."""
    ends = [m.end() for m in _CLAUSE.finditer(text)]
    spans = pieces.spans
    found = []
    for i in range(1, len(spans)):
        at = bisect.bisect_left(ends, spans[i - 1][1])
        if at < len(ends) and ends[at] <= spans[i][0]:
            found.append(i)
    return found


def _cut(pieces: Pieces, ends: Sequence[int], count: int) -> list[Pieces]:
    """Into ``count`` parts of about the same number of pieces, at ends of clauses if near."""
    size = len(pieces.ids) / count
    borders = [0]
    for n in range(1, count):
        wanted = round(n * size)
        at = bisect.bisect_left(ends, wanted)
        low, high = max(borders[-1], int(wanted - size / 3)), int(wanted + size / 3)
        near = [i for i in ends[max(0, at - 1) : at + 1] if low <= i <= high]
        borders.append(min(near, key=lambda i: abs(i - wanted)) if near else wanted)
    borders.append(len(pieces.ids))
    return [Pieces(pieces.ids[a:b], pieces.spans[a:b]) for a, b in itertools.pairwise(borders)]
