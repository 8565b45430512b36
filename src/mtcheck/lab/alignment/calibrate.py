"""Calibrate the aligner for an encoder, on documents whose sentences are known to pair up.

The aligner's weights belong to the cosines of the embedded encoder. Other encoders give others
(multilingual-e5 hardly any below 0.7), so three medians are measured and stored in a file that
``Config.alignment_file`` names.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from mtcheck.alignment.pairing import CosineScale
from mtcheck.errors import DataError
from mtcheck.files import write_whole
from mtcheck.models import Encoder

__all__ = ["calibrate", "write_scale"]

_FEWEST = 30
"""Pairs below which medians are not worth storing."""


def calibrate(documents: Iterable[Sequence[tuple[str, str]]], encoder: Encoder) -> CosineScale:
    """Measure an encoder on clean (source, translation) pairs, grouped by document.

    Documents with fewer than three pairs are passed over: they hold too few unrelated ones.
    Raises DataError when fewer than 30 pairs are left, or when translations are no closer to
    their sources than other sentences are, so that no alignment is possible.
    """
    unrelated: list[float] = []
    related: list[float] = []
    centred: list[float] = []
    for pairs in documents:
        count = len(pairs)
        if count < 3:
            continue
        left = encoder.encode([s for s, _ in pairs]).astype(np.float64)
        right = encoder.encode([t for _, t in pairs]).astype(np.float64)
        cosine = left @ right.T
        related += cosine.diagonal().tolist()
        unrelated += cosine[~np.eye(count, dtype=bool)].tolist()
        # One more than there are, as in the aligner.
        apart = [side - side.sum(axis=0) / (count + 1) for side in (left, right)]
        one, two = (
            side / np.maximum(1e-9, np.linalg.norm(side, axis=1, keepdims=True)) for side in apart
        )
        centred += (one * two).sum(axis=1).tolist()
    if len(related) < _FEWEST:
        raise DataError(
            f"{len(related)} pairs in documents of three or more are too few to calibrate on",
            mend=f"give at least {_FEWEST} aligned rows with a doc_id",
        )
    result = CosineScale(
        unrelated=round(float(np.median(unrelated)), 4),
        related=round(float(np.median(related)), 4),
        centred=round(float(np.median(centred)), 4),
    )
    if result.related <= result.unrelated or result.centred <= 0:
        raise DataError(
            f"encoder {encoder.name} does not tell translations from other sentences "
            f"(median cosine {result.related:.2f} against {result.unrelated:.2f})",
            mend="choose a multilingual encoder, or see that the rows pair up",
        )
    return result


def write_scale(path: Path, scale: CosineScale, encoder: Encoder) -> None:
    """Write a small JSON file that :func:`mtcheck.alignment.pairing.load_scale` reads."""
    content = {"signature": encoder.signature, **dataclasses.asdict(scale)}
    write_whole(path, json.dumps(content, indent=2) + "\n")
