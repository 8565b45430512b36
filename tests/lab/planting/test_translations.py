"""Planted errors for contrast: what is marked is what changed."""

from __future__ import annotations

import random

import pytest

from mtcheck.lab.planting.kinds import Changed
from mtcheck.lab.planting.translations import MEANING, WAYS, corrupt
from tests.lab.planting.sites import site

SOURCE = (
    "In 2019, the drug did not increase survival, although more than 35 patients had fewer "
    "symptoms in 12 weeks (see below)."
)
TEXT = "2019年，该药物没有增加患者的生存率，但是超过35名患者的症状在12周内有所减少（见下文）。"
OTHER = "土壤样品在冬季采集，随后在实验室中分析了重金属含量。"


EVERY = {kind.name: kind for kind, _ in (*WAYS, *MEANING)}


def planted(name: str, seed: int, text: str = TEXT) -> Changed | None:
    """What a way makes of a text."""
    made = next(iter(EVERY[name].make(site(SOURCE, text, OTHER, seed))), None)
    assert made is None or isinstance(made, Changed)
    return made


@pytest.mark.parametrize("name", EVERY)
def test_each_way_changes_the_text_and_marks_places_inside_it(name: str) -> None:
    seen = set()
    for seed in range(20):
        made = planted(name, seed)
        assert made is not None
        assert made.hypothesis != TEXT
        assert all(0 <= a < b <= len(made.hypothesis) for a, b in made.marks)
        seen.add(made.hypothesis)
    assert len(seen) > 1 or name in {
        "copied",
        "other sentence",
        "comparator",
        "omitted from a list",
    }


def test_what_is_outside_the_mark_is_unchanged() -> None:
    for name in ("number", "opposite", "untranslated", "wrong words", "words swapped"):
        made = planted(name, 3)
        assert made is not None
        changed, ((start, end),) = made.hypothesis, made.marks
        assert changed[:start] + made.was + changed[end:] == TEXT


def test_a_short_text_gets_another_sentence_at_worst() -> None:
    name, changed, marks = corrupt("Yes.", "是", OTHER, random.Random(1))
    assert changed != "是"
    assert name in EVERY
    assert marks


def test_negation_is_dropped_as_often_as_added_and_not_within_a_longer_word() -> None:
    seen = [planted("negation", seed) for seed in range(200)]
    dropped = sum("没有增加" not in made.hypothesis for made in seen if made)
    assert 60 < dropped < 140
    assert planted("negation", 0, "不同社会的无线能量平均值不断上升") is None


def test_a_comparison_is_turned_both_ways() -> None:
    for text, turned in (("A高于B。", "A低于B。"), ("A低于B。", "A高于B。"), ("P<0.05", "P>0.05")):
        outcomes = [planted("comparator", seed, text) for seed in range(9)]
        assert turned in {made.hypothesis for made in outcomes if made}
