"""One list of what is planted, in which a name means one thing."""

from __future__ import annotations

from pathlib import Path

from mtcheck.lab.planting.registry import kinds, mutations
from mtcheck.rules import all_rules

CASES = Path(__file__).parents[2] / "cases"


def test_a_name_is_one_kind_and_its_codes_are_rules() -> None:
    found = kinds(CASES)
    names = [(kind.use, kind.level, kind.name) for kind in found]
    assert len(set(names)) == len(names)
    assert {code for kind in found for code in kind.codes} <= set(all_rules())
    assert {kind.level for kind in found} == {"segment", "position", "document"}


def test_what_a_case_file_declares_is_in_the_list(tmp_path: Path) -> None:
    text = "rule: ACC005\nplanted: [{kind: dozen became a pair, replace: {十二: 两}}]"
    (tmp_path / "ACC005.yaml").write_text(text, encoding="utf-8")
    (new,) = [kind for kind in kinds(tmp_path) if kind not in kinds()]
    assert (new.name, new.level, new.codes) == ("dozen became a pair", "segment", ("ACC005",))
    assert len(mutations(tmp_path)) == len(mutations()) + 1
