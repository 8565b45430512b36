"""Errors that a rule's case file declares, so that a new rule needs no other file.

In ``tests/cases/CODE.yaml``::

    planted:
      - kind: refusal turned into consent   # what is planted
        source: 'refused|rejected'           # optional: only where the source has it once
        replace: {拒绝: 同意}                # in the hypothesis, where it stands once
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from pathlib import Path

from mtcheck.errors import DataError
from mtcheck.lab.planting.kinds import Kind, Pair, PlantPair, of_pair

__all__ = ["read_declared"]

_KEYS = {"kind", "source", "replace"}


def read_declared(folder: Path) -> list[Kind]:
    """The kinds that the case files of a folder declare. Raises DataError for a wrong one."""
    import yaml

    found: list[Kind] = []
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        code = str(content.get("rule", path.stem))
        found += [_kind(entry, code, path) for entry in content.get("planted", ())]
    return found


def _kind(entry: object, code: str, path: Path) -> Kind:
    if not isinstance(entry, dict) or not {"kind", "replace"} <= set(entry) <= _KEYS:
        raise DataError(
            f"planted is {entry!r}", path=str(path), mend="give kind, replace and maybe source"
        )
    plant = _plant(entry["replace"], entry.get("source", ""))
    return Kind(str(entry["kind"]), of_pair(plant), (code,))


def _plant(replace: Mapping[str, str], english: str) -> PlantPair:
    def plant(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
        if english and len(re.findall(english, source, re.I)) != 1:
            return None
        usable = [(old, new) for old, new in replace.items() if hypothesis.count(old) == 1]
        if not usable:
            return None
        old, new = rng.choice(usable)
        return source, hypothesis.replace(old, new)

    return plant
