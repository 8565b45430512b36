"""Every kind of error that is planted, in one list: for rules, for training, for the aligner.

Makers differ, since what they plant into does: a pair, a place in a hypothesis, a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mtcheck.lab.planting.anywhere import ANYWHERE, LOOSELY, Everywhere
from mtcheck.lab.planting.declared import read_declared
from mtcheck.lab.planting.documents import ERRORS
from mtcheck.lab.planting.segments import MUTATIONS, Mutation
from mtcheck.lab.planting.translations import MEANING, WAYS, Way

__all__ = ["Kind", "Level", "Use", "kinds", "mutations"]

Level = Literal["segment", "position", "document"]
Use = Literal["rules", "training", "alignment"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error: its name, what it is planted into, and the rules that claim to see it.

    ``maker`` plants it; None where :func:`mtcheck.lab.planting.documents.plant` plants all
    kinds of a document in one go. ``use``: who plants it. Use, level and name
    together are of one kind.
    """

    name: str
    level: Level
    use: Use
    codes: tuple[str, ...] = ()
    maker: Mutation | Everywhere | Way | None = None


def mutations(cases: Path | None = None) -> list[Mutation]:
    """What is planted for the rules, with what the case files in ``cases`` declare."""
    return [*MUTATIONS, *(read_declared(cases) if cases else ())]


def kinds(cases: Path | None = None) -> Sequence[Kind]:
    """All kinds. Raises DataError for a wrong declaration in ``cases``."""
    return [
        *(Kind(m.kind, _level(m), "rules", m.aims, m) for m in mutations(cases)),
        *(Kind(e.kind, "position", "rules", maker=e) for e in ANYWHERE),
        *(Kind(e.kind, "position", "training", maker=e) for e in LOOSELY),
        *(
            Kind(name, "segment", "training", maker=way)
            for name, (way, _) in (WAYS | MEANING).items()
        ),
        *(Kind(name, "document", "alignment") for name in ERRORS),
    ]


def _level(mutation: Mutation) -> Level:
    return "document" if mutation.arrange or mutation.retell else "segment"
