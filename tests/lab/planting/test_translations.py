"""Planted errors for contrast: what is marked is what changed."""

from __future__ import annotations

import random

import pytest

from mtcheck.lab.planting.translations import WAYS, corrupt

SOURCE = "In 2019, the drug did not increase survival, although 35 patients had fewer symptoms."
TEXT = "2019年，该药物没有增加患者的生存率，但是35名患者的症状有所减少。"
OTHER = "土壤样品在冬季采集，随后在实验室中分析了重金属含量。"


@pytest.mark.parametrize("name", WAYS)
def test_each_way_changes_the_text_and_marks_places_inside_it(name: str) -> None:
    seen = set()
    for seed in range(20):
        made = WAYS[name][0](SOURCE, TEXT, OTHER, random.Random(seed))
        assert made is not None
        changed, marks = made
        assert changed != TEXT
        assert all(0 <= a < b <= len(changed) for a, b in marks)
        seen.add(changed)
    assert len(seen) > 1 or name in {"copied", "other sentence"}


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
