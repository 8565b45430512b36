"""Every kind of error that is planted, in one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mtcheck.lab.planting.anywhere import ANYWHERE, LOOSELY
from mtcheck.lab.planting.declared import read_declared
from mtcheck.lab.planting.kinds import Kind
from mtcheck.lab.planting.segments import CLAIMED
from mtcheck.lab.planting.translations import MEANING, WAYS

__all__ = ["Purpose", "catalogue"]

Purpose = Literal["rules", "places", "training"]


def catalogue(cases: Path | None = None) -> Mapping[Purpose, Sequence[Kind]]:
    """All kinds by what they are for.

    For the rules those that a rule claims to see, with what the case files in ``cases`` declare;
    for the places of a translation those that a translator could make anywhere; for training
    those that are contrasted with the right translation. Raises DataError for a wrong
    declaration in ``cases``.
    """
    ways = {kind.name: kind for kind, _ in (*WAYS, *MEANING)}
    return {
        "rules": [*CLAIMED, *(read_declared(cases) if cases else ())],
        "places": ANYWHERE,
        "training": [*LOOSELY, *ways.values()],
    }
