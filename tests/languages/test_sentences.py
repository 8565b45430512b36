"""Sentence splitting on both sides."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en.sentences import split_english
from mtcheck.languages.zh.sentences import split_chinese
from mtcheck.text.sentences import Sentence
from tests.benchmarks.segmentation import boundaries, gold

Split = Callable[[str], tuple[Sentence, ...]]


def texts(split: Split, text: str) -> list[str]:
    return [s.text for s in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing. Another thing.", ["One thing.", "Another thing."]),
        # a page dump glues sentences
        ("They cooperate.The paper asks why.", ["They cooperate.", "The paper asks why."]),
        ("It held (p < 0.05).In 2020 it fell.", ["It held (p < 0.05).", "In 2020 it fell."]),
        ("It rose to 5.3%.We asked why.", ["It rose to 5.3%.", "We asked why."]),
        ("Lee et al. (2019) saw E. coli.", ["Lee et al. (2019) saw E. coli."]),
        ("Doses, e.g. 2.5 mg/kg vs. 5 mg/kg, differ.", None),
        ("We ran Node.js on it.", None),
        # a hard-wrapped line goes on; a heading and a finished line do not
        ("The first half\nof a sentence.", ["The first half\nof a sentence."]),
        ("Background\nWe tested it.", ["Background", "We tested it."]),
        ("First here.\nSecond here.", ["First here.", "Second here."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_english(text: str, expected: list[str] | None) -> None:
    assert texts(split_english, text) == ([text] if expected is None else expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("这是一。这是二！这是三？", ["这是一。", "这是二！", "这是三？"]),
        ("增长了一倍。2020年回落。", ["增长了一倍。", "2020年回落。"]),
        ("他说：“可以。”随后离开。", ["他说：“可以。”", "随后离开。"]),
        ("效果明显（见图2。）之后下降。", ["效果明显（见图2。）", "之后下降。"]),
        ("半角句号.第二句.", ["半角句号.", "第二句."]),
        ("数值为3.5毫克，见2.1节。", None),
        ("大肠杆菌E. coli很常见。", None),
        ("Lee et al.的方法有效。", None),
        ("1. 方法如下。", None),
        ("等等……后来停止了。", ["等等……", "后来停止了。"]),
        ("第一；第二；第三。", None),
        ("背景\n我们做了测试。", ["背景", "我们做了测试。"]),
        ("这一行很长很长所以在这里被硬生生地折\n成了两行。", None),
        # what was left in English is split as English
        ("This was left. So was this.", ["This was left.", "So was this."]),
        ("", []),
    ],
)
def test_chinese(text: str, expected: list[str] | None) -> None:
    assert texts(split_chinese, text) == ([text] if expected is None else expected)


@pytest.mark.parametrize("split", [split_english, split_chinese])
@given(text=st.text(alphabet="ab E.。!？ \n“”()）1,，中文"))
def test_nothing_is_lost(split: Split, text: str) -> None:
    last = 0
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        assert not text[last : sentence.start].strip()
        last = sentence.end
    assert not text[last:].strip()


@pytest.mark.parametrize(("language", "split"), [("en", split_english), ("zh", split_chinese)])
def test_the_gold_set(language: str, split: Split) -> None:
    hit = said = true = sentences = 0
    for text, expected in gold(language):
        found, wanted = boundaries(texts(split, text)), boundaries(expected)
        hit += len(found & wanted)
        said += len(found)
        true += len(wanted)
        sentences += len(expected)
    assert sentences >= 150
    assert hit / said >= 0.98
    assert hit / true >= 0.98


def test_semicolons_split_when_asked() -> None:
    english = "Half were cut; half (old; tall) were left. None fell."
    assert len(split_english(english)) == 2
    assert [s.text for s in split_english(english, semicolon_splits=True)] == [
        "Half were cut;",
        "half (old; tall) were left.",
        "None fell.",
    ]
    chinese = "甲组用药；乙组（含丙；丁）不用药。结束。"
    assert len(split_chinese(chinese)) == 2
    assert len(split_chinese(chinese, semicolon_splits=True)) == 3


@pytest.mark.parametrize("split", [split_english, split_chinese])
@pytest.mark.parametrize(
    "piece", ["(", "([", ")]", ". ", '."', "a\n", "a.B ", "（。", "1. ", " • "]
)
def test_time_grows_with_the_length_only(split: Split, piece: str) -> None:
    text = "句" + piece * (50_000 // len(piece))
    began = time.perf_counter()
    assert split(text)
    assert time.perf_counter() - began < 3
