"""Sentence alignment: the dynamic programming with a toy encoder, and the real one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.align import align, assign
from mtcheck.models import Encoder, Vectors, load_encoder


class Letters:
    """A toy encoder: a text is the bag of its letters, so equal letters mean equal sense."""

    name = signature = "letters"
    min_similarity = None

    def encode(self, texts: list[str]) -> Vectors:
        rows = np.zeros((len(texts), 26), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                if "a" <= letter <= "z":
                    row[ord(letter) - 97] += 1
        rows /= np.maximum(1.0, np.linalg.norm(rows, axis=1, keepdims=True))
        return rows


def kinds(source: list[str], target: list[str], encoder: Encoder) -> list[str]:
    return [b.kind for b in align(source, target, encoder)]


@given(
    source=st.lists(st.text("abcdef ", min_size=1, max_size=12), max_size=8),
    target=st.lists(st.text("abcdef ", min_size=1, max_size=12), max_size=8),
)
@settings(max_examples=60)
def test_every_sentence_is_in_one_bead_in_order(source: list[str], target: list[str]) -> None:
    beads = align(source, target, Letters())
    assert [i for b in beads for i in range(*b.source)] == list(range(len(source)))
    assert [j for b in beads for j in range(*b.hypothesis)] == list(range(len(target)))
    for bead in beads:
        assert (bead.similarity is None) == ("0" in bead.kind.split("-"))


ENGLISH = [
    "Wetlands store large amounts of carbon.",
    "We sampled 48 sites along the northern coast.",
    "Salinity explained most of the variation in plant cover.",
    "Grazing had no measurable effect.",
    "Managers should restore tidal flow first.",
]
CHINESE = [
    "湿地储存了大量的碳。",
    "我们沿北部海岸对48个地点进行了采样。",
    "盐度解释了植物覆盖度的大部分变化。",
    "放牧没有可测量的影响。",
    "管理者应首先恢复潮汐流动。",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder("embedded")


def test_a_faithful_translation_is_one_to_one(encoder: Encoder) -> None:
    assert kinds(ENGLISH, CHINESE, encoder) == ["1-1"] * 5


@pytest.mark.parametrize("lost", range(5))
def test_a_lost_sentence_is_an_omission(lost: int, encoder: Encoder) -> None:
    beads = align(ENGLISH, CHINESE[:lost] + CHINESE[lost + 1 :], encoder)
    assert [b.source for b in beads if b.kind == "1-0"] == [(lost, lost + 1)]
    assert len(beads) == 5


@pytest.mark.parametrize("added", range(5))
def test_a_sentence_without_source_is_an_addition(added: int, encoder: Encoder) -> None:
    beads = align(ENGLISH[:added] + ENGLISH[added + 1 :], CHINESE, encoder)
    assert [b.hypothesis for b in beads if b.kind == "0-1"] == [(added, added + 1)]


def test_merged_and_split_sentences(encoder: Encoder) -> None:
    merged = [*CHINESE[:2], CHINESE[2][:-1] + "，" + CHINESE[3], CHINESE[4]]
    assert kinds(ENGLISH, merged, encoder) == ["1-1", "1-1", "2-1", "1-1"]
    whole = [ENGLISH[0], ENGLISH[1][:-1] + ", and s" + ENGLISH[2][1:], *ENGLISH[3:]]
    assert kinds(whole, CHINESE, encoder) == ["1-1", "1-2", "1-1", "1-1"]


def test_an_absent_side(encoder: Encoder) -> None:
    assert kinds(ENGLISH, [], encoder) == ["1-0"] * 5
    assert kinds([], CHINESE, encoder) == ["0-1"] * 5


def test_a_long_document_stays_in_the_band() -> None:
    words = [f"{a}{b}{c}{a}{a}" for a in "abcdefgh" for b in "ijklmnop" for c in "qrstuv"]
    assert set(kinds(words, words, Letters())) == {"1-1"}


def test_a_reference_is_shared_out(encoder: Encoder) -> None:
    reference = [
        "湿地固存了大量碳。",
        "研究在北部海岸的48个样点取样。",
        "植物盖度的变异主要由盐度解释。",
    ]
    assert assign(reference, CHINESE, encoder, joiner="") == [(0, 1), (1, 2), (2, 3), None, None]
