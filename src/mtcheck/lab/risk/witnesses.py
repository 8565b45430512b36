"""What the stack is fitted on: the witnesses' words about labelled rows."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors.numpy import save
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import logsumexp  # type: ignore[import-untyped]

from mtcheck.lab.labels import Labels, documents, read_labelled, read_labels
from mtcheck.lab.marks import Marks
from mtcheck.lab.risk.data import held_out, joined, major
from mtcheck.lab.statistics import Floats
from mtcheck.models import Encoder, Vectors
from mtcheck.models.risk import Marked
from mtcheck.risk import FEATURES, KINDS, RIDGE, RiskModel, interactions
from mtcheck.types import Segment, Severity

__all__ = [
    "ESA_SOURCES", "Judgements", "Remembered", "critical_rows", "esa_rows", "fit_encoder",
    "labelled_rows", "mlqe_rows", "mqm_rows", "segments_of",
]  # fmt: skip

PENALTY = 20.0
"""Of the ridge regressions, for unit vectors; chosen on MLQE-PE train by held-out sources."""

RIDGE_PAIRS = ("en-de", "zh-en")
"""Pairs of Bio-MQM for the other: the two next to English-Chinese that the encoder reads well."""

KINDS_PENALTY = 1e-4
"""Of the softmax regression that tells the kinds of text, for unit vectors."""

ESA_SOURCES = 100
"""Sources of WMT24 that are judged, drawn at random: its segments are paragraphs."""


class Remembered:
    """An encoder that keeps every text's vector in a file, so that a step can be repeated."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.name, self.signature = encoder.name, encoder.signature
        self.min_similarity = encoder.min_similarity
        self._encoder, self._path = encoder, path
        self._known: dict[str, Vectors] = {}
        if path.exists():
            with np.load(path) as saved:
                self._known = dict(zip(saved["texts"].tolist(), saved["vectors"], strict=True))

    def encode(self, texts: list[str]) -> Vectors:
        """Vectors, from memory where known."""
        if not texts:
            return self._encoder.encode([])
        new = [t for t in dict.fromkeys(texts) if t not in self._known]
        for at in range(0, len(new), 256):
            part = new[at : at + 256]
            self._known.update(zip(part, self._encoder.encode(part), strict=True))
        return np.array([self._known[t] for t in texts], dtype=np.float32).reshape(len(texts), -1)

    def save(self) -> None:
        """Write what is known."""
        texts = np.array(list(self._known))
        np.savez(self._path, texts=texts, vectors=np.array(list(self._known.values())))


@dataclass(frozen=True)
class Judgements:
    """Rows with the witnesses' features ``x``, the ``kinds`` of text, and the human's word.

    ``quality``: the human score, higher is better; ``bad``: 1 for a major or critical error.
    ``source``, ``document``, ``system``: group numbers. ``void``: rows without an estimate.
    ``words``: what the network says of each word; ``marks``: the stretches that experts marked.
    """

    segments: tuple[Segment, ...]
    x: Floats
    kinds: Floats
    void: NDArray[np.bool_]
    quality: Floats
    bad: Floats
    source: NDArray[np.intp]
    document: NDArray[np.intp]
    system: NDArray[np.intp]
    words: tuple[tuple[Marked, ...], ...] = ()
    marks: tuple[Marks, ...] = ()

    def take(self, rows: NDArray[np.bool_]) -> Judgements:
        """Only some rows."""

        def some(values: Any) -> Any:
            if isinstance(values, tuple):
                return tuple(itertools.compress(values, rows))
            return values[rows]

        return Judgements(*(some(getattr(self, f.name)) for f in fields(self)))


def _numbers(names: Iterable[str]) -> NDArray[np.intp]:
    return np.unique(list(names), return_inverse=True)[1].astype(np.intp)


def segments_of(pairs: Iterable[tuple[str, str]]) -> list[list[Segment]]:
    """Each pair as a document of its own."""
    return [
        [Segment(str(i), f"{i}#1", source, hypothesis)]
        for i, (source, hypothesis) in enumerate(pairs)
    ]


def _judged(
    model: RiskModel,
    encoder: Encoder,
    groups: Sequence[Sequence[Segment]],
    *,
    quality: Sequence[float],
    bad: Sequence[float],
    systems: Sequence[str] | None = None,
    marks: Sequence[Marks] = (),
) -> Judgements:
    rows: list[tuple[float, ...]] = []
    words: list[tuple[Marked, ...]] = []
    kinds: list[tuple[float, ...]] = []
    void: list[bool] = []
    for group in groups:
        for seen in model.features(group, encoder):
            rows.append(seen.values or (0.0,) * len(FEATURES))
            kinds.append(seen.kinds)
            void.append(bool(seen.reason))
            words.append(seen.net.words if seen.net else ())
    segments = tuple(s for group in groups for s in group)
    return Judgements(
        segments,
        np.array(rows, dtype=np.float64),
        np.array(kinds, dtype=np.float64),
        np.array(void),
        np.array(quality, dtype=np.float64),
        np.array(bad, dtype=np.float64),
        _numbers(s.source for s in segments),
        _numbers(s.doc_id for s in segments),
        _numbers(systems or [""] * len(segments)),
        tuple(words),
        tuple(marks),
    )


def mqm_rows(path: Path, model: RiskModel, encoder: Encoder) -> Judgements:
    """Bio-MQM, document by document."""
    groups = documents(read_labelled(path, as_is=True))
    rows = [row for group in groups for row in group]
    return _judged(
        model,
        encoder,
        [[row.segment for row in group] for group in groups],
        quality=[-sum(e.severity.weight for e in row.errors) for row in rows],
        bad=[any(e.severity >= Severity.MAJOR for e in row.errors) for row in rows],
        systems=[row.system for row in rows],
        marks=[
            tuple(
                (e.start, e.end)
                for e in row.errors
                if e.start is not None and e.end is not None and e.severity.weight
            )
            for row in rows
        ],
    )


def mlqe_rows(path: Path, model: RiskModel, encoder: Encoder, *, held: bool) -> Judgements:
    """MLQE-PE; bad are the quarter with the lowest z. ``held``: only what the network never saw."""
    frame = pd.read_parquet(path)
    if held:
        frame = frame[frame["source"].map(held_out)]
    z = frame["da_z"].to_numpy(dtype=np.float64)
    pairs = zip(frame["source"], frame["hypothesis"], strict=True)
    return _judged(
        model, encoder, segments_of(pairs), quality=list(z), bad=list(z < np.quantile(z, 0.25))
    )


def critical_rows(path: Path, model: RiskModel, encoder: Encoder, *, held: bool) -> Judgements:
    """WMT21 critical errors."""
    frame = pd.read_parquet(path)
    if held:
        frame = frame[frame["source"].map(held_out)]
    bad = frame["critical"].astype(bool).tolist()
    pairs = zip(frame["source"], map(joined, frame["hypothesis"]), strict=True)
    return _judged(model, encoder, segments_of(pairs), quality=[-float(b) for b in bad], bad=bad)


def labelled_rows(
    labels: Labels, chosen: NDArray[np.intp], model: RiskModel, encoder: Encoder
) -> Judgements:
    """Some rows of a file of labels. One system's rows of a document are read together.

    The order is that of the documents, the same for every model.
    """
    groups: dict[tuple[str, str, str], list[int]] = {}
    for i in chosen.tolist():
        document = labels.doc_id[i] or f"row {labels.lines[i]}"
        groups.setdefault((labels.system[i], labels.annotator[i], document), []).append(i)
    order = [i for rows in groups.values() for i in rows]
    return _judged(
        model,
        encoder,
        [
            [
                Segment(
                    document, labels.segment_id[i], labels.source[i], labels.hypothesis[i], index=at
                )
                for at, i in enumerate(rows)
            ]
            for (_, _, document), rows in groups.items()
        ],
        quality=labels.human[order].tolist(),
        bad=labels.bad[order].tolist(),
        systems=[labels.system[i] for i in order],
    )


def esa_rows(path: Path, model: RiskModel, encoder: Encoder) -> Judgements:
    """WMT24 ESA: all systems' translations of :data:`ESA_SOURCES` sources, the same each time.

    Bad is a span called major; the human translation is left out.
    """
    labels = read_labels(path, exclude_systems=("refA", "refB"))
    distinct = sorted(set(labels.source))
    drawn = set(random.Random(0).sample(distinct, min(ESA_SOURCES, len(distinct))))
    chosen = [i for i, source in enumerate(labels.source) if source in drawn]
    return labelled_rows(labels, np.array(chosen, dtype=np.intp), model, encoder)


def _solve(x: Vectors, y: Floats, penalty: float) -> tuple[NDArray[np.float32], float]:
    mean, middle = x.mean(axis=0), float(y.mean())
    a = (x - mean).astype(np.float64)
    gram = a.T @ a
    gram[np.diag_indices_from(gram)] += penalty
    weights = np.linalg.solve(gram, a.T @ (y - middle))
    return weights.astype(np.float32), middle - float(mean @ weights)


def fit_encoder(data: Path, encoder: Encoder, folder: Path) -> dict[str, float]:
    """What the sentence encoder is asked, written to ``ridge.safetensors``.

    Ridge regressions on a pair's vectors: adequacy (MLQE-PE), major error (Bio-MQM), critical
    error; and which kind of text a source is of. Returns the correlation of the first and the
    third, and the share of right kinds, on held-out sources.
    """
    told: dict[str, float] = {}
    solved = []
    frames = {}
    for kind, name, column, written in (
        ("encyclopedia", "mlqe_pe_train.parquet", "da_z", str),
        ("discussion", "critical_errors_train.parquet", "critical", joined),
    ):
        frame = frames[kind] = pd.read_parquet(data / name)
        held = frame["source"].map(held_out).to_numpy()
        x = interactions(
            encoder.encode(list(frame["source"])),
            encoder.encode(list(map(written, frame["hypothesis"]))),
        )
        y = frame[column].to_numpy(dtype=np.float64)
        weights, bias = _solve(x[~held], y[~held], PENALTY)
        solved.append((weights, bias))
        told[f"correlation with {column}"] = float(np.corrcoef(x[held] @ weights, y[held])[0, 1])
    other = pd.read_json(data / "bio_mqm_dev_other_pairs.jsonl", lines=True)
    near = other[other["language_pair"].isin(RIDGE_PAIRS)]
    x = interactions(encoder.encode(list(near["source"])), encoder.encode(list(near["hypothesis"])))
    y = np.array([float(major(e)) for e in near["errors"]])
    solved.insert(1, _solve(x, y, PENALTY))
    texts = {"abstract": _english(other)}
    texts |= {kind: list(dict.fromkeys(frame["source"])) for kind, frame in frames.items()}
    kinds, kinds_bias, told["right kinds"] = _fit_kinds(texts, encoder)
    tables = {
        "weights": np.stack([weights for weights, _ in solved]),
        "bias": np.array([bias for _, bias in solved], dtype=np.float32),
        "kinds": kinds,
        "kinds_bias": kinds_bias,
    }
    (folder / RIDGE).write_bytes(save(tables))
    return {name: round(value, 4) for name, value in told.items()}


def _english(pairs: pd.DataFrame) -> list[str]:
    """English of Medline: the sources, and one translation of each source into English."""
    out = pairs[pairs["language_pair"].str.endswith("-en")].drop_duplicates("source")["hypothesis"]
    sources = pairs[pairs["language_pair"].str.startswith("en-")]["source"]
    return list(dict.fromkeys([*sources, *out]))


def _fit_kinds(
    texts: Mapping[str, Sequence[str]], encoder: Encoder
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Softmax regression over the kinds: weights (kinds, d), biases, share of right held-out.

    Every kind counts alike, however many texts it has.
    """
    x = np.concatenate([encoder.encode(list(texts[kind])) for kind in KINDS]).astype(np.float64)
    held = np.array([held_out(t) for kind in KINDS for t in texts[kind]])
    own = np.repeat(np.arange(len(KINDS)), [len(texts[kind]) for kind in KINDS])
    truth = np.eye(len(KINDS))[own]
    share = 1 / (truth[~held].sum(axis=0) * len(KINDS))
    a, wanted, weight = x[~held], truth[~held], share[own[~held]][:, None]

    def cost(theta: Floats) -> tuple[float, Floats]:
        w = theta.reshape(x.shape[1] + 1, len(KINDS))
        z = a @ w[:-1] + w[-1]
        chance = np.exp(z - logsumexp(z, axis=1, keepdims=True))
        off = (chance - wanted) * weight
        total = -(np.log(np.maximum(chance, 1e-12)) * wanted * weight).sum()
        total += KINDS_PENALTY * (w[:-1] ** 2).sum()
        return float(total), np.vstack([a.T @ off + 2 * KINDS_PENALTY * w[:-1], off.sum(0)]).ravel()

    found = minimize(cost, np.zeros((x.shape[1] + 1) * len(KINDS)), jac=True, method="L-BFGS-B")
    w = found.x.reshape(x.shape[1] + 1, len(KINDS))
    right = float(np.mean((x[held] @ w[:-1] + w[-1]).argmax(axis=1) == own[held]))
    # safetensors writes the memory as it lies, so it must lie in the order of the shape.
    table = np.ascontiguousarray(w[:-1].T, dtype=np.float32)
    return table, w[-1].astype(np.float32), right
