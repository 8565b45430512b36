"""Planted errors for contrast: what is marked is what changed."""

from __future__ import annotations

import random

import pytest

from mtcheck.lab.planting.translations import MEANING, WAYS, corrupt

SOURCE = (
    "In 2019, the drug did not increase survival, although more than 35 patients had fewer "
    "symptoms in 12 weeks (see below)."
)
TEXT = "2019年，该药物没有增加患者的生存率，但是超过35名患者的症状在12周内有所减少（见下文）。"
OTHER = "土壤样品在冬季采集，随后在实验室中分析了重金属含量。"


EVERY = {**WAYS, **MEANING}


@pytest.mark.parametrize("name", EVERY)
def test_each_way_changes_the_text_and_marks_places_inside_it(name: str) -> None:
    seen = set()
    for seed in range(20):
        made = EVERY[name][0](SOURCE, TEXT, OTHER, random.Random(seed))
        assert made is not None
        changed, marks = made
        assert changed != TEXT
        assert all(0 <= a < b <= len(changed) for a, b in marks)
        seen.add(changed)
    assert len(seen) > 1 or name in {
        "copied",
        "other sentence",
        "comparator",
        "omitted from a list",
    }


def test_what_is_outside_the_mark_is_unchanged() -> None:
    for name in ("number", "opposite", "untranslated", "wrong words", "words swapped"):
        changed, ((start, end),) = WAYS[name][0](SOURCE, TEXT, OTHER, random.Random(3)) or ("", ())
        assert TEXT.startswith(changed[:start])
        assert TEXT.endswith(changed[end:])


def test_a_short_text_gets_another_sentence_at_worst() -> None:
    name, (changed, marks) = corrupt("Yes.", "是", OTHER, random.Random(1))
    assert changed != "是"
    assert name in WAYS
    assert marks


def test_negation_is_dropped_as_often_as_added_and_not_within_a_longer_word() -> None:
    seen = [
        WAYS["negation"][0](SOURCE, TEXT, OTHER, random.Random(seed)) or ("", ())
        for seed in range(200)
    ]
    dropped = sum("没有增加" not in changed for changed, _ in seen)
    assert 60 < dropped < 140
    assert WAYS["negation"][0]("", "不同社会的无线能量平均值不断上升", "", random.Random(0)) is None


def test_a_comparison_is_turned_both_ways() -> None:
    for text, turned in (("A高于B。", "A低于B。"), ("A低于B。", "A高于B。"), ("P<0.05", "P>0.05")):
        outcomes = {
            (WAYS["comparator"][0]("", text, "", random.Random(s)) or ("", ()))[0] for s in range(9)
        }
        assert turned in outcomes
