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
    """One end of an axis: clear English words, clear Chinese strings, and wide ones of both.

    Two English words are joined by ``_``.

    The wide English words do not name the pole, but Chinese may name it for them.
    """

    english: frozenset[str]
    chinese: tuple[str, ...]
    wide: re.Pattern[str]
    wide_english: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Axis:
    """Two opposite poles under a name; ``strict`` axes are names of things, not of changes."""

    name: str
    poles: tuple[Pole, Pole]
    strict: bool = True


def _pole(english: str, chinese: str, wide: str = "", wide_english: str = "") -> Pole:
    words = tuple(chinese.split())
    return Pole(
        frozenset(english.split()),
        words,
        re.compile("|".join((*words, *wide.split()))),
        frozenset(wide_english.split()),
    )


AXES: tuple[Axis, ...] = (
    Axis(
        "amount",
        (
            _pole(
                "increase increases increased increasing increasingly elevate elevated elevates"
                " elevation higher greater rise rises rose risen rising upregulated up-regulated"
                " upregulation up-regulation upregulates",
                "增加 升高 上升 上调 增高 更高 较高 高于 增长 增多 增大 提升 提高 攀升 增强 更大",
                "增 升 涨 扩 促 猛 剧 激 兴 崛 飙 攀 倍 翻 好 优 旺 超[过出额越]"
                " 提(?![供出到及示名前取交倡问醒议]) 加[大强剧快速深重多高长宽厚倍]"
                " 更(?!加?[低少小弱短轻差浅慢不]) 越(?!来?越?[低少小弱短轻差浅慢不来])"
                " [高大多强长快](?=[于出过得了些起的，。；、？！）)”\\s\\d]|$)"
                " [变很较偏过最还略稍调][高大多强长快] 放大 壮大 丰富 改善 产生 引[起发]"
                " 上[升涨调扬浮] 向上",
                "raise raises raised raising grow grows grew grown growing growth more larger"
                " longer bigger faster better stronger heavier taller deeper wider improve improves"
                " improved improving improvement improvements enhance enhances enhanced enhancing"
                " enhancement boost boosts boosted expand expands expanded expansion exceed exceeds"
                " exceeded gain gains gained strengthen strengthens strengthened promote promotes"
                " promoted high highly high-level upward upwards add adds added adding additional"
                " extra surge surged soar soared climb climbed double doubled doubling triple"
                " tripled over above up most excess strong accumulate accumulated accumulation"
                " prolong prolonged extend extended upgrade upgraded overexpression",
            ),
            _pole(
                "decrease decreases decreased decreasing decline declines declined declining reduce"
                " reduces reduced reducing reduction reductions lower fewer diminish diminished"
                " diminishes downregulated down-regulated downregulation down-regulation"
                " downregulates",
                "减少 降低 下降 下调 更低 较低 低于 减小 减弱 减轻 少于 小于 更少 较少",
                "减 降 跌 衰 弱 缩 削 缓 消 失 浅 贬 没 无 未(?!来) 不(?![同仅但断良过论管只])"
                " 低(?!收入|[温压等级纬]) (?<![至多不])少(?![数年女儿])"
                " (?<![大中幼])小(?![时组学说型鼠麦行儿区规]) (?<![部村角群])落(?!实) 退(?![休役])"
                " (?<![偏误方准])差(?![异别距]) 短(?![期信篇片]) (?<!年)轻(?!松) 节[省约制]"
                " 下[降调跌滑挫浮行沉肢] 向下",
                "fall falls fell fallen falling drop drops dropped dropping less little few smaller"
                " shorter weaker slower worse lighter shallower narrower small weak weaken weakens"
                " weakened lose loses lost loss losses cut cuts cutting shrink shrinks shrank low"
                " slow slowed slows limit limits limited limiting mitigate mitigates mitigated"
                " mitigating mitigation alleviate alleviates alleviated attenuate attenuated"
                " relieve relieved suppress suppressed suppression inhibit inhibits inhibited"
                " inhibition lessen lessened narrow narrowed save saves saved saving under below"
                " down downward remove removed removal subtract minor least poor decay depletion"
                " deplete depleted weakening deteriorate deteriorated deterioration",
            ),
        ),
        strict=False,
    ),
    Axis(
        "duration",
        (
            _pole("longer", "更长 较长 长于 更久 延长", "长 久 延 增 多 大"),
            _pole("shorter", "更短 较短 短于 缩短", "短 缩 减 少 小 矮 低 不 快 早"),
        ),
        strict=False,
    ),
    Axis(
        "frequency",
        (
            _pole(
                "more_common more_commonly more_frequent more_frequently more_often more_likely"
                " more_prevalent",
                "更常 较常 较为常见 更频繁 较频繁 更为频繁 更有可能 更可能 更普遍 更多见",
                "[更较]为?(?![少不低难罕稀]) 常 多 频 普遍 易 大 高 倾向 往往",
            ),
            _pole(
                "less_common less_commonly less_frequent less_frequently less_often less_likely"
                " less_prevalent",
                "较少 更少 少见 不太常 不常 不太可能 不大可能 可能性更低 可能性较低 可能性更小",
                "少 不 低 罕 难 小 没 未 稀 非 偶 减 降 无 弱",
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
_WIDE_WHERE: dict[str, tuple[int, int]] = {
    word: (a, p)
    for a, axis in enumerate(AXES)
    for p, pole in enumerate(axis.poles)
    for word in pole.wide_english
}


@functools.lru_cache(maxsize=1024)
def english_poles(text: str) -> tuple[tuple[Axis, int, LatinWord], ...]:
    """Axes of which an English text names one pole only: axis, pole (0 or 1), first word.

    A text with a word that leans to the other pole (``improved`` beside ``reduced``) does not.
    """
    found: dict[int, tuple[int, LatinWord]] = {}
    both: set[int] = set()
    words = latin_words(text)
    for i, word in enumerate(words):
        low = word.text.lower()
        place = _WHERE.get(low) or _place_of_part(word)
        if low in ("more", "less") and i + 1 < len(words):
            place = _WHERE.get(f"{low}_{words[i + 1].text.lower()}")
        elif low == "longer" and i and words[i - 1].text.lower() in ("no", "any"):
            place = None
        if place is not None:
            axis, pole = place
            if found.setdefault(axis, (pole, word))[0] != pole:
                both.add(axis)
    for word in words if found else ():
        place = _WIDE_WHERE.get(word.text.lower())
        if place is not None and place[0] in found and found[place[0]][0] != place[1]:
            both.add(place[0])
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
