"""One list of what is planted, in which a name means one thing."""

from __future__ import annotations

from pathlib import Path

from mtcheck.lab.planting.catalogue import catalogue
from mtcheck.rules import all_rules

CASES = Path(__file__).parents[2] / "cases"


def test_a_name_is_one_kind_and_its_aims_are_rules() -> None:
    for purpose, kinds in catalogue(CASES).items():
        names = [kind.name for kind in kinds]
        assert len(set(names)) == len(names) > 0, purpose
        assert {code for kind in kinds for code in kind.aims} <= set(all_rules())


def test_what_a_case_file_declares_is_in_the_list(tmp_path: Path) -> None:
    text = "rule: ACC005\nplanted: [{kind: dozen became a pair, replace: {十二: 两}}]"
    (tmp_path / "ACC005.yaml").write_text(text, encoding="utf-8")
    *known, new = catalogue(tmp_path)["rules"]
    assert (new.name, new.aims) == ("dozen became a pair", ("ACC005",))
    assert known == catalogue()["rules"]
