"""A case file alone can say what is planted for its rule."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mtcheck.errors import DataError
from mtcheck.lab.labels import Labelled
from mtcheck.lab.planting.declared import read_declared
from mtcheck.lab.planting.kinds import Site
from mtcheck.lab.rules.mutations import evaluate_mutations
from mtcheck.types import Segment

FILE = """
rule: ACC005
planted:
  - kind: dozen became a pair
    source: twelve
    replace: {十二: 两}
"""


def test_a_declared_error_is_planted_and_counted(tmp_path: Path) -> None:
    (tmp_path / "ACC005.yaml").write_text(FILE, encoding="utf-8")
    (kind,) = read_declared(tmp_path)
    rows = [
        Labelled(Segment("d", "1", "There were twelve cats.", "有十二只猫。")),
        Labelled(Segment("e", "2", "There were a dozen cats.", "有十二只猫。")),
    ]
    (figures,) = evaluate_mutations(rows, mutations=[kind])
    assert (figures.kind, figures.aims) == ("dozen became a pair", ("ACC005",))
    assert (figures.planted, figures.caught) == (1, 1)
    twice = Segment("d", "1", "Twelve of twelve.", "十二。")
    assert not [*kind.make(Site([twice], 0, [], random.Random(0)))]


def test_a_wrong_declaration_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "ACC005.yaml").write_text("rule: ACC005\nplanted: [{kind: a}]", encoding="utf-8")
    with pytest.raises(DataError, match=r"ACC005\.yaml"):
        read_declared(tmp_path)
