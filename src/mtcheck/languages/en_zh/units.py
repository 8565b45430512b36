"""Units of measurement behind a number, in English and Chinese, under one name each."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

from mtcheck.languages.tables import rows
from mtcheck.text.values import LanguageCode, Value, plain

__all__ = ["Unit", "lacks_unit", "unit"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's place, half-open in code points, and its name in symbols, such as ``mg/kg``."""

    start: int
    end: int
    text: str
    name: str

    def amount(self, number: Fraction) -> Hashable:
        """What so many of the unit measure: a dimension and a number of base units, or None.

        Equal amounts are equal: 1000 mL and 1 L, 12 months and one year.
        """
        whole, _, below = self.name.partition("/")
        top, bottom = _SIZES.get(whole), _SIZES.get(below)
        if top is None or (below and bottom is None):
            return None
        if bottom is None:
            return top[0], number * top[1]
        return f"{top[0]}/{bottom[0]}", number * top[1] / bottom[1]


# What the Chinese character means before these is no unit: 升高, 年龄, 分之, 帕金森.
_NO_UNIT = {
    "升": "高至到级压温幅",
    "年": "龄代级度轻",
    "月": "球经",
    "日": "本常",
    "分": "之别为析化布类组数值子",
    "帕": "金",
    "度": "数过",
    "周": "围边期",
    "天": "然花",
    "尺": "寸度",
    "码": "头",
    "米": "饭粒",
    "克": "隆罗",
    "秒": "杀",
    "里": "程",
}


_TABLE = rows("en_zh", "units.tsv")
_SIZES = {
    symbol: (dimension, Fraction(size)) for symbol, *_, dimension, size in _TABLE if size != "-"
}


def _read() -> tuple[dict[str, str], dict[str, str]]:
    """Forms to symbols: of English texts, and of Chinese ones, where symbols occur too."""
    english: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for name, words, han, *_ in _TABLE:
        for word in (name, *(w.replace("_", " ") for w in words.split() if w != "-")):
            english[word] = name
            if len(word) < 4 or not word.islower():
                chinese[word] = name
        chinese |= dict.fromkeys((w for w in han.split() if w != "-"), name)
    return english, chinese


_ENGLISH, _CHINESE = _read()


def _forms(table: dict[str, str], least: int = 1) -> str:
    ordered = sorted((w for w in table if len(w) >= least), key=len, reverse=True)
    # m(2) and m⁻² are how m² may come out of a database
    return "|".join(
        re.escape(w).replace("²", r"(?:²|\(2\))").replace("³", r"(?:³|\(3\))") for w in ordered
    )


_EN = re.compile(
    rf"[\s\u00a0-]{{0,2}}(?P<unit>{_forms(_ENGLISH)})(?![A-Za-z\d'’])(?!-(?!old)[a-z])"
    rf"(?:\s?(?:/|·|\bper\s)\s?(?P<below>{_forms(_ENGLISH)})(?![A-Za-z\d]))?"
)
_ZH = re.compile(
    rf"[\s\u00a0]{{0,2}}[多余]?(?P<unit>{_forms(_CHINESE)})(?![A-Za-z\d])"
    rf"(?:\s?(?:/|·|每)\s?(?P<below>{_forms(_CHINESE)})(?![A-Za-z\d]))?"
)


def unit(text: str, value: Value, language: LanguageCode) -> Unit | None:
    """The unit right behind the number ``value`` of ``text``, if it has one that is known.

    Years (2019年), months (3月) and scores (5分) are no units.
    """
    flat = plain(text)
    if language == "en":
        m, table = _EN.match(flat, value.end), _ENGLISH
    else:
        m, table = _ZH.match(flat, value.end), _CHINESE
    if m is None:
        return None
    word = m["unit"].replace("(2)", "²").replace("(3)", "³")
    after = flat[m.end("unit") : m.end("unit") + 1]
    if after and after in _NO_UNIT.get(word, ""):
        return None
    if word == "年" and value.value >= 1000:
        return None
    name = table[word]
    if m["below"]:
        name += "/" + table[m["below"].replace("(2)", "²").replace("(3)", "³")]
    return Unit(m.start("unit"), m.end(), text[m.start("unit") : m.end()], name)


def _any_form(name: str) -> re.Pattern[str]:
    forms = {f for table in (_ENGLISH, _CHINESE) for f, n in table.items() if n == name}
    return re.compile("|".join(map(_standing, sorted(forms))))


def _standing(form: str) -> str:
    """A pattern for a form that is no part of a word: not the 度 of 强度, the g of kg."""
    if form.isascii():
        return rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])"
    if len(form) == 1 and form.isalpha():
        return rf"(?<=[\d一二三四五六七八九十百千万两几半数多余每/)）\]］])\s?{form}"
    return re.escape(form)


_ANY_FORM = {name: _any_form(name) for name in set(_ENGLISH.values())}
# Forms that often are no unit: 5 m people, a 3 s rule, 10 pounds (of money), 4 feet, a second.
_UNSURE = frozenset(
    {"m", "s", "t", "y", "d", "l", "V", "W", "Pa", "bp", "in.", "sec", "secs", "second", "degree"}
    | {"pound", "pounds", "lb", "oz", "foot", "feet", "ft", "mi", "mo", "mole", "moles", "ton"}
    | {"tons", "gray", "grays"}
)
# Not before what may be a measure word that the table lacks, nor inside a list or a range.
_BARE = re.compile(
    r"\s?(?:$|[。：！？；…;)）(（\]】]|[，,、](?!\s?\d)"
    "|(?![个名例次条口人只头项种分点级度号位倍成折代世届岁年月日天周时秒米里寸尺斤克吨升元美英欧港万亿千百十余多几"
    "座辆架艘场家台部本张块片篇章节页层楼室路线街区集季期轮组队班票军团师营连排厘毫微公平立摄华纳兆英海光马瓦伏安赫帕焦卡"
    "钟小星礼刻载旬昼夜晚更和与或至到、])[\u4e00-\u9fff])"
)


def lacks_unit(text: str, value: Value, mine: Unit) -> bool:
    """Whether a Chinese text has lost the English unit ``mine`` of its number ``value``.

    The number stands before a mark or a character that begins no measure word or list, and no
    form of the unit stands anywhere in the text: 10 mg and 20 mg may be 10和20毫克. Forms that
    often are no unit are never missed.
    """
    name = mine.name.partition("/")[0]
    word = mine.text.split("/")[0].split()[0]
    return (
        word not in _UNSURE
        and _BARE.match(plain(text), value.end) is not None
        and _ANY_FORM[name].search(plain(text)) is None
    )
