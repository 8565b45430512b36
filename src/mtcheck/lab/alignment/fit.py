"""Fit the aligner's weights, and those of the search for lost clauses.

    mtcheck train alignment DATA          # prints figures on held-out documents
    mtcheck train alignment DATA --write  # also writes alignment/weights.json

``DATA`` is a folder with ``mlqe_pe_train.parquet`` (MLQE-PE English-Chinese, CC0: Wikipedia
sentences with human post-edits). Post-edits are grouped into documents of 4 to 13 sentences that
resemble each other, and losses, additions, merges and splits are planted in them. In order:

1. what counts as a character (``text/extent.py``) and how lengths spread (``beads.py``); those
   in use were chosen by hand near an earlier fit, the command prints what maximum likelihood
   gives;
2. the weights of beads, by maximum likelihood (a semi-Markov conditional random field: all
   alignments of a document compete);
3. the second look: logistic regressions on the beads that the first left in doubt;
4. what to add to the constants of absent sides so that the F1 of omissions and additions is
   highest, and from when on a crossing is believed, so that the F1 of reorderings is;
5. the weights of lost clauses (``coverage.py``): logistic regressions on pairs with one clause
   deleted and on pairs with none.

Nothing is drawn anew from run to run. The whole takes three quarters of an hour on one core. The
file that ships was made by these functions step by step, with vectors kept as half floats; the
whole command gives slightly other weights, which find as much (on planted documents of MLQE-PE
and WMT24 the F1 of links, omissions and additions differs by less than 0.005).
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from mtcheck.alignment.beads import JOINED, SHAPES, BeadFeatures, Matrix, Range
from mtcheck.alignment.coverage import candidates, with_gains
from mtcheck.alignment.fitted import FILE, FITTED, Weights
from mtcheck.alignment.pairing import Bead, align, best_path, doubtful
from mtcheck.lab.planting.documents import (
    Block,
    PlantedDocument,
    alike,
    opened,
    plant,
    without,
)
from mtcheck.lab.planting.kinds import Pair
from mtcheck.languages.en.lexicon import FUNCTION_WORDS
from mtcheck.languages.en_zh.clauses import clauses
from mtcheck.languages.en_zh.extent import UNIT
from mtcheck.languages.en_zh.numbers import LanguageCode
from mtcheck.models import Encoder, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.types import Segment, Side

__all__ = ["fit", "fit_clauses", "fit_lengths", "pairs_of", "refit"]

_ALL: tuple[Range, ...] = (*SHAPES, (1, 0), (0, 1))
_PENALTY = 2.0
_CHUNK = 150
_NEVER = -1e30
_WARY = tuple(itertools.product((0.3, 0.0, 0.6), (0.6, 1.0, 1.4)))
_CROSSINGS = (2.0, 3.0, 4.0, 5.0)
_JUDGES = 200
_ROUNDS = 4
# Other translations are terser than post-edits, and differ from each other: mean and standard
# deviation of the log ratio, over documents of our sample data and of WMT24.
_TERSER = (0.06, 0.09)
_FALSE = 0.002


def pairs_of(folder: Path) -> list[Pair]:
    """The sentences of MLQE-PE train with their post-edits, less those of odd length."""
    frame = pd.read_parquet(folder / "mlqe_pe_train.parquet")
    pairs = zip(frame.source, map(opened, frame.post_edit_tokenised), strict=True)
    return [(s, t) for s, t in pairs if 0.12 < len(t) / len(s) < 0.8]


def fit_lengths(pairs: Sequence[Pair]) -> tuple[float, ...]:
    """What maximum likelihood gives for the constants of lengths, log ratios being normal.

    Characters by English word, by letter of a content word and by Latin letter in the Chinese
    (``text/extent.py``); variance of a log ratio: a part of its own, and one that the shorter
    side's characters share (``beads.py``).
    """

    def counted(text: str) -> tuple[int, int, int, int]:
        units = UNIT.findall(text)
        words = [u for u in units if u.isascii() and u.isalpha()]
        content = sum(len(w) for w in words if w.lower() not in FUNCTION_WORDS)
        return len(units) - len(words), len(words), content, sum(map(len, words))

    source = np.array([counted(s) for s, _ in pairs], dtype=np.float64)
    target = np.array([counted(t) for _, t in pairs], dtype=np.float64)

    def cost(theta: Matrix) -> float:
        word, letter, latin, own, shared = np.exp(theta)
        left = 1 + source[:, 0] + word * source[:, 1] + letter * source[:, 2]
        right = 1 + target[:, 0] + latin * target[:, 3]
        variance = own + shared / np.minimum(left, right)
        return float(np.mean(np.log(variance) + np.log(right / left) ** 2 / variance))

    start = np.log([0.9, 0.2, 0.25, 0.02, 0.25])
    found = minimize(cost, start, method="Nelder-Mead", options={"maxiter": 2000})
    return tuple(round(float(v), 3) for v in np.exp(found.x))


@dataclass(frozen=True)
class _Features:
    """A planted document with its features by shape, and its true beads."""

    n: int
    m: int
    features: dict[Range, Matrix]
    beads: list[Block]


def _sample(document: PlantedDocument, encoder: Encoder) -> _Features:
    seen = BeadFeatures(document.source, document.hypothesis, encoder)
    shapes = (*seen.cosines, (1, 0), (0, 1))
    return _Features(
        len(document.source),
        len(document.hypothesis),
        {shape: seen.features(shape).astype(np.float32) for shape in shapes},
        document.beads,
    )


def _summed(ways: Sequence[Matrix]) -> Matrix:
    """The logarithm of the sum of exponentials over the ways."""
    every = np.stack(ways)
    top = every.max(axis=0)
    summed: Matrix = top + np.log(np.exp(every - top).sum(axis=0))
    return summed


class _SideBySide:
    """Documents side by side, padded to one size, to sum over all their alignments at once."""

    def __init__(self, samples: Sequence[_Features]) -> None:
        self.ends = (np.array([s.n for s in samples]), np.array([s.m for s in samples]))
        size = tuple(int(e.max()) + 1 for e in self.ends)
        self.size: Range = (size[0], size[1])
        self.features: dict[Range, NDArray[np.float32]] = {}
        self.present: dict[Range, NDArray[np.bool_]] = {}
        self.true: dict[Range, Matrix] = {}
        for shape in _ALL:
            width = next(s.features[shape].shape[-1] for s in samples if shape in s.features)
            values = np.zeros((*size, len(samples), width), np.float32)
            present = np.zeros((*size, len(samples)), bool)
            true = np.zeros(width)
            for k, sample in enumerate(samples):
                found = sample.features.get(shape)
                if found is None:
                    continue
                if shape == (1, 0):
                    found = np.repeat(found[:, None], sample.m + 1, axis=1)
                elif shape == (0, 1):
                    found = np.repeat(found[None], sample.n + 1, axis=0)
                values[: found.shape[0], : found.shape[1], k] = found
                present[: found.shape[0], : found.shape[1], k] = True
                for i, i2, j, j2 in sample.beads:
                    if (i2 - i, j2 - j) == shape:
                        true += found[i, j]
            self.features[shape], self.present[shape], self.true[shape] = values, present, true

    def loss(self, weights: dict[Range, Matrix]) -> tuple[float, dict[Range, Matrix]]:
        """Negative log likelihood of the true alignments, and its gradient by shape."""
        rows, columns = self.size
        every = np.arange(len(self.ends[0]))
        worths = {
            shape: np.where(
                self.present[shape],
                (self.features[shape] @ weights[shape].astype(np.float32)).astype(np.float64),
                _NEVER,
            )
            for shape in _ALL
        }
        before = np.full((rows, columns, len(every)), _NEVER)
        before[0, 0] = 0
        after = np.full_like(before, _NEVER)
        after[(*self.ends, every)] = 0
        for i, j in itertools.product(range(rows), range(columns)):
            if i or j:
                ways = [
                    before[i - a, j - b] + worths[a, b][i - a, j - b]
                    for a, b in _ALL
                    if a <= i and b <= j
                ]
                before[i, j] = _summed(ways)
        for i, j in itertools.product(reversed(range(rows)), reversed(range(columns))):
            ways = [
                after[i + a, j + b] + worths[a, b][i, j]
                for a, b in _ALL
                if i + a < rows and j + b < columns
            ]
            after[i, j] = _summed([after[i, j], *ways])
        total = before[(*self.ends, every)]
        loss = float(total.sum())
        gradient = {}
        for shape in _ALL:
            a, b = shape
            follows = np.full_like(after, _NEVER)
            follows[: rows - a, : columns - b] = after[a:, b:]
            chance = np.exp(np.minimum(0, before + worths[shape] + follows - total))
            chance = np.where(self.present[shape], chance, 0)
            gradient[shape] = (
                np.tensordot(chance, self.features[shape], axes=([0, 1, 2], [0, 1, 2]))
                - self.true[shape]
            )
            loss -= float(self.true[shape] @ weights[shape])
        return loss, gradient


def _layout(sample: _Features) -> tuple[dict[Range, NDArray[np.int64]], int]:
    """Where each shape's weights stand; joined beads share all but their constant."""
    width = {shape: found.shape[-1] for shape, found in sample.features.items()}
    layout = {(1, 1): np.arange(width[1, 1])}
    at = width[1, 1]
    shared = np.arange(at, at + width[1, 2] - 1)
    at += len(shared)
    for shape in JOINED:
        layout[shape] = np.concatenate([[at], shared])
        at += 1
    for shape in ((1, 0), (0, 1)):
        layout[shape] = np.arange(at, at + width[shape])
        at += width[shape]
    return layout, at


def _constant_first(sample: _Features) -> _Features:
    """Joined beads with a constant of 1, which the aligner has by shape instead."""
    features = dict(sample.features)
    for shape in JOINED:
        if shape in features:
            features[shape] = features[shape].copy()
            features[shape][..., 0] = 1
    return dataclasses.replace(sample, features=features)


def _fit_beads(samples: Iterable[_Features], start: Weights) -> Weights:
    """Step 2."""
    kept = [
        _constant_first(s)
        for s in samples
        if all((i2 - i, j2 - j) in _ALL for i, i2, j, j2 in s.beads)
    ]
    kept.sort(key=lambda s: s.n + s.m)
    batches = [_SideBySide(kept[k : k + _CHUNK]) for k in range(0, len(kept), _CHUNK)]
    layout, size = _layout(next(s for s in kept if len(s.features) == len(_ALL)))

    def loss(x: Matrix) -> tuple[float, Matrix]:
        total, slope = _PENALTY * float(x @ x) / 2, _PENALTY * x
        for batch in batches:
            one, gradient = batch.loss({shape: x[at] for shape, at in layout.items()})
            total += one
            for shape, values in gradient.items():
                np.add.at(slope, layout[shape], values)
        return total / len(kept), slope / len(kept)

    x = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    found = {shape: _rounded(x[at]) for shape, at in layout.items()}
    return dataclasses.replace(
        start,
        pair=found[1, 1],
        joined=(0.0, *found[1, 2][1:]),
        shapes=tuple(found[shape][0] for shape in JOINED),
        lost=found[1, 0],
        new=found[0, 1],
    )


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(v), 3) for v in values)


def _logistic(features: Matrix, labels: NDArray[np.bool_], penalty: float = 1.0) -> Matrix:
    """Constant and weights of a logistic regression; the penalty is on scaled features."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    mean, scale = features.mean(axis=0), np.maximum(1e-9, features.std(axis=0))
    model = LogisticRegression(C=1 / penalty, tol=1e-8, max_iter=1000)
    model.fit((features - mean) / scale, labels)
    weights = model.coef_[0] / scale
    return np.concatenate([[model.intercept_[0] - weights @ mean], weights])


def _fit_second_look(
    documents: Iterable[PlantedDocument], encoder: Encoder, weights: Weights
) -> Weights:
    """Step 3."""
    seen: dict[Range, list[list[float]]] = {(1, 2): [], (2, 1): []}
    true: dict[Range, list[bool]] = {(1, 2): [], (2, 1): []}
    for document in documents:
        features = BeadFeatures(document.source, document.hypothesis, encoder)
        worths = features.worths(weights)
        path = best_path(len(document.source), len(document.hypothesis), worths)
        for shape, i, j, gain in doubtful(path, worths):
            seen[shape].append([gain, *features.second_look(shape, i, j)])
            true[shape].append((i, i + shape[0], j, j + shape[1]) in document.beads)
    found = {
        shape: _rounded(_logistic(np.array(seen[shape]), np.array(true[shape]))) for shape in seen
    }
    return dataclasses.replace(weights, split=found[1, 2], merged=found[2, 1])


@dataclass
class _Counted:
    hit: int = 0
    said: int = 0
    true: int = 0

    def add(self, said: set[Range] | set[int], true: set[Range] | set[int]) -> None:
        self.hit += len(said & true)
        self.said += len(said)
        self.true += len(true)

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, self.said + self.true)


_Tallies = dict[str, _Counted]


def _tallied(found: Iterable[tuple[PlantedDocument, Iterable[Bead]]]) -> _Tallies:
    tallies = {name: _Counted() for name in ("link", "omission", "addition", "reorder")}
    for document, aligned in found:
        beads = list(aligned)
        said = _facts((*b.source, *b.hypothesis) for b in beads)
        true = _facts(document.beads)
        tallies["link"].add(said[0], true[0])
        tallies["omission"].add(said[1], true[1])
        tallies["addition"].add(said[2], true[2])
        # Either of two swapped sentences may be the one that is called moved.
        moved = {b.source[0] for b in beads if b.moved}
        swapped = document.swapped
        tallies["reorder"].add({i if i in swapped else i - 1 for i in moved}, swapped)
    return tallies


def _facts(blocks: Iterable[Block]) -> tuple[set[Range], set[int], set[int]]:
    """Links, lost sources and new hypotheses."""
    blocks = list(blocks)
    return (
        {(i, j) for a, b, c, d in blocks for i in range(a, b) for j in range(c, d)},
        {i for a, b, c, d in blocks if c == d for i in range(a, b)},
        {j for a, b, c, d in blocks if a == b for j in range(c, d)},
    )


def _planted(
    documents: Sequence[Sequence[Pair]], *, seed: int, rate: float, swaps: float = 0.0
) -> list[PlantedDocument]:
    rng = random.Random(seed)
    planted = [plant(pairs, rng, rate=rate, swaps=swaps) for pairs in documents]
    return [d for d in planted if d.source and d.hypothesis]


def _fit_wariness(
    documents: Sequence[Sequence[Pair]], encoder: Encoder, weights: Weights
) -> Weights:
    """Step 4."""
    plain = _planted(documents, seed=11, rate=0.07)
    swapped = _planted(documents, seed=12, rate=0.05, swaps=0.1)

    def judged(planted: Sequence[PlantedDocument], names: Sequence[str], **change: object) -> float:
        changed = dataclasses.replace(weights, **change)  # type: ignore[arg-type]
        found = _tallied(
            (d, align(d.source, d.hypothesis, encoder, weights=changed)) for d in planted
        )
        return sum(found[name].f1 for name in names)

    absent = ("omission", "addition")
    wary = max(_WARY, key=lambda pair: judged(plain, absent, wary=pair))
    weights = dataclasses.replace(weights, wary=wary)
    crossing = max(_CROSSINGS, key=lambda c: judged(swapped, (*absent, "reorder"), crossing=c))
    return dataclasses.replace(weights, crossing=crossing)


def fit(documents: Sequence[Sequence[Pair]], encoder: Encoder) -> Weights:
    """Steps 2 to 4 on documents of right pairs. Takes minutes; wants a remembering encoder."""
    planted = [
        d
        for seed, rate in ((1, 0.1), (2, 0.1), (3, 0.05))
        for d in _planted(documents, seed=seed, rate=rate)
    ]
    # Until it is fitted, the second look changes nothing.
    none = (0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    weights = dataclasses.replace(FITTED, split=none, merged=none, wary=_WARY[0], crossing=4.0)
    weights = _fit_beads((_sample(d, encoder) for d in planted), weights)
    weights = _fit_second_look(planted, encoder, weights)
    # Other company for each sentence than the one it was fitted in.
    pairs = [pair for document in documents for pair in document]
    return _fit_wariness(alike(pairs, encoder, seed=2)[:_JUDGES], encoder, weights)


def fit_clauses(pairs: Sequence[Pair], encoder: Encoder) -> dict[Side, tuple[float, ...]]:
    """Step 5: constant and weights by side, for :data:`mtcheck.alignment.fitted.CLAUSES`.

    Every second pair loses a clause of one side. Which stretch of the other side that leaves
    uncovered nobody knows, so the likeliest one stands for its pair, anew in each round. The
    constant is such that ``_FALSE`` of the untouched pairs have a stretch with a score over 0.
    """
    return {
        side: _fit_stretches(*_deprived(pairs, encoder, side)) for side in ("source", "hypothesis")
    }


def _deprived(
    pairs: Sequence[Pair], encoder: Encoder, side: Side
) -> tuple[list[Matrix | None], NDArray[np.bool_]]:
    """The candidates of each pair, a row of features each, and which pairs lost a clause."""
    rng = random.Random(31)
    segments, lost = [], []
    for number, (source, hypothesis) in enumerate(pairs):
        other: LanguageCode = "zh" if side == "source" else "en"
        text = hypothesis if side == "source" else source
        places = clauses(text, other)
        lose = rng.random() < 0.5 and len(places) > 1
        if lose:
            joint = "，" if other == "zh" else ", "
            text = without(text, places[rng.randrange(len(places))], joint)
        both = (source, text) if side == "source" else (text, hypothesis)
        segments.append(Segment("", str(number), *both))
        lost.append(lose)
    found = [
        c
        for i, s in enumerate(segments)
        for c in candidates(i, s, ratio=rng.gauss(*_TERSER))
        if c.span.side == side
    ]
    rows: dict[int, list[tuple[float, ...]]] = {}
    for candidate, gain in with_gains(found, segments, encoder):
        rows.setdefault(candidate.segment, []).append((gain, *candidate.features))
    return [np.array(rows[i]) if i in rows else None for i in range(len(pairs))], np.array(lost)


def _fit_stretches(found: Sequence[Matrix | None], lost: NDArray[np.bool_]) -> tuple[float, ...]:
    there = [(rows, bool(y)) for rows, y in zip(found, lost, strict=True) if rows is not None]
    labels = np.array([y for _, y in there])
    weights = np.eye(1, there[0][0].shape[1] + 1, 1)[0]  # in the first round by the gain alone
    for _ in range(_ROUNDS):
        likeliest = [rows[np.argmax(rows @ weights[1:])] for rows, _ in there]
        weights = _logistic(np.array(likeliest), labels)
    clean = sorted((float((rows @ weights[1:]).max()) for rows, y in there if not y), reverse=True)
    weights[0] = -clean[int(_FALSE * int((~lost).sum()))]
    return _rounded(weights)


def _report(
    documents: Sequence[Sequence[Pair]], encoder: Encoder, weights: Weights
) -> Iterator[str]:
    for rate, swaps in ((0.0, 0.0), (0.1, 0.0), (0.05, 0.1)):
        planted = _planted(documents, seed=21, rate=rate, swaps=swaps)
        found = _tallied(
            (d, align(d.source, d.hypothesis, encoder, weights=weights)) for d in planted
        )
        figures = "  ".join(
            f"{name} P {t.hit / max(1, t.said):.3f} R {t.hit / t.true:.3f} F1 {t.f1:.4f}"
            if t.true
            else f"{name} {t.said} false"
            for name, t in found.items()
        )
        yield f"errors {rate:.0%} each, swaps {swaps:.0%}: {figures}"


def refit(data: Path, *, write: bool = False) -> Iterator[str]:
    """Fit, tell the figures on held-out documents, and write the package's file if asked to.

    ``data``: folder with ``mlqe_pe_train.parquet``.
    """
    encoder = Remembering(load_encoder("embedded"))
    pairs = pairs_of(data)
    yield f"lengths by maximum likelihood: {' '.join(map(str, fit_lengths(pairs)))}"
    documents = alike(pairs, encoder, seed=1)
    yield f"{len(pairs)} pairs in {len(documents)} documents; fitted on half, judged on the rest"
    yield from _report(documents[1::2], encoder, fit(documents[::2], encoder))
    if write:
        content = {
            "alignment": dataclasses.asdict(fit(documents, encoder)),
            "clauses": fit_clauses(pairs, encoder),
        }
        FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        yield f"fitted on all: {FILE}"
