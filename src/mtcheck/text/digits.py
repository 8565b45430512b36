"""Numbers written with digits, in an English or a Chinese text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from mtcheck.text.values import Strength, Value, ValueKind

__all__ = [
    "DIGIT_RUN",
    "MAX_DIGITS",
    "MONTHS",
    "MOST",
    "PERCENT",
    "VULGAR",
    "as_fraction",
    "with_digits",
]

_GROUPING = str.maketrans("", "", ",' ’\u00a0")
MAX_DIGITS = 30  # longer runs are identifiers
MOST = 5000  # values of a kind that one text can have; no sentence has more
DIGIT_RUN = re.compile(r"\d+")
# Grouped by commas (also 1,00,000), by no-break or plain spaces or apostrophes, or bare; then a
# decimal, but not 1.2.3. First the other way round: 1.234,56 and 12.345.678.
_NUMERAL = re.compile(
    r"\d{1,3}(?:\.\d{3})+,\d{1,2}(?![\d,]|\.\d)|(?<![\d.])\d{1,3}(?:\.\d{3}){2}(?![\d,]|\.\d)"
    r"|(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?:\u00a0\d{3})+(?!\d)"
    r"|\d{1,3}(?:['’]\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?![\d,])|\d+)(?:\.\d+)?(?!\.?\d)"
    r"|(?<![A-Za-z\d.])\.\d+|\d+"
)
# In Chinese output: groups cut by a space (100, 000; 5 00万) or wrongly set (1,0000), a
# decimal comma (1,5).
_BROKEN = re.compile(
    r"\d{1,3}(?:, \d{3}){1,4}(?![\d,])|\d{1,3}(?: \d{1,3}){1,3}(?=[万亿])"
    r"|\d{1,3}(?:,\d{4}){1,4}(?![\d,.])"
    r"|\d{1,6},(?:\d{1,2}|\d{4,6})(?![\d,.])"
)
VULGAR = {
    "½": Fraction(1, 2),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅕": Fraction(1, 5),
    "⅛": Fraction(1, 8),
    "⅜": Fraction(3, 8),
    "⅝": Fraction(5, 8),
    "⅞": Fraction(7, 8),
}
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|\b10\.\d{4,9}/[!-~]+|[A-Za-z\d.+_-]{1,64}@[A-Za-z\d.-]+"
    r"|\[\d[\d,;\s–-]*\]"
)
_ADDRESS_HINTS = ("://", "www.", "10.", "@", "[")
# Citation marks set straight behind a stop (studied.1,2), powers and charges set in brackets or
# behind ^ (m(2), Ca(2+), R^2): their digits count nothing.
_GLUED_HINT = re.compile(r'[A-Za-z)\]”"%][.,;]\d|。\d|[A-Za-z]\([-+–\d]|\^')
_GLUED = re.compile(
    r"(?<=[A-Za-z)\]”\"%][A-Za-z)\]”\"%]\.)\d{1,3}(?:[,–-]\d{1,3}){0,6}(?=\s+[A-Z\"“]|\s*$)"
    r"|(?<=[a-z)\]][a-z)\]][,;])\d{1,3}(?:[,–-]\d{1,3}){0,6}(?=\s[a-z]{2})"
    r"|(?<=。)\d{1,3}(?:[,–-]\d{1,3}){0,6}$"
    r"|(?<=[A-Za-z])\((?:[-+–]?\d{1,2}|\d[-+])\)|(?<=[A-Za-z)\]])\^\{?\(?[-+–]?\d{1,3}\)?\}?"
)
# Letters, then a digit: the digits belong to a name (CD4, IL-6, SARS-CoV-2, H1N1, PM2.5) …
_NAMED = re.compile(r"(?<![A-Za-z\dα-ωΑ-Ω])(?P<word>[A-Za-zα-ωΑ-Ω]+)(?P<dash>-?)(?=\d)")
_NAMED_REST = re.compile(r"[\dA-Za-zα-ωΑ-Ω]+(?:[.\-/][\dA-Za-zα-ωΑ-Ω]+)*[+]?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# … but not behind these: pH7.4, RMB100, n20, pre1990, Type-2.
_OPEN_PREFIX = _set(
    "ph n p r rmb usd eur gbp cny hkd aud cad us hk no nos vol vols pp fig figs tab pre post mid "
    "early late over under sub non circa ca approx ci"
)
_COUNTED = _set("type phase stage grade class level day week top group tier part step")
_UNIT_POWERS = _set("min day days week weeks month year mol mmol nmol plant person cell site plot")
_AFTER_QUANTITY = re.compile(r"\d(?:\s?[A-Za-zµμ°]{1,6})?\s?[·⋅.]?\s?$")
# Letters that are open but whose digit is closed: R2, P75, Ca2+.
_CLOSED_NAME = re.compile(r"[Rr]2(?![\d.])|[Pp]\d{1,2}(?![\d.])|Ca2(?![\d.])")
_ISOTOPES = _set(
    "1H 2H 3H 7Be 10Be 11C 13C 14C 13N 15N 15O 17O 18O 18F 19F 22Na 26Al 31P 32P 33P 34S 35S 36Cl "
    "39Ar 40Ar 40K 45Ca 51Cr 54Mn 57Co 60Co 59Fe 64Cu 65Zn 67Ga 68Ga 82Rb 86Sr 87Sr 89Sr 90Sr 90Y "
    "89Zr 99mTc 111In 123I 124I 125I 131I 133Xe 134Cs 137Cs 153Sm 177Lu 186Re 188Re 201Tl 206Pb "
    "207Pb 208Pb 210Pb 223Ra 225Ac 226Ra 232Th 235U 238U 239Pu 241Am"
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺–", "0123456789-+-")
_EXPONENT = re.compile(
    r"\s?[x×X*·⋅]\s?10(?:\^\{?\(?(?P<a>[-+–]?\d{1,3})\)?\}?|(?P<b>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"
    r"|\((?P<c>[-+–]?\d{1,3})\)|(?P<e>-\d{1,2})(?!\d)|(?P<d>\d{1,2})(?![\d.,]))"
)
_POWER = re.compile(r"\^\{?\(?(?P<a>[-+–]?\d{1,3})\)?\}?|(?P<b>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")
# 10(5), 10-3, 10-12 M: a power of ten whose superscript was lost, or two numbers.
_FLAT_POWER = re.compile(
    r"\((?P<a>[-+–]?\d{1,2})\)|(?P<b>-[1-9])(?![\d.,%]|\s?%|[-–/]\d)(?=\s?(?:[^\s\d年月岁天日周小分]|$))"
    r"|(?P<c>-1[0-5])(?=\s?(?:M|mol|m|s|g|L|cm)\b)"
)
_E_NOTATION = re.compile(r"[eE](?P<a>[-+]?\d{1,3})(?![\dA-Za-z])")
_LETTERS = re.compile(r"[A-Za-zµμΩ]+")
PERCENT = re.compile(
    r"\s{0,2}(?:%|‰|per\s?mil(?:le)?\b|[- ]?percentage[- ]points?\b|per\s?cent\b"
    r"|percent(?:age)?\b|pct\b|个?百分点)",
    re.I,
)
_PPM = re.compile(r"\s?ppm\b")
_PER_MILLE = re.compile("‰|mil", re.I)
_DASH = re.compile(r"\s?[-–—~/]{1,2}\s?|\s(?:to|and|or)\s|[至到]")
_WIDE_PAIR = re.compile(r"\d{1,3},\d{3}")
_BRACKETS = frozenset("([")
_SPACED = re.compile(r"\S+")
_HALF_DAY = re.compile(r"(?::\d\d)?\s?[ap]\.?m\b", re.I)
_MILITARY = re.compile(r"\s(?:UTC|GMT|hours|hrs|local time)\b")
_SCALE = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
    "lakh": 10**5,
    "crore": 10**7,
    "bn": 10**9,
    "mn": 10**6,
    "mln": 10**6,
}
_SCALES = re.compile(
    rf"[\s-]{{0,2}}(?P<scale>{'|'.join(_SCALE)})s?(?![A-Za-z])"
    r"(?:[\s-](?P<more>thousand|million|billion|trillion)s?(?![A-Za-z]))?",
    re.I,
)
_FOLD = re.compile(r"[\s-]?folds?\b", re.I)
_ABBREVIATED = {"k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "B": 10**9}
_NAME_LETTERS = frozenset("DGKSPFHEX")  # 3D, 5G, 4K: names, where 20K, 37C, 5V are not
_UNIT_LETTERS = frozenset("KFSHX")
_CAPITAL_UNITS = _set(
    "MHZ GHZ KHZ THZ HZ GB MB KB TB PB KM CM MM KG MG ML KW MW GW KWH MWH GWH KV MPA KPA GPA PA "
    "DPI FPS RPM AM PM BC BCE AD CE USD EUR GBP RMB CNY HKD DB CC IU MIN DA KDA EV KEV MEV"
)
_UNIT_WORD = re.compile(r"[kMGTmμµnpcd]?(?:Hz|Pa|W|Wh|V|eV|Da|L|l|M|mol|J|A|Gy|Sv|Bq|Ci|N|B|bp|b)")
_ORDINAL_SUFFIX = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])", re.I)
_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
MONTHS = {
    name[:length]: number
    for number, name in enumerate(_MONTH_NAMES.split(), 1)
    for length in (3, 4 if name == "september" else 3, len(name))
}

Tail = Callable[[str, Value], Value]
"""What a language adds behind a numeral: 万, 年代, 倍 …"""


def as_fraction(numeral: str) -> Fraction:
    """Exact value of a grouped decimal numeral."""
    if 0 < numeral.find(".") < numeral.find(","):  # 1.234,56
        numeral = numeral.replace(".", "").replace(",", ".")
    if numeral.count(".") > 1:  # 12.345.678
        numeral = numeral.replace(".", "")
    bare = numeral.translate(_GROUPING)
    return Fraction("0" + bare) if "." in bare else Fraction(int(bare))


def with_digits(text: str, tail: Tail | None = None) -> Iterator[Value]:
    """Values written with digits in a plain text, in order; ``tail`` reads Chinese suffixes."""
    if not DIGIT_RUN.search(text):
        return
    previous: Value | None = None
    for value in itertools.islice(_scan(text, _names(text), tail), MOST):
        current = value
        if previous is not None:
            if current.kind != "name":
                previous, current = _range(text, previous, current)
            yield previous
        if current.kind == "name":
            yield current
            previous = None
        else:
            previous = current
    if previous is not None:
        yield previous


def _scan(text: str, names: list[tuple[int, int]], tail: Tail | None) -> Iterator[Value]:
    inside = pos = 0
    while m := _NUMERAL.search(text, pos):
        start, end = m.span()
        while inside < len(names) and names[inside][1] <= start:
            inside += 1
        if inside < len(names) and names[inside][0] <= start:
            pos = names[inside][1]
            yield from _digits_of_name(text, start, pos)
        elif end - start > MAX_DIGITS:
            pos = end
        elif tail is not None and (broken := _BROKEN.match(text, start)):
            value = tail(text, _broken(broken))
            pos = value.end
            yield value
        else:
            value = _numeral(text, m, tail)
            pos = max(value.end, end)
            yield value


def _names(text: str) -> list[tuple[int, int]]:
    """Places whose digits belong to a name, an address or a citation mark, in order."""
    found: list[tuple[int, int]] = []
    if any(hint in text for hint in _ADDRESS_HINTS):
        found += [m.span() for m in _ADDRESS.finditer(text)]
    if _GLUED_HINT.search(text):
        found += [m.span() for m in _GLUED.finditer(text) if not text.endswith("10", 0, m.start())]
    last = 0
    for m in _NAMED.finditer(text):
        word, dash = m["word"], m["dash"]
        if m.start() < last:
            continue
        if word.casefold() in _OPEN_PREFIX and not _CLOSED_NAME.match(text, m.start()):
            continue
        # type-2, day-28, Phase-3: a word and its number
        counted = (word.islower() and len(word) > 2) or word.casefold() in _COUNTED
        if dash and counted and not _is_power(text, m):
            continue
        rest = _NAMED_REST.match(text, m.end())
        last = rest.end() if rest else m.end()
        found.append((m.start(), last))
    return sorted(found)


def _is_power(text: str, m: re.Match[str]) -> bool:
    """Whether a unit's name stands with its power: 5 mg kg-1 day-1, but not "on day-1"."""
    end = m.end()
    if m["word"] not in _UNIT_POWERS or text[end] not in "123" or text[end + 1 : end + 2].isdigit():
        return False
    return _AFTER_QUANTITY.search(text[max(0, m.start() - 12) : m.start()]) is not None


def _digits_of_name(text: str, start: int, end: int) -> Iterator[Value]:
    """Each digit run of a name, as a possible counterpart (COVID-19 = 2019冠状病毒病)."""
    for m in DIGIT_RUN.finditer(text, start, end):
        if m.end() - m.start() > MAX_DIGITS:
            continue
        number = Fraction(int(m[0]))
        keys = (number, number + 2000) if 10 <= number < 100 else (number,)
        yield Value(m.start(), m.end(), m[0], "name", keys, Strength.LOOSE)


def _broken(m: re.Match[str]) -> Value:
    """``100, 000``, ``5 00万`` or ``1,5``: the number that was meant, the pieces as parts."""
    whole, _, rest = m[0].partition(",")
    if " " in m[0] or rest.endswith("00"):
        number = Fraction(int("".join(DIGIT_RUN.findall(m[0]))))
    else:
        number = Fraction(f"{whole}.{DIGIT_RUN.findall(rest)[0]}")
    return _value(m[0], m.start(), number, parts=_pieces(m))


def _value(
    text: str,
    start: int,
    *keys: Fraction,
    kind: ValueKind = "cardinal",
    strength: Strength = Strength.DIGITS,
    parts: tuple[Value, ...] = (),
    negative: bool = False,
) -> Value:
    unique = tuple(dict.fromkeys(keys)) if len(keys) > 1 else keys
    return Value(start, start + len(text), text, kind, unique, strength, parts, negative)


def _pieces(m: re.Match[str]) -> tuple[Value, ...]:
    """The digit runs of a numeral, as values of their own."""
    return tuple(
        _value(d[0], m.start() + d.start(), Fraction(int(d[0]))) for d in DIGIT_RUN.finditer(m[0])
    )


# In Chinese these may follow a numeral and concern it; before any other sign, only the tail.
_OPEN_END = frozenset("×·⋅⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺‰个µμΩ–—∼") | frozenset(VULGAR)


_CLOSED_END = frozenset((*",;:)]。.", ""))  # nothing behind these concerns the number


def _numeral(text: str, m: re.Match[str], tail: Tail | None) -> Value:
    """The value that begins with the numeral ``m``, with its scale, sign, percent or suffix."""
    start, end = m.span()
    negative = _is_negative(text, start)
    number = as_fraction(m[0])
    following = text[end : end + 1]
    if tail is not None and not following.isascii() and following not in _OPEN_END:
        return tail(text, _value(m[0], start, number, negative=negative))
    value = None
    if following not in _CLOSED_END:
        value = (
            _power(text, m, number) or _share(text, m, number, tail) or _lettered(text, m, number)
        )
    if value is None:
        value = _bare(text, m, number)
        if tail is not None:
            value = tail(text, value)
    return replace(value, negative=True) if negative else value


def _power(text: str, m: re.Match[str], number: Fraction) -> Value | None:
    """``1.2 × 10^-3``, ``10⁶``, ``5 × 10(6)``, ``1e-3``."""
    start, end = m.span()
    if power := _EXPONENT.match(text, end):
        parts: tuple[Value, ...] = ()
        if power["d"]:  # the superscript may have been lost: "1.2 x 106"
            ten = power.end() - len(power["d"]) - 2
            lost = text[ten : power.end()]
            parts = (_value(m[0], start, number), _value(lost, ten, Fraction(int(lost))))
        shown = number * Fraction(10) ** _exponent(power)
        return _value(text[start : power.end()], start, shown, parts=parts)
    if m[0] == "10" and (power := _POWER.match(text, end)):
        return _value(text[start : power.end()], start, Fraction(10) ** _exponent(power))
    if m[0] == "10" and (power := _FLAT_POWER.match(text, end)):
        whole = text[start : power.end()]
        digits = DIGIT_RUN.search(text, end)
        parts = (_value(m[0], start, number),)
        if digits is not None:
            parts += (_value(digits[0], digits.start(), Fraction(int(digits[0]))),)
        return _value(whole, start, Fraction(10) ** _exponent(power), parts=parts)
    if power := _E_NOTATION.match(text, end):
        shown = number * Fraction(10) ** _exponent(power)
        return _value(text[start : power.end()], start, shown)
    return None


def _exponent(m: re.Match[str]) -> int:
    digits = next(g for g in m.groups() if g is not None)
    return int(digits.translate(_SUPERSCRIPT))


def _share(text: str, m: re.Match[str], number: Fraction, tail: Tail | None) -> Value | None:
    """``12.5%``, ``2½``, ``2/3``, ``1.2 million``, ``3-fold``."""
    start, end = m.span()
    if percent := PERCENT.match(text, end):
        mille = _PER_MILLE.search(percent[0])  # not to be taken for so many per cent
        shares = (number / 1000,) if mille else (number / 100, number)
        return _value(text[start : percent.end()], start, *shares, kind="percent")
    following = text[end : end + 1]
    if following in VULGAR:
        return _value(text[start : end + 1], start, number + VULGAR[following])
    if following == "/":
        return _ratio(text, m, number, tail)
    if scaled := _SCALES.match(text, end):
        factor = _SCALE[scaled["scale"].lower()] * _SCALE.get((scaled["more"] or "").lower(), 1)
        return _value(text[start : scaled.end()], start, number * factor)
    if fold := _FOLD.match(text, end):
        keys = (number, number - 1, number + 1)
        return _value(text[start : fold.end()], start, *keys, kind="fold")
    return None


def _ratio(text: str, m: re.Match[str], top: Fraction, tail: Tail | None) -> Value | None:
    """``2/3``, ``3/10万``: the fraction, or the two numbers; None for 120/80/80 and 2019/20."""
    start = m.start()
    below = _NUMERAL.match(text, m.end() + 1)
    if below is None:
        return _per_scale(text, m, top) if tail is not None else None
    if below.end() - start > MAX_DIGITS:
        return None
    if text[below.end() : below.end() + 1] == "/" or text[start - 1 : start] == "/":
        return None
    bottom = _value(below[0], below.start(), as_fraction(below[0]))
    if tail is not None and text[below.end() : below.end() + 1] in _WIDE_SCALES:
        bottom = tail(text, bottom)
    if not bottom.value or _SEASON.fullmatch(text[start : below.end()]):
        return None
    whole = text[start : bottom.end]
    if whole == "24/7":
        return _value(whole, start, top, bottom.value, strength=Strength.LOOSE)
    parts = (_value(m[0], start, top), bottom)
    return _value(whole, start, top / bottom.value, kind="fraction", parts=parts)


_WIDE_SCALES = frozenset("十百千万亿")
_PER_SCALE = re.compile(r"/(?P<scale>百万|十万|万|千)(?!\d)")
_SCALE_OF = {"百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000}
_SEASON = re.compile(r"(?:1[5-9]|20)\d\d/\d\d")  # 2019/20


def _per_scale(text: str, m: re.Match[str], top: Fraction) -> Value | None:
    """``12.5/万``: so many in ten thousand."""
    scale = _PER_SCALE.match(text, m.end())
    if scale is None:
        return None
    below = Fraction(_SCALE_OF[scale["scale"]])
    name = _value(scale["scale"], scale.start("scale"), below, strength=Strength.LOOSE)
    parts = (_value(m[0], m.start(), top), name)
    whole = text[m.start() : scale.end()]
    return _value(whole, m.start(), top / below, kind="fraction", parts=parts)


def _lettered(text: str, m: re.Match[str], number: Fraction) -> Value | None:
    """Letters right behind the digits: 1990s, 21st, 20mg, 100k, 11.20am, or a name (3T3)."""
    start, end = m.span()
    letters = _LETTERS.match(text, end)
    if letters is None:
        return None
    word, after = letters[0], letters.end()
    whole = "." not in m[0]
    if whole and (ordinal := _ORDINAL_SUFFIX.match(text, end)):
        keys = _century(text, ordinal.end(), number)
        kind: ValueKind = "century" if len(keys) > 1 else "ordinal"
        return _value(text[start : ordinal.end()], start, *keys, kind=kind)
    if whole and word == "s":
        return _decade(text[start:after], start, number) or _value(text[start:after], start, number)
    scaled = number * _ABBREVIATED.get(word, 1)
    if (
        m[0] + word in _ISOTOPES
        or _is_name(text, m[0], word, after)
        or (word == "K" and number < 10)
    ):  # 18F, 3T3, 4K
        rest = _NAMED_REST.match(text, end)
        name = text[start : rest.end() if rest else after]
        return _value(name, start, number, scaled, kind="name", strength=Strength.LOOSE)
    if word in _ABBREVIATED:
        return _value(m[0], start, number, scaled)
    return _bare(text, m, number)


def _is_name(text: str, numeral: str, word: str, after: int) -> bool:
    """Whether letters right behind the digits make the whole a name (3T3, 5HT, 4G)."""
    if text[after : after + 1].isdigit():
        return word not in "xX"  # 36x24
    if word.islower() or "." in numeral or _UNIT_WORD.fullmatch(word):
        return False
    if len(word) == 1:
        return word in _NAME_LETTERS and word not in _UNIT_LETTERS and len(numeral) <= 2
    if word.isupper():
        return word not in _CAPITAL_UNITS
    return not (word.casefold() in MONTHS or word[0].islower() or word.istitle())


def _century(text: str, end: int, number: Fraction) -> tuple[Fraction, ...]:
    """Keys of an ordinal: before "century" also the first year of that century."""
    if text[end : end + 9].lstrip(" -").lower().startswith("centur"):
        return (number, (number - 1) * 100)
    return (number,)


def _decade(text: str, start: int, number: Fraction) -> Value | None:
    """``1990s``, ``'90s``, ``00s``: the first year; for 1900s the century, for 90s the ages."""
    if text == "00s":
        return _value(text, start, Fraction(2000), Fraction(1900), kind="decade")
    if number % 10 or not (1000 <= number <= 2190 or 10 <= number <= 90):
        return None
    keys: tuple[Fraction, ...] = (number,)
    if number < 1000:
        keys = (number, number + 1900, number + 2000, number + 1800)
    elif not number % 100:
        keys = (number, number / 100 + 1)
    return _value(text, start, *keys, kind="decade")


def _bare(text: str, m: re.Match[str], number: Fraction) -> Value:
    """A numeral alone, with what clock times and short years may mean besides."""
    start, end = m.span()
    extra: list[Fraction] = []
    parts: tuple[Value, ...] = ()
    strength = Strength.DIGITS
    before = text[start - 1 : start]
    if _WIDE_PAIR.fullmatch(m[0]) and before in _BRACKETS:  # 412（150，980）
        parts = _pieces(m)
    if " " in m[0]:  # 10 500: perhaps ten bombs of 500 pounds
        parts = tuple(
            _value(p[0], start + p.start(), as_fraction(p[0])) for p in _SPACED.finditer(m[0])
        )
    if _PPM.match(text, end):
        extra.append(number / 10**6)
    if before and before in "'’" and len(m[0]) == 2:  # '98
        extra += [number + 1900, number + 2000]
    if _HALF_DAY.match(text, end):
        if "." in m[0]:  # 11.20am
            parts = _pieces(m)
        elif number <= 12:
            extra.append(number + 12)
    elif before == ":" and not number:  # 10:00 = 10点
        strength = Strength.LOOSE
    elif m[0].isdigit() and len(m[0]) == 4 and (m[0][0] == "0" or _MILITARY.match(text, end)):
        hour, minute = divmod(int(number), 100)  # 0530, 1500 UTC
        if minute:
            parts = (
                _value(m[0][:2], start, Fraction(hour), Fraction((hour - 1) % 12 + 1)),
                _value(m[0][2:], start + 2, Fraction(minute)),
            )
        else:
            extra += [Fraction(hour), Fraction((hour - 1) % 12 + 1)]
    return _value(m[0], start, number, *extra, strength=strength, parts=parts)


_SIGN_AFTER = frozenset(" (=<>≤≥≈:,[;|~±×*（、；：，～—为在于是达至到约从和与及或由值差下")


def _is_negative(text: str, start: int) -> bool:
    """A minus sign before the number that is no hyphen, range dash or bullet."""
    if start < 2 or text[start - 1] not in "-–":
        return False
    before = text[start - 2]
    if before in "-–":  # -0.9–-0.1
        return text[start - 3 : start - 2].isdigit()
    return before in _SIGN_AFTER


def _range(text: str, first: Value, second: Value) -> tuple[Value, Value]:
    """Let the ends of a range share what is written once: 10–20%, 3–4万, 1981–87."""
    gap = text[first.end : second.start]
    if len(gap) > 5 or first.kind != "cardinal" or not _DASH.fullmatch(gap):
        return first, second
    low, high = first.value, second.value
    if second.kind == "percent":
        return _also(first, low * high / second.keys[-1]) if second.keys[-1] else first, second
    if second.kind != "cardinal":
        return first, second
    numeral = _NUMERAL.match(second.text)
    bare = as_fraction(numeral[0]) if numeral and len(numeral[0]) <= MAX_DIGITS else high
    if bare and high != bare and low < 10**4:
        first = _also(first, low * high / bare)
    short = second.text.isdigit() and len(second.text) <= 2
    if short and 1000 <= low <= 2100 and low.denominator == 1 and high > low % 100:
        second = _also(second, low - low % 100 + high)
    return first, second


def _also(value: Value, key: Fraction) -> Value:
    return replace(value, keys=(*value.keys, key))
