"""Sentence splitting on both sides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.text.sentences import Sentence, split_chinese, split_english

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
