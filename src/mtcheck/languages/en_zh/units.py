"""Units of measurement behind a number, in English and Chinese, under one name each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.text.values import Language, Value, plain

__all__ = ["Unit", "lacks_unit", "unit"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's place, half-open in code points, and its name in symbols, such as ``mg/kg``."""

    start: int
    end: int
    text: str
    name: str


# symbol: English forms | Chinese forms. Symbols are read in both languages, case-sensitively.
_UNITS = """
kg: kilogram kilograms kilogramme kilogrammes kilo kilos kgs | 千克 公斤
g: gram grams gramme grammes gm | 克
mg: milligram milligrams milligramme | 毫克
µg: microgram micrograms mcg ug μg | 微克
ng: nanogram nanograms | 纳克 毫微克
t: ton tons tonne tonnes | 吨 公吨
lb: lbs pound pounds | 磅
oz: ounce ounces | 盎司
km: kilometre kilometres kilometer kilometers kms | 公里 千米
m: metre metres meter meters | 米 公尺
cm: centimetre centimetres centimeter centimeters | 厘米 公分
mm: millimetre millimetres millimeter millimeters | 毫米
µm: micrometre micrometres micrometer micrometers micron microns um μm | 微米
nm: nanometre nanometres nanometer nanometers | 纳米
ft: feet foot | 英尺 尺
in.: inch inches | 英寸 吋
yd: yard yards yds | 码
mi: mile miles | 英里 哩
km²: km2 | 平方公里 平方千米
m²: m2 | 平方米
cm²: cm2 | 平方厘米
mm²: mm2 | 平方毫米
mi²: mi2 | 平方英里
m³: m3 | 立方米
cm³: cm3 cc | 立方厘米
acre: acres | 英亩
ha: hectare hectares | 公顷
L: litre litres liter liters l | 升 公升
mL: millilitre millilitres milliliter milliliters ml | 毫升
µL: microlitre microlitres microliter microliters ul uL μL | 微升
dL: decilitre deciliter dl | 分升
mol: mole moles | 摩尔
mmol: millimole millimoles | 毫摩尔 毫摩
µmol: micromole micromoles umol μmol | 微摩尔
nmol: nanomole nanomoles | 纳摩尔
s: second seconds sec secs | 秒 秒钟
ms: millisecond milliseconds msec | 毫秒
min: minute minutes mins | 分钟 分
h: hour hours hr hrs | 小时 个小时 钟头 个钟头
d: day days | 天 日
wk: week weeks wks | 周 星期 个星期 礼拜
mo: month months | 个月 月
yr: year years yrs y | 年 岁 周岁 周年
°C: ℃ ºC | 摄氏度 度
°F: ℉ ºF | 华氏度
mmHg: | 毫米汞柱
Pa: pascal pascals | 帕 帕斯卡
kPa: kilopascal kilopascals | 千帕
MPa: megapascal megapascals | 兆帕
Hz: hertz | 赫兹 赫
kHz: kilohertz | 千赫兹 千赫
MHz: megahertz | 兆赫兹 兆赫
GHz: gigahertz | 吉赫兹 吉赫 千兆赫
W: watt watts | 瓦 瓦特
kW: kilowatt kilowatts | 千瓦
MW: megawatt megawatts | 兆瓦
V: volt volts | 伏 伏特
mV: millivolt millivolts | 毫伏
kV: kilovolt kilovolts | 千伏
kDa: kilodalton kilodaltons | 千道尔顿
Da: dalton daltons | 道尔顿
bp: | 碱基对
kcal: kilocalorie kilocalories | 千卡 大卡
kJ: kilojoule kilojoules | 千焦 千焦耳
dB: decibel decibels | 分贝
Gy: gray grays | 戈瑞
IU: | 国际单位
jin: | 斤 市斤
"""


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


def _read() -> tuple[dict[str, str], dict[str, str]]:
    """Forms to symbols: of English texts, and of Chinese ones, where symbols occur too."""
    english: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for line in _UNITS.strip().splitlines():
        name, _, forms = line.partition(":")
        words, _, han = forms.partition("|")
        for word in (name, *words.split()):
            english[word] = name
            if len(word) < 4 or not word.islower():
                chinese[word] = name
        chinese |= dict.fromkeys(han.split(), name)
    return english, chinese


_ENGLISH, _CHINESE = _read()


def _forms(table: dict[str, str], least: int = 1) -> str:
    ordered = sorted((w for w in table if len(w) >= least), key=len, reverse=True)
    return "|".join(map(re.escape, ordered))


_EN = re.compile(
    rf"[\s\u00a0-]{{0,2}}(?P<unit>{_forms(_ENGLISH)})(?![A-Za-z\d'’])(?!-(?!old)[a-z])"
    rf"(?:\s?(?:/|·|\bper\s)\s?(?P<below>{_forms(_ENGLISH)})(?![A-Za-z\d]))?"
)
_ZH = re.compile(
    rf"[\s\u00a0]{{0,2}}[多余]?(?P<unit>{_forms(_CHINESE)})(?![A-Za-z\d])"
    rf"(?:\s?(?:/|·|每)\s?(?P<below>{_forms(_CHINESE)})(?![A-Za-z\d]))?"
)


def unit(text: str, value: Value, language: Language) -> Unit | None:
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
    word = m["unit"]
    after = flat[m.end("unit") : m.end("unit") + 1]
    if after and after in _NO_UNIT.get(word, ""):
        return None
    if word == "年" and value.value >= 1000:
        return None
    name = table[word]
    if m["below"]:
        name += "/" + table[m["below"]]
    return Unit(m.start("unit"), m.end(), text[m.start("unit") : m.end()], name)


def _any_form(name: str) -> re.Pattern[str]:
    forms = {f for table in (_ENGLISH, _CHINESE) for f, n in table.items() if n == name}
    return re.compile("|".join(map(_standing, sorted(forms))))


def _standing(form: str) -> str:
    """A pattern for a form that is no part of a word: not the 度 of 强度, the g of kg."""
    if form.isascii():
        return rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])"
    if len(form) == 1 and form.isalpha():
        return rf"(?<=[\d一二三四五六七八九十百千万两几半数多余每/])\s?{form}"
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
