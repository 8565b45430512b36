"""Errors at every place: good Chinese that says something else, and no change inside a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.lab.planting.anywhere import ANYWHERE
from mtcheck.lab.planting.kinds import Changed, Kind
from tests.lab.planting.sites import site

BY_KIND = {kind.name: kind for kind in ANYWHERE}


def changes(kind: Kind, text: str) -> list[Changed]:
    return [change for change in kind.make(site("", text)) if isinstance(change, Changed)]


def made(kind: str, text: str) -> list[str]:
    return [change.hypothesis for change in changes(BY_KIND[kind], text)]


@pytest.mark.parametrize(
    ("kind", "text", "wrong"),
    [
        ("direction flipped", "治疗后血压显著降低。", ["治疗后血压显著升高。"]),
        ("direction flipped", "该药改善了睡眠。", ["该药损害了睡眠。"]),
        ("direction flipped", "男性的体重高于女性。", ["男性的体重低于女性。"]),
        ("negation removed", "未观察到不良事件。", ["观察到不良事件。"]),
        ("negation removed", "两组之间没有显著差异。", ["两组之间有显著差异。"]),
        ("negation removed", "患者没有接受治疗。", ["患者接受治疗。"]),
        ("negation removed", "其机制尚不明确。", ["其机制已明确。"]),
        ("negation added", "结果表明该方法可行。", ["结果并未表明该方法可行。"]),
        ("comparator turned, in words", "至少有30人参加。", ["最多有30人参加。"]),
        ("comparator turned, in words", "60岁以上的成人。", ["60岁以下的成人。"]),
        ("comparator turned, as a sign", "（P＜0.05）", ["（P>0.05）"]),
        ("number changed, in digits", "共有45名患者。", ["共有65名患者。"]),
        ("number changed, in digits", "2019年12月", ["2016年12月", "2019年9月"]),
        ("number changed, in words", "分为三个阶段。", ["分为五个阶段。"]),
        ("number of a name changed", "IL-6的水平", ["IL-8的水平"]),
        ("frequency turned", "患者经常头痛。", ["患者很少头痛。"]),
        ("quantity turned", "大多数患者康复。", ["少数患者康复。"]),
        ("certainty turned", "这可能会有帮助。", ["这肯定会有帮助。"]),
        ("side turned", "左眼失明。", ["右眼失明。"]),
        ("order or time turned", "在手术之前用药。", ["在手术之后用药。"]),
        ("sex turned", "该女性患病。", ["该男性患病。"]),
        ("valence turned", "委员会反对该提案。", ["委员会支持该提案。"]),
        (
            "clause left out",
            "我们对两组患者进行了随访，每三个月检查一次肝功能。",
            ["每三个月检查一次肝功能。", "我们对两组患者进行了随访。"],
        ),
    ],
)
def test_each_kind_turns_the_meaning_round(kind: str, text: str, wrong: list[str]) -> None:
    assert made(kind, text) == wrong


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("direction flipped", "免疫抑制剂治疗血小板减少症"),
        ("direction flipped", "两组比较差异无统计学意义"),
        ("negation removed", "不仅如此，未来几年不断有人离开，不得不关闭。"),
        ("negation added", "该方法不可能会有帮助。"),
        ("comparator turned, in words", "上述方法以上次会议为准。"),
        ("number changed, in digits", "IL-6和COVID-19"),
        ("number changed, in words", "周三和第三产业"),
        ("side turned", "大约十点左右前往"),
        ("valence turned", "优缺点"),
    ],
)
def test_nothing_is_planted_in_names_and_set_phrases(kind: str, text: str) -> None:
    assert made(kind, text) == []


WORDS = (
    *(
        "增加",
        "减少",
        "不",
        "没有",
        "未",
        "显著",
        "至少",
        "最多",
        "12",
        "3.5",
        "%",
        "个",
        "IL-6",
        "左",
    ),
    *("眼", "，", "。", "可能", "会", "患者", "以上", "<", "（", "）"),
)


@given(st.lists(st.sampled_from(WORDS)).map("".join))
def test_changes_lie_in_the_text_and_change_it(text: str) -> None:
    for kind in ANYWHERE:
        found = changes(kind, text)
        assert len({(c.marks, c.was) for c in found}) == len(found)
        for change in found:
            ((start, end),) = change.marks
            assert text[start:].startswith(change.was)
            assert change.was
            assert change.hypothesis[:start] == text[:start]
            assert change.hypothesis[end:] == text[start + len(change.was) :]
            assert change.hypothesis != text
