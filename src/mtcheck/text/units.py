"""Units of measurement behind a number, in English and Chinese, under one name each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.text.values import Language, Value, plain

__all__ = ["Unit", "unit"]


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
