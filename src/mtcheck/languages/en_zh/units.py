"""Units of measurement behind a number, in English and Chinese, under one name each."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

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
cm³: cm3 | 立方厘米
acre: acres | 英亩
ha: hectare hectares | 公顷
L: litre litres liter liters l | 升 公升
mL: millilitre millilitres milliliter milliliters ml cc ccs | 毫升
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
quarter: quarters | 季度 个季度
yr: year years yrs y | 年 岁 周岁 周年
°C: ℃ ºC | 摄氏度 度
°F: ℉ ºF | 华氏度
mmHg: mm_Hg mmhg | 毫米汞柱 毫米水银柱
cmH2O: cm_H2O cmH₂O | 厘米水柱
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
GW: gigawatt gigawatts | 吉瓦
Wh: | 瓦时 瓦小时
kWh: kilowatt-hour kilowatt-hours | 千瓦时 千瓦小时
MWh: | 兆瓦时 兆瓦小时
GWh: | 吉瓦时
TWh: | 太瓦时
kt: kiloton kilotons kilotonnes | 千吨
Mt: megaton megatons megatonnes | 兆吨
eV: | 电子伏 电子伏特
keV: | 千电子伏 千电子伏特
MeV: | 兆电子伏 兆电子伏特
GeV: | 吉电子伏 吉电子伏特
V: volt volts | 伏 伏特
mV: millivolt millivolts | 毫伏
kV: kilovolt kilovolts | 千伏
kDa: kilodalton kilodaltons | 千道尔顿
Da: dalton daltons | 道尔顿
bp: | 碱基对 碱基 个碱基 个碱基对
kb: kbp Kb kilobase kilobases | 千碱基 千碱基对
Mb: Mbp megabase megabases | 兆碱基 兆碱基对
Gb: Gbp gigabase gigabases | 吉碱基 吉碱基对
pc: parsec parsecs | 秒差距
kpc: kiloparsec kiloparsecs | 千秒差距
Mpc: megaparsec megaparsecs | 兆秒差距
Gpc: gigaparsec gigaparsecs | 吉秒差距
px: pixel pixels | 像素
kpx: kilopixel kilopixels | 千像素
Mpx: megapixel megapixels MP | 兆像素
bps: bit/s bits/s | 比特每秒 比特/秒 位每秒
kbps: kbit/s kb/s Kbps | 千比特每秒 千比特/秒 千位每秒
Mbps: Mbit/s Mb/s megabits | 兆比特每秒 兆比特/秒 兆位每秒
Gbps: Gbit/s Gb/s gigabits | 吉比特每秒 吉比特/秒 千兆比特每秒 千兆比特/秒
kB: KB kilobyte kilobytes | 千字节
MB: megabyte megabytes | 兆字节 兆
GB: gigabyte gigabytes | 吉字节 千兆字节
TB: terabyte terabytes | 太字节
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


# How many base units each is; what is not listed equals nothing but itself.
_DIMENSIONS: dict[str, dict[str, str]] = {
    "mass": {"t": "1e6", "kt": "1e9", "Mt": "1e12", "kg": "1e3", "g": "1", "mg": "1e-3",
             "µg": "1e-6", "ng": "1e-9", "jin": "500"},
    "imperial mass": {"lb": "16", "oz": "1"},
    "length": {"km": "1e3", "m": "1", "cm": "1e-2", "mm": "1e-3", "µm": "1e-6", "nm": "1e-9"},
    "imperial length": {"mi": "63360", "yd": "36", "ft": "12", "in.": "1"},
    "area": {"km²": "1e6", "ha": "1e4", "m²": "1", "cm²": "1e-4", "mm²": "1e-6"},
    "volume": {"m³": "1e3", "L": "1", "dL": "1e-1", "mL": "1e-3", "cm³": "1e-3", "µL": "1e-6"},
    "substance": {"mol": "1", "mmol": "1e-3", "µmol": "1e-6", "nmol": "1e-9"},
    "time": {"wk": "604800", "d": "86400", "h": "3600", "min": "60", "s": "1", "ms": "1e-3"},
    "calendar": {"yr": "12", "quarter": "3", "mo": "1"},
    "pressure": {"MPa": "1e6", "kPa": "1e3", "Pa": "1"},
    "frequency": {"GHz": "1e9", "MHz": "1e6", "kHz": "1e3", "Hz": "1"},
    "power": {"GW": "1e9", "MW": "1e6", "kW": "1e3", "W": "1"},
    "energy": {"TWh": "1e12", "GWh": "1e9", "MWh": "1e6", "kWh": "1e3", "Wh": "1"},
    "electron volts": {"GeV": "1e9", "MeV": "1e6", "keV": "1e3", "eV": "1"},
    "voltage": {"kV": "1e3", "V": "1", "mV": "1e-3"},
    "molecular mass": {"kDa": "1e3", "Da": "1"},
    "bases": {"Gb": "1e9", "Mb": "1e6", "kb": "1e3", "bp": "1"},
    "distance of stars": {"Gpc": "1e9", "Mpc": "1e6", "kpc": "1e3", "pc": "1"},
    "pixels": {"Mpx": "1e6", "kpx": "1e3", "px": "1"},
    "bits per second": {"Gbps": "1e9", "Mbps": "1e6", "kbps": "1e3", "bps": "1"},
    "bytes": {"TB": "1e12", "GB": "1e9", "MB": "1e6", "kB": "1e3"},
}  # fmt: skip
_SIZES = {
    name: (dimension, Fraction(size))
    for dimension, sizes in _DIMENSIONS.items()
    for name, size in sizes.items()
}


def _read() -> tuple[dict[str, str], dict[str, str]]:
    """Forms to symbols: of English texts, and of Chinese ones, where symbols occur too."""
    english: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for line in _UNITS.strip().splitlines():
        name, _, forms = line.partition(":")
        words, _, han = forms.partition("|")
        for word in (name, *(w.replace("_", " ") for w in words.split())):  # mm_Hg: mm Hg
            english[word] = name
            if len(word) < 4 or not word.islower():
                chinese[word] = name
        chinese |= dict.fromkeys(han.split(), name)
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
