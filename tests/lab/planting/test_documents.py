"""Planted errors: the truth about them is true."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from mtcheck.lab.planting.documents import opened, plant, without

PAIRS = [(f"Sentence {k} is here.", f"第{k}句在这里，它有两个部分，而且不短。") for k in range(12)]


@given(seed=st.integers(0, 10_000), rate=st.sampled_from([0.0, 0.1, 0.25]))
def test_beads_cover_both_sides_once(seed: int, rate: float) -> None:
    found = plant(PAIRS, random.Random(seed), rate=rate, swaps=rate)
    assert [i for b in found.beads for i in range(b[0], b[1])] == list(range(len(found.source)))
    right = sorted(j for b in found.beads for j in range(b[2], b[3]))
    assert right == list(range(len(found.hypothesis)))
    for i, i2, j, j2 in found.beads:
        numbers = {s.split()[1] for s in found.source[i:i2]}
        text = "".join(found.hypothesis[j:j2])
        if i < i2 and j < j2:
            assert all(f"第{number}句" in text for number in numbers)
    if not rate:
        assert found.hypothesis == [t for _, t in PAIRS]


def test_a_clause_is_taken_out_with_its_comma() -> None:
    assert without("甲来了，乙走了，丙睡了。", (4, 7), "，") == "甲来了，丙睡了。"
    assert without("It rained, so we left.", (11, 21), ", ") == "It rained."
    assert without("When it rained, we left.", (0, 14), ", ") == "we left."


def test_spaced_chinese_is_closed_up() -> None:
    assert opened("我们 用 PCR kit 检测 。") == "我们用PCR kit检测。"
    assert opened(["共", "3", "例"]) == "共3例"
