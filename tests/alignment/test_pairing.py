"""Sentence alignment: the dynamic programming with a toy encoder, and the real one."""

from __future__ import annotations

import json
import time
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.alignment.beads import Range
from mtcheck.alignment.coverage import with_uncovered
from mtcheck.alignment.pairing import CosineScale, _rejoined, align, assign, load_scale
from mtcheck.errors import DataError, UsageError
from mtcheck.lab.alignment.calibrate import calibrate, write_scale
from mtcheck.models import Encoder, Vectors, load_encoder
from mtcheck.types import Segment


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
    assert sorted(j for b in beads for j in range(*b.hypothesis)) == list(range(len(target)))
    straight = [j for b in beads if not b.moved for j in range(*b.hypothesis)]
    if not any(b.moved for b in beads):
        assert straight == list(range(len(target)))
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
    assert assign(reference, CHINESE, encoder, language="zh") == [
        (0, 1),
        (1, 2),
        (2, 3),
        None,
        None,
    ]


@pytest.mark.parametrize("at", range(4))
def test_swapped_neighbours_are_linked_and_one_is_moved(at: int, encoder: Encoder) -> None:
    swapped = [*CHINESE[:at], CHINESE[at + 1], CHINESE[at], *CHINESE[at + 2 :]]
    beads = align(ENGLISH, swapped, encoder)
    assert [b.kind for b in beads] == ["1-1"] * 5
    assert [b.source[0] for b in beads] == list(range(5))
    expected = [*range(at), at + 1, at, *range(at + 2, 5)]
    assert [b.hypothesis[0] for b in beads] == expected
    moved = [b.source[0] for b in beads if b.moved]
    assert len(moved) == 1
    assert moved[0] in {at, at + 1}


def test_a_sentence_carried_far_is_moved(encoder: Encoder) -> None:
    beads = align(ENGLISH, [*CHINESE[1:], CHINESE[0]], encoder)
    assert [b.kind for b in beads] == ["1-1"] * 5
    assert [(b.source[0], b.hypothesis[0]) for b in beads if b.moved] == [(0, 4)]


def test_anchors_part_sentences_that_sound_alike(encoder: Encoder) -> None:
    left = [
        f"Group {k} took {d} mg daily." for k, d in zip("ABCDE", (5, 10, 20, 40, 80), strict=True)
    ]
    right = [f"{k}组每日服用{d}毫克。" for k, d in zip("ABCDE", (5, 10, 20, 40, 80), strict=True)]
    beads = align(left, right[:2] + right[3:], encoder)
    assert [b.source for b in beads if b.kind == "1-0"] == [(2, 3)]


def test_the_company_of_other_texts_changes_nothing(encoder: Encoder) -> None:
    alone = align(ENGLISH, CHINESE[1:], encoder)
    encoder.encode(["Another text altogether.", *CHINESE[::-1]])
    assert align(ENGLISH, CHINESE[1:], encoder) == alone


def test_another_encoder_is_stretched_to_the_weights() -> None:
    class Squeezed(Letters):
        """The same directions about a common mean, as e5's cosines of 0.7 and more."""

        def encode(self, texts: list[str]) -> Vectors:
            rows = super().encode(texts)
            rows = np.hstack([0.5 * rows, np.full((len(rows), 1), 0.866, np.float32)])
            unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
            return unit

    words = ["abcdab", "efghef", "ijklij", "mnopmn", "qrstqr", "uvwxuv"]
    scale = CosineScale(unrelated=0.75, related=1.0, centred=1.0)
    beads = align(words, words[:3] + words[4:], Squeezed(), scale=scale)
    assert [b.source for b in beads if b.kind == "1-0"] == [(3, 4)]


def test_calibration_files(tmp_path: Path) -> None:
    file = tmp_path / "letters.json"
    content = {"signature": "letters", "unrelated": 0.1, "related": 0.9, "centred": 0.8}
    file.write_text(json.dumps(content), encoding="utf-8")
    assert load_scale(file, Letters()) == CosineScale(0.1, 0.9, 0.8)
    file.write_text(json.dumps({**content, "signature": "other"}), encoding="utf-8")
    with pytest.raises(UsageError, match="made for other"):
        load_scale(file, Letters())
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="not a calibration"):
        load_scale(file, Letters())


SOURCE = "Losses were greater in shallow bays, particularly where nutrient inputs were high."
WHOLE = "浅水海湾的损失更大，尤其是在养分输入较高的地方。"


def uncovered(source: str, hypothesis: str, encoder: Encoder, **fields: str) -> list[str]:
    segment = Segment("d", "d#1", source, hypothesis, **fields)  # type: ignore[arg-type]
    (found,) = with_uncovered([segment], encoder)
    return [found.text(u.side)[u.start : u.end] for u in found.uncovered]


def test_a_clause_without_counterpart(encoder: Encoder) -> None:
    assert uncovered(SOURCE, WHOLE, encoder) == []
    assert uncovered(SOURCE, "浅水海湾的损失更大。", encoder) == [
        "particularly where nutrient inputs were high"
    ]
    assert uncovered("Losses were greater in shallow bays.", WHOLE, encoder) == [
        "尤其是在养分输入较高的地方"
    ]


def test_clauses_are_not_asked_of_what_is_no_pair(encoder: Encoder) -> None:
    assert uncovered(SOURCE, "", encoder, alignment="1-0") == []
    assert uncovered(SOURCE, "浅水海湾的损失更大。", encoder, alignment="2-1") == []
    assert uncovered(SOURCE, SOURCE, encoder) == []  # left in English
    assert uncovered(SOURCE, "法院很少强制执行合同。", encoder) == []  # another text


def test_the_company_of_other_segments_changes_no_clause(encoder: Encoder) -> None:
    segments = [
        Segment("d", "d#1", SOURCE, "浅水海湾的损失更大。"),
        Segment("d", "d#2", ENGLISH[0], CHINESE[0]),
        Segment("d", "d#3", SOURCE, WHOLE),
    ]
    together = with_uncovered(segments, encoder)
    assert together == [with_uncovered([s], encoder)[0] for s in segments]
    assert with_uncovered(segments[::-1], encoder)[::-1] == together


@pytest.mark.parametrize(
    ("source", "hypothesis", "lost"),
    [
        (
            "Heavy grazing sharply reduced winter soil carbon stocks.",
            "放牧很重。",
            "sharply reduced winter soil carbon stocks",
        ),
        (
            "Grazing was heavy.",
            "过度放牧使冬季土壤碳储量大幅下降且难以恢复。",
            "土壤碳储量大幅下降且难以恢复",
        ),
    ],
)
def test_a_sentence_without_phrases_loses_its_head_or_tail(
    encoder: Encoder, source: str, hypothesis: str, lost: str
) -> None:
    (found,) = uncovered(source, hypothesis, encoder)
    assert found.endswith(lost)


def test_a_phrase_without_counterpart(encoder: Encoder) -> None:
    source = "We compared yields of wheat under drought with those of barley on irrigated plots."
    assert uncovered(source, "我们比较了干旱条件下小麦与灌溉地块上大麦的产量。", encoder) == []
    (found,) = uncovered(source, "我们比较了干旱条件下小麦的产量。", encoder)
    assert "those of barley on irrigated plots" in found


def test_a_document_that_is_terse_throughout_lacks_nothing(encoder: Encoder) -> None:
    terse = [c.replace("的", "").replace("了", "") for c in CHINESE]
    segments = [
        Segment("d", f"d#{k}", source, target, alignment="1-1")
        for k, (source, target) in enumerate(zip(ENGLISH, terse, strict=True))
    ]
    assert not any(s.uncovered for s in with_uncovered(segments, encoder))


class Words:
    """A toy encoder: a text is the sum of its words, each of which has a direction of its own."""

    name = signature = "words"
    min_similarity = None

    def encode(self, texts: list[str]) -> Vectors:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for k, text in enumerate(texts):
            for word in text.split():
                rows[k] += np.random.default_rng(zlib.crc32(word.encode())).standard_normal(64)
        rows /= np.maximum(1e-9, np.linalg.norm(rows, axis=1, keepdims=True))
        return rows


@pytest.mark.parametrize(("count", "repeat"), [(500, 1), (140, 12)])
def test_long_texts_are_aligned_within_bounds(count: int, repeat: int) -> None:
    words = [f"{a}{b}{c}{a}{d}" for a in "abcdefgh" for b in "ijkl" for c in "mnop" for d in "qrst"]
    left = [" ".join([words[k]] * 2 * repeat) for k in range(count)]
    gone = count // 2
    right = left[:gone] + left[gone + 1 :]
    assert repeat == 1 or sum(map(len, left)) >= 20_000
    tracemalloc.start()
    began = time.perf_counter()
    beads = align(left, right, Words(), languages=("en", "en"))
    seconds = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [b.source for b in beads if b.kind == "1-0"] == [(gone, gone + 1)]
    assert len(beads) == count
    assert peak < 300 * 2**20
    assert seconds < 60


def test_a_second_look_tells_a_split_from_an_addition(encoder: Encoder) -> None:
    source = ["Salinity explained most of the variation in plant cover, and grazing had no effect."]
    split = ["盐度解释了植物覆盖度的大部分变化。", "放牧没有影响。"]
    added = ["盐度解释了植物覆盖度的大部分变化，放牧没有影响。", "湿地储存了大量的碳。"]
    assert kinds(source, split, encoder) == ["1-2"]
    assert kinds(source, added, encoder) == ["1-1", "0-1"]


def test_calibrating(encoder: Encoder, tmp_path: Path) -> None:
    pairs = list(zip(ENGLISH, CHINESE, strict=True))
    found = calibrate([pairs] * 6, encoder)
    assert 0 < found.unrelated < found.related < 1
    write_scale(tmp_path / "own.json", found, encoder)
    assert load_scale(tmp_path / "own.json", encoder) == found
    with pytest.raises(DataError, match="too few"):
        calibrate([pairs], encoder)
    wrong = list(zip(ENGLISH, CHINESE[2:] + CHINESE[:2], strict=True))
    with pytest.raises(DataError, match="does not tell"):
        calibrate([wrong] * 6, encoder)


@pytest.mark.parametrize(
    ("at", "added"), [(0, "养分输入会降低海草床的覆盖度。"), (1, "碳储量随水深增加而下降。")]
)
def test_one_topic_makes_no_pair_of_a_lost_and_an_added_sentence(
    encoder: Encoder, at: int, added: str
) -> None:
    source = [
        "Seagrass meadows store large amounts of carbon in their soils.",
        "We measured carbon stocks in twelve meadows along the coast.",
        "Stocks were highest in sheltered bays with fine sediment.",
        "Grazing by geese had little effect on the stocks.",
        "Restored meadows had reached half of the natural stock after ten years.",
        "Protecting old meadows is therefore worth more than planting new ones.",
    ]
    hypothesis = [
        "海草床在土壤中储存了大量的碳。",
        "我们测定了沿海十二处海草床的碳储量。",
        "碳储量在沉积物较细的隐蔽海湾中最高。",
        "鹅的啃食对碳储量影响很小。",
        "修复的海草床在十年后达到天然储量的一半。",
        "因此，保护老的海草床比种植新的更有价值。",
    ]
    assert kinds(source, hypothesis, encoder) == ["1-1"] * 6
    hypothesis[at] = added
    assert sorted(kinds(source, hypothesis, encoder)) == ["0-1", "1-0", *["1-1"] * 5]


def test_a_half_sentence_is_paired_with_its_source_again() -> None:
    def joined(path: list[Range], cosine: float, worth: float) -> list[Range]:
        cosines = np.array([[0.9, 0.0], [0.0, cosine]])
        worths = {
            (1, 1): np.array([[5.0, -9.0], [-9.0, worth]]),
            (1, 0): np.zeros((2, 1)),
            (0, 1): np.zeros((1, 2)),
        }
        return _rejoined(path, cosines, worths)

    for apart in ([(1, 1), (0, 1), (1, 0)], [(1, 1), (1, 0), (0, 1)]):
        assert joined(apart, 0.6, -1.0) == [(1, 1), (1, 1)]
        assert joined(apart, 0.1, -1.0) == apart
        assert joined(apart, 0.6, -6.0) == apart
