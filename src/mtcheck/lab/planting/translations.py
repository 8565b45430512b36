"""Make a right translation wrong in a known way, for contrast.

Each way takes a source, a Chinese hypothesis, the hypothesis of another source and a random
generator. It returns the corrupted hypothesis with the half-open stretches that are now wrong
(none for something left out), or None where the text can't carry the error.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from mtcheck.lab.planting.anywhere import ANYWHERE, LOOSELY

__all__ = ["MEANING", "WAYS", "Corrupted", "Way", "corrupt"]

Corrupted = tuple[str, tuple[tuple[int, int], ...]]
Way = Callable[[str, str, str, random.Random], Corrupted | None]

_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_CLAUSE = re.compile(r"[^，；,;：:。]+[，；,;：:]?")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十百]{1,3}(?=[个名年月日次种岁例天倍])")
_ENGLISH = re.compile(r"[A-Za-z]{4,}")
_TURNS = {kind.kind: kind for kind in (*ANYWHERE, *LOOSELY)}
_OPPOSITES = (
    *("direction flipped", "frequency turned", "quantity turned", "certainty turned"),
    *("side turned", "order or time turned", "sex turned", "valence turned"),
    "another word turned",
)
_COMPARISONS = (
    "comparator turned, in words",
    "comparator turned, as a sign",
    "comparison turned",
)
_UNITS = (
    ("周", "个月"), ("小时", "分钟"), ("分钟", "秒"), ("天", "周"), ("岁", "个月"),
    ("毫克", "微克"), ("毫升", "升"), ("毫米", "厘米"), ("mg", "μg"), ("ml", "μl"), ("mm", "cm"),
)  # fmt: skip
_REVERSED = (
    ("没有显著", "显著"), ("没有明显", "明显"), ("无显著", "有显著"), ("无明显", "有明显"),
    ("没有统计", "有统计"), ("无统计", "有统计"), ("没有差异", "有差异"), ("无差异", "有差异"),
    ("并没有", "的确"), ("没有发现", "发现"), ("没有观察到", "观察到"), ("没有", "有"),
    ("未发现", "发现"), ("未观察到", "观察到"), ("未见", "可见"), ("未能", "能够"), ("尚未", "已"),
    ("并未", ""), ("从未", "曾"), ("未", ""), ("不显著", "显著"), ("不能", "能"), ("不会", "会"),
    ("不是", "是"), ("无法", "能够"), ("不再", "仍然"), ("不必", "必须"), ("不可", "可"),
    ("不足以", "足以"), ("不适合", "适合"), ("不影响", "影响"), ("不需要", "需要"),
    ("无关", "有关"), ("不具有", "具有"), ("不存在", "存在"), ("很少", "经常"), ("缺乏", "具有"),
    ("不一致", "一致"), ("难以", "容易"), ("并非", "是"), ("排除", "纳入"), ("不", ""),
    ("无", "有"), ("非", ""),
)  # fmt: skip
"""A negated wording and the same affirmed; turned round, most add a negation."""

_NEGATED = (
    ("差异有", "差异无"), ("具有", "不具有"), ("存在", "不存在"), ("能够", "无法"),
    ("显著", "未显著"), ("明显", "不明显"), ("表明", "并未表明"), ("显示", "未显示"),
    ("发现", "没有发现"), ("观察到", "未观察到"), ("证实", "未证实"), ("导致", "不会导致"),
    ("引起", "不会引起"), ("影响", "不影响"), ("需要", "不需要"), ("支持", "不支持"),
    ("适合", "不适合"), ("适用", "不适用"), ("改善", "未改善"), ("提高", "未提高"),
    ("增加", "未增加"), ("降低", "未降低"), ("减少", "未减少"), ("包括", "不包括"),
    ("使用", "未使用"), ("采用", "未采用"), ("接受", "未接受"), ("进行了", "没有进行"),
    ("有关", "无关"), ("相关", "无关"), ("一致", "不一致"), ("必须", "不必"), ("应该", "不应该"),
    ("有助于", "无助于"), ("可能", "不可能"), ("也是", "也不是"), ("是", "不是"),
    ("有", "没有"), ("会", "不会"), ("可", "不可"), ("应", "不应"), ("允许", "不允许"),
    ("成为", "没有成为"), ("纳入", "未纳入"), ("参与", "不参与"), ("依赖", "不依赖"),
    ("可以", "不可以"), ("能", "不能"), ("被", "未被"), ("已", "尚未"), ("均", "均未"),
    ("出现", "未出现"), ("达到", "未达到"), ("得到", "未得到"), ("完成", "未完成"),
    ("确定", "未确定"),
)  # fmt: skip

_BOUND = re.compile(
    "不(?=同|仅|断|良|足|但|管|久|可或缺|可避免|典型|过|等|饱和|孕|论|全|对称|如|得|溶)|无(?=论|创|菌|线|人|机|病|水|症)|"
    "非(?=常|洲|小细胞|编码|酒精|甾体|糖尿病)|(?<=[但还而就于若别其只可总否的不凡])是|是(?=否)|"
    "(?<=[具没所含仅还拥现固占特原])有|有(?=效|关|助|限|机|些|人|利|益|意|序|毒|氧|时|丝)|"
    "(?<=[社机学协员议])会|会(?=议|诊|员|阴)|可(?=能|以|见|靠|行|溶|视|变|比|塑|逆|持续)|"
    "(?<=[许认不])可|(?<=[反响适相效供对])应|应(?=用|答|激|对|力)|"
    "减少(?=症)|(?<=[可功性不智潜碱])能|能(?=量|力|够|源)|被(?=子|动)|(?<=[棉])被|均(?=值|匀|衡)|(?<=[平人])均"
)
"""Characters of the two tables within a longer word, where nothing is denied."""


def _replace(text: str, start: int, end: int, new: str) -> Corrupted:
    return text[:start] + new + text[end:], ((start, start + len(new)),) if new else ()


def _stretch(text: str, low: int, high: int, rng: random.Random) -> tuple[int, int] | None:
    """A random run of Han, ``low`` to ``high`` characters long."""
    runs = [m for m in _HAN_RUN.finditer(text) if len(m[0]) >= low]
    if not runs:
        return None
    run = rng.choice(runs)
    size = rng.randint(low, min(high, len(run[0])))
    start = rng.randint(run.start(), run.end() - size)
    return start, start + size


def _clauses(text: str) -> list[re.Match[str]]:
    return [m for m in _CLAUSE.finditer(text) if len(m[0]) >= 4]


def omit_clause(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Leave out one clause."""
    clauses = _clauses(text)
    if len(clauses) < 2:
        return None
    cut = rng.choice(clauses)
    left = text[: cut.start()] + text[cut.end() :]
    return re.sub(r"[，；,;：:]([。.]?)$", r"\1", left), ()


def omit_words(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Leave out some characters in the middle of a clause."""
    place = _stretch(text, 3, 10, rng) if len(text) > 12 else None
    return _replace(text, *place, "") if place else None


def cut_short(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Stop before the end."""
    if len(text) < 16:
        return None
    return text[: int(len(text) * rng.uniform(0.3, 0.75))] + "。", ()


def number(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Change a number."""
    found = list(_DIGITS.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    digits = "0123456789" if match[0].isascii() else "二三四五六七八九"
    at = rng.randrange(len(match[0]))
    new = rng.choice([d for d in digits if d != match[0][at]])
    changed = match[0][:at] + new + match[0][at + 1 :]
    if rng.random() < 0.2:
        changed = match[0] + new
    return _replace(text, match.start(), match.end(), changed)


def _places(text: str, table: tuple[tuple[str, str], ...]) -> list[tuple[int, int, str]]:
    """Where a wording of the table stands as a word of its own: start, end, what replaces it.

    A longer wording hides the shorter ones in it.
    """
    bound = {i for m in _BOUND.finditer(text) for i in range(m.start(), m.end())}
    taken: set[int] = set()
    out = []
    for old, new in sorted(table, key=lambda pair: -len(pair[0])):
        for m in re.finditer(re.escape(old), text):
            own = set(range(m.start(), m.end()))
            if not own & taken and not (own <= bound):
                out.append((m.start(), m.end(), new))
                taken |= own
    return out


def negation(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Drop a negation or add one, each as often where the text can carry both."""
    dropped, added = _places(text, _REVERSED), _places(text, _NEGATED)
    ways = rng.choice([ways for ways in (dropped, added) if ways] or [[]])
    if not ways:
        return None
    start, end, new = rng.choice(ways)
    changed, spans = _replace(text, start, end, new)
    return changed, spans or ((max(0, start - 1), min(len(changed), start + 1)),)


def _turned(text: str, rng: random.Random, *kinds: str) -> Corrupted | None:
    """One of the changes of these kinds that the text can carry."""
    found = [change for kind in kinds for change in _TURNS[kind].changes(text)]
    if not found:
        return None
    change = rng.choice(found)
    return _replace(text, change.start, change.end, change.new)


def flip(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Turn a word into its opposite."""
    return _turned(text, rng, *_OPPOSITES)


def comparator(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Turn a comparison round, in words or signs."""
    return _turned(text, rng, *_COMPARISONS)


def unit(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Another unit after a number."""
    table = (*_UNITS, *((b, a) for a, b in _UNITS))
    found = [
        (m.start(), m.end(), b)
        for a, b in table
        for m in re.finditer(rf"(?<=[0-9一二三四五六七八九十]){a}(?![a-z])", text)
    ]
    if not found:
        return None
    start, end, new = rng.choice(found)
    return _replace(text, start, end, new)


def omit_listed(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Leave out a member of a list, or what stands in brackets."""
    found = list(
        re.finditer(
            r"[^，、；。：（）()]{2,12}、|、[^，、；。：（）()和及或]{2,12}|（[^（）]{3,}）|\([^()]{3,}\)",
            text,
        )
    )
    if not found:
        return None
    match = rng.choice(found)
    return _replace(text, match.start(), match.end(), "")


def untranslated(source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Leave one to three words in English."""
    words = list(_ENGLISH.finditer(source))
    place = _stretch(text, 2, 6, rng)
    if not words or not place:
        return None
    word = rng.choice(words)
    more = re.match(r"(?: [A-Za-z]+){0,2}", source[word.end() :]) if rng.random() < 0.4 else None
    return _replace(text, *place, word[0] + (more[0] if more else ""))


def swap_clauses(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Put a clause in the place of another, and the reverse."""
    clauses = _clauses(text)
    if len(clauses) < 2:
        return None
    i, j = sorted(rng.sample(range(len(clauses)), 2))
    a, b = clauses[i], clauses[j]
    changed = text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]
    return changed, ((a.start(), b.end()),)


def swap_words(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Change the places of two stretches within one run."""
    place = _stretch(text, 6, 14, rng)
    if not place:
        return None
    start, end = place
    one, two = sorted(rng.sample(range(start + 1, end), 2))
    new = text[two:end] + text[one:two] + text[start:one]
    return _replace(text, start, end, new) if new != text[start:end] else None


def copied(source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """The source instead of the translation, wholly or from the middle on."""
    words = source.split()
    if len(words) < 5:
        return None
    if rng.random() < 0.5:
        return source, ((0, len(source)),)
    share = rng.uniform(0.3, 0.7)
    start = int(len(text) * share)
    return _replace(text, start, len(text), " ".join(words[int(len(words) * share) :]))


def other_sentence(_source: str, _text: str, other: str, _rng: random.Random) -> Corrupted | None:
    """The translation of another source."""
    return other, ((0, len(other)),)


def wrong_words(_source: str, text: str, other: str, rng: random.Random) -> Corrupted | None:
    """Some words of another sentence in place of the right ones."""
    place, theirs = _stretch(text, 2, 6, rng), _stretch(other, 2, 6, rng)
    return _replace(text, *place, other[slice(*theirs)]) if place and theirs else None


def addition(_source: str, text: str, other: str, rng: random.Random) -> Corrupted | None:
    """A clause of another sentence added."""
    clauses, theirs = _clauses(text), _clauses(other)
    if not clauses or not theirs:
        return None
    place = rng.choice(clauses).start()
    new = rng.choice(theirs)[0].rstrip("，；,;：:。.") + "，"
    return _replace(text, place, place, new)


def repeated(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """A stretch said again, up to four times."""
    place = _stretch(text, 3, 12, rng)
    if not place:
        return None
    again = text[slice(*place)] * rng.randint(1, 4)
    return _replace(text, place[1], place[1], again)


WAYS: dict[str, tuple[Way, float]] = {
    "omitted clause": (omit_clause, 3),
    "omitted words": (omit_words, 2),
    "cut short": (cut_short, 1),
    "number": (number, 3),
    "negation": (negation, 3),
    "opposite": (flip, 2),
    "comparator": (comparator, 1),
    "unit": (unit, 0.3),
    "untranslated": (untranslated, 2),
    "clauses swapped": (swap_clauses, 1.5),
    "words swapped": (swap_words, 1),
    "copied": (copied, 0.7),
    "other sentence": (other_sentence, 0.7),
    "wrong words": (wrong_words, 3),
    "addition": (addition, 1),
    "repeated": (repeated, 0.7),
}
"""Every way with its weight in the draw."""


MEANING: dict[str, tuple[Way, float]] = {
    "omitted clause": (omit_clause, 4),
    "omitted words": (omit_words, 1),
    "omitted from a list": (omit_listed, 1),
    "number": (number, 2),
    "unit": (unit, 0.5),
    "negation": (negation, 5),
    "opposite": (flip, 4),
    "comparator": (comparator, 7),
    "wrong words": (wrong_words, 1),
    "clauses swapped": (swap_clauses, 0.5),
    "addition": (addition, 0.5),
}
"""Those that leave fluent Chinese with another meaning, for abstracts."""


def corrupt(
    source: str,
    text: str,
    other: str,
    rng: random.Random,
    ways: Mapping[str, tuple[Way, float]] = WAYS,
) -> tuple[str, Corrupted]:
    """The name of a way and its outcome. Ways that the text can't carry are passed over."""
    names = list(ways)
    weights = [ways[n][1] for n in names]
    while True:
        name = rng.choices(names, weights)[0]
        made = ways[name][0](source, text, other, rng)
        if made is not None and made[0].strip() and made[0] != text:
            return name, made
        weights[names.index(name)] = 0
        if not any(weights):
            return "other sentence", (other or source, ((0, len(other or source)),))
