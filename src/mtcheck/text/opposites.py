"""Pairs of opposites (increase and decrease, left and right …) in English and Chinese.

An axis has two poles. English cues are whole words in lower case, Chinese cues are substrings.
The wide lists hold what may stand for a pole loosely; they only serve to stay silent.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from mtcheck.text.scripts import LatinWord, latin_words

__all__ = ["AXES", "Axis", "Pole", "chinese_pole", "english_poles"]


@dataclass(frozen=True, slots=True)
class Pole:
    """One end of an axis: clear English words, clear Chinese strings, and wide Chinese ones."""

    english: frozenset[str]
    chinese: tuple[str, ...]
    wide: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Axis:
    """Two opposite poles under a name; ``strict`` axes are names of things, not of changes."""

    name: str
    poles: tuple[Pole, Pole]
    strict: bool = True


def _pole(english: str, chinese: str, wide: str = "") -> Pole:
    words = tuple(chinese.split())
    return Pole(frozenset(english.split()), words, re.compile("|".join((*words, *wide.split()))))


AXES: tuple[Axis, ...] = (
    Axis(
        "amount",
        (
            _pole(
                "increase increases increased increasing increasingly elevate elevated elevates"
                " elevation higher greater rise rises rose risen rising upregulated up-regulated"
                " upregulation up-regulation upregulates",
                "增加 升高 上升 上调 增高 更高 较高 高于 增长 增多 增大 提升 提高 攀升 增强 更大",
                "增 升 涨 提 加 高 多 大 强 扩 促 起 猛 剧 超 长 更 越 兴 崛 引 产生 上",
            ),
            _pole(
                "decrease decreases decreased decreasing decline declines declined declining reduce"
                " reduces reduced reducing reduction reductions lower fewer diminish diminished"
                " diminishes downregulated down-regulated downregulation down-regulation"
                " downregulates",
                "减少 降低 下降 下调 更低 较低 低于 减小 减弱 减轻 少于 小于 更少 较少",
                "减 降 低 少 小 跌 衰 弱 缩 削 落 缓 退 差 不 下 消 失 短 轻 节 贬 没 未 较 浅",
            ),
        ),
        strict=False,
    ),
    Axis(
        "side",
        (
            _pole("left-sided left-hand", "左", ""),
            _pole("right-sided right-hand", "右", ""),
        ),
    ),
    Axis(
        "sign",
        (
            _pole("positively", "正相关 正向 积极 阳性", "正 阳 积极 好 有利 乐观 肯定"),
            _pole("negatively", "负相关 负向 消极 阴性 负面", "负 阴 消极 不 反 逆 坏"),
        ),
    ),
    Axis(
        "course",
        (
            _pole("acute", "急性", "急 锐 敏 尖 严重 剧"),
            _pole("chronic", "慢性", "慢 长期 久"),
        ),
    ),
    Axis(
        "growth",
        (
            _pole("malignant malignancy malignancies", "恶性", "恶 癌 瘤"),
            _pole("benign", "良性", "良 无害 温和"),
        ),
    ),
    Axis(
        "sex",
        (
            _pole("male males men man boys boy", "男", "男 雄 公 人 他"),
            _pole("female females women woman girls girl", "女", "女 雌 母 妇 她"),
        ),
    ),
    Axis(
        "pressure",
        (_pole("systolic", "收缩", "收缩"), _pole("diastolic", "舒张", "舒张")),
    ),
    Axis(
        "position",
        (_pole("proximal", "近端 近侧", "近"), _pole("distal", "远端 远侧", "远 末")),
    ),
    Axis(
        "face",
        (
            _pole("dorsal dorsally", "背侧 背部 背", "背 后"),
            _pole("ventral ventrally", "腹侧 腹", "腹 前"),
        ),
    ),
    Axis(
        "blood pressure",
        (
            _pole("hypertension hypertensive", "高血压", "高血压 高压 高 血压"),
            _pole("hypotension hypotensive", "低血压", "低血压 低压 低 血压"),
        ),
    ),
    Axis(
        "blood sugar",
        (
            _pole("hyperglycemia hyperglycaemia hyperglycemic", "高血糖", "高"),
            _pole("hypoglycemia hypoglycaemia hypoglycemic", "低血糖", "低 降"),
        ),
    ),
    Axis(
        "receptor action",
        (
            _pole("agonist agonists", "激动剂", "激动 激活 主动 兴奋"),
            _pole("antagonist antagonists", "拮抗剂 阻断剂", "拮抗 阻 抑制 对抗 反 敌"),
        ),
    ),
    Axis(
        "extreme",
        (
            _pole(
                "maximum maximal maximize maximized maximise", "最大 最高", "最 极 上限 高 大 多"
            ),
            _pole(
                "minimum minimal minimize minimized minimise",
                "最小 最低 最少",
                "最小 最低 最少 少 小 低 微 不 轻 短 减 下限 降",
            ),
        ),
    ),
    Axis(
        "season",
        (
            _pole("summer summers", "夏", "夏 暑"),
            _pole("winter winters", "冬", "冬 寒"),
        ),
    ),
    Axis(
        "east-west",
        (
            _pole("eastern eastward easterly", "东", "东"),
            _pole("western westward westerly", "西", "西"),
        ),
    ),
    Axis(
        "north-south",
        (
            _pole("northern northward northerly", "北", "北"),
            _pole("southern southward southerly", "南", "南"),
        ),
    ),
    Axis(
        "inside-outside",
        (
            _pole("internal internally endogenous intracellular", "内", "内 里 本 自"),
            _pole("external externally exogenous extracellular", "外", "外"),
        ),
    ),
)
"""Opposites worth watching in scientific text: each of them turns a finding round."""

_WHERE: dict[str, tuple[int, int]] = {
    word: (a, p)
    for a, axis in enumerate(AXES)
    for p, pole in enumerate(axis.poles)
    for word in pole.english
}


@functools.lru_cache(maxsize=1024)
def english_poles(text: str) -> tuple[tuple[Axis, int, LatinWord], ...]:
    """Axes of which an English text names one pole only: axis, pole (0 or 1), first word."""
    found: dict[int, tuple[int, LatinWord]] = {}
    both: set[int] = set()
    for word in latin_words(text):
        place = _WHERE.get(word.text.lower()) or _place_of_part(word)
        if place is not None:
            axis, pole = place
            if found.setdefault(axis, (pole, word))[0] != pole:
                both.add(axis)
    return tuple((AXES[a], pole, word) for a, (pole, word) in found.items() if a not in both)


def _place_of_part(word: LatinWord) -> tuple[int, int] | None:
    """`man's` and `lower-income` by their parts."""
    if word.text.isalnum():
        return None
    return next((_WHERE[p.lower()] for p in word.parts if p.lower() in _WHERE), None)


def chinese_pole(pole: Pole, text: str) -> tuple[int, int] | None:
    """Where a Chinese text clearly names the pole: half-open offsets of its first cue."""
    places = [(text.find(c), len(c)) for c in pole.chinese]
    hits = [(at, at + n) for at, n in places if at >= 0]
    return min(hits) if hits else None
