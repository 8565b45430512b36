"""The weights of the aligner and of the search for lost clauses, read from ``weights.json``.

``mtcheck train alignment DATA`` fits them and writes the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtcheck.types import Side

__all__ = ["CLAUSES", "FILE", "FITTED", "Weights"]

FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the log-linear models; each begins with its constant. Units: log odds."""

    pair: tuple[float, ...]
    """Of a 1-1 bead; the features are those of :func:`mtcheck.alignment.beads.features`."""
    joined: tuple[float, ...]
    """Of beads that join sentences; the constant, first, is 0: each shape has its own."""
    shapes: tuple[float, ...]
    """The constants of 1-2, 2-1, 2-2, 1-3 and 3-1 beads."""
    lost: tuple[float, ...]
    """Of a source sentence without counterpart."""
    new: tuple[float, ...]
    """Of a hypothesis sentence without counterpart."""
    wary: tuple[float, float]
    """Added to the constants of lost and new: where their F1 was highest."""
    split: tuple[float, ...]
    """Of the second look at a 1-2 bead."""
    merged: tuple[float, ...]
    """Of the second look at a 2-1 bead."""
    crossing: float
    """By how much a crossing must be better than what it replaces."""


def _read() -> tuple[Weights, dict[Side, tuple[float, ...]]]:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in content["alignment"].items()
    }
    return Weights(**values), {side: tuple(w) for side, w in content["clauses"].items()}


FITTED, CLAUSES = _read()
"""``CLAUSES`` holds, by side, the constant and the weights of what speaks for a stretch being
uncovered: what leaving it out gains in cosine, then those of
:class:`mtcheck.alignment.coverage.Candidate`."""
