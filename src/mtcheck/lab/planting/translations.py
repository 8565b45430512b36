"""Make a right translation wrong in a known way, for contrast.

What is marked is what is now wrong: nothing, where something was left out. A site borrows from
the first of its ``others``, the translation of another source.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from mtcheck.lab.planting.anywhere import ANYWHERE, LOOSELY
from mtcheck.lab.planting.kinds import Changed, Kind, Site, once
from mtcheck.types import Place, Segment

__all__ = ["MEANING", "WAYS", "Ways", "corrupt"]

Ways = tuple[tuple[Kind, float], ...]
"""Kinds with their weights in the draw."""

_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_CLAUSE = re.compile(r"[^，；,;：:。]+[，；,;：:]?")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十百]{1,3}(?=[个名年月日次种岁例天倍])")
_ENGLISH = re.compile(r"[A-Za-z]{4,}")
_TWO_MORE = re.compile(r"(?: [A-Za-z]+){0,2}")
_LISTED = re.compile(
    r"[^，、；。：（）()]{2,12}、|、[^，、；。：（）()和及或]{2,12}|（[^（）]{3,}）|\([^()]{3,}\)"
)
_TURNS = {kind.name: kind.make for kind in (*ANYWHERE, *LOOSELY)}
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


def _replace(site: Site, start: int, end: int, new: str) -> Changed:
    text = site.hypothesis
    marks = ((start, start + len(new)),) if new else ()
    return site.with_hypothesis(text[:start] + new + text[end:], marks, text[start:end])


def _stretch(text: str, low: int, high: int, rng: random.Random) -> Place | None:
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


def _other(site: Site) -> str:
    """The translation of another source."""
    return site.others[0].hypothesis


def _omitted_clause(site: Site) -> Changed | None:
    """Leave out one clause."""
    text = site.hypothesis
    clauses = _clauses(text)
    if len(clauses) < 2:
        return None
    cut = site.rng.choice(clauses)
    left = text[: cut.start()] + text[cut.end() :]
    return site.with_hypothesis(re.sub(r"[，；,;：:]([。.]?)$", r"\1", left))


def _omitted_words(site: Site) -> Changed | None:
    """Leave out some characters in the middle of a clause."""
    text = site.hypothesis
    place = _stretch(text, 3, 10, site.rng) if len(text) > 12 else None
    return _replace(site, *place, "") if place else None


def _cut_short(site: Site) -> Changed | None:
    """Stop before the end."""
    text = site.hypothesis
    if len(text) < 16:
        return None
    return site.with_hypothesis(text[: int(len(text) * site.rng.uniform(0.3, 0.75))] + "。")


def _number(site: Site) -> Changed | None:
    """Change a number."""
    found = list(_DIGITS.finditer(site.hypothesis))
    if not found:
        return None
    rng = site.rng
    match = rng.choice(found)
    digits = "0123456789" if match[0].isascii() else "二三四五六七八九"
    at = rng.randrange(len(match[0]))
    new = rng.choice([d for d in digits if d != match[0][at]])
    changed = match[0][:at] + new + match[0][at + 1 :]
    if rng.random() < 0.2:
        changed = match[0] + new
    return _replace(site, match.start(), match.end(), changed)


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


def _negation(site: Site) -> Changed | None:
    """Drop a negation or add one, each as often where the text can carry both."""
    dropped, added = _places(site.hypothesis, _REVERSED), _places(site.hypothesis, _NEGATED)
    ways = site.rng.choice([ways for ways in (dropped, added) if ways] or [[]])
    if not ways:
        return None
    start, end, new = site.rng.choice(ways)
    changed = _replace(site, start, end, new)
    if changed.marks:
        return changed
    beside = max(0, start - 1), min(len(changed.hypothesis), start + 1)
    return site.with_hypothesis(changed.hypothesis, (beside,))


def _turned(site: Site, names: Sequence[str]) -> Changed | None:
    """One of the changes of these kinds that the text can carry."""
    made = (changed for name in names for changed in _TURNS[name](site))
    found = [changed for changed in made if isinstance(changed, Changed)]
    return site.rng.choice(found) if found else None


def _opposite(site: Site) -> Changed | None:
    """Turn a word into its opposite."""
    return _turned(site, _OPPOSITES)


def _comparator(site: Site) -> Changed | None:
    """Turn a comparison round, in words or signs."""
    return _turned(site, _COMPARISONS)


def _unit(site: Site) -> Changed | None:
    """Another unit after a number."""
    table = (*_UNITS, *((b, a) for a, b in _UNITS))
    found = [
        (m.start(), m.end(), b)
        for a, b in table
        for m in re.finditer(rf"(?<=[0-9一二三四五六七八九十]){a}(?![a-z])", site.hypothesis)
    ]
    return _replace(site, *site.rng.choice(found)) if found else None


def _omitted_from_list(site: Site) -> Changed | None:
    """Leave out a member of a list, or what stands in brackets."""
    found = list(_LISTED.finditer(site.hypothesis))
    return _replace(site, *site.rng.choice(found).span(), "") if found else None


def _untranslated(site: Site) -> Changed | None:
    """Leave one to three words in English."""
    words = list(_ENGLISH.finditer(site.source))
    place = _stretch(site.hypothesis, 2, 6, site.rng)
    if not words or not place:
        return None
    word = site.rng.choice(words)
    more = _TWO_MORE.match(site.source, word.end()) if site.rng.random() < 0.4 else None
    return _replace(site, *place, word[0] + (more[0] if more else ""))


def _clauses_swapped(site: Site) -> Changed | None:
    """Put a clause in the place of another, and the reverse."""
    text = site.hypothesis
    clauses = _clauses(text)
    if len(clauses) < 2:
        return None
    i, j = sorted(site.rng.sample(range(len(clauses)), 2))
    a, b = clauses[i], clauses[j]
    return _replace(site, a.start(), b.end(), b[0] + text[a.end() : b.start()] + a[0])


def _words_swapped(site: Site) -> Changed | None:
    """Change the places of two stretches within one run."""
    text = site.hypothesis
    place = _stretch(text, 6, 14, site.rng)
    if not place:
        return None
    start, end = place
    one, two = sorted(site.rng.sample(range(start + 1, end), 2))
    new = text[two:end] + text[one:two] + text[start:one]
    return _replace(site, start, end, new) if new != text[start:end] else None


def _copied(site: Site) -> Changed | None:
    """The source instead of the translation, wholly or from the middle on."""
    words, text = site.source.split(), site.hypothesis
    if len(words) < 5:
        return None
    if site.rng.random() < 0.5:
        return _replace(site, 0, len(text), site.source)
    share = site.rng.uniform(0.3, 0.7)
    start = int(len(text) * share)
    return _replace(site, start, len(text), " ".join(words[int(len(words) * share) :]))


def _other_sentence(site: Site) -> Changed:
    """The translation of another source."""
    return _replace(site, 0, len(site.hypothesis), _other(site))


def _wrong_words(site: Site) -> Changed | None:
    """Some words of another sentence in place of the right ones."""
    other = _other(site)
    place, theirs = _stretch(site.hypothesis, 2, 6, site.rng), _stretch(other, 2, 6, site.rng)
    return _replace(site, *place, other[slice(*theirs)]) if place and theirs else None


def _addition(site: Site) -> Changed | None:
    """A clause of another sentence added."""
    clauses, theirs = _clauses(site.hypothesis), _clauses(_other(site))
    if not clauses or not theirs:
        return None
    place = site.rng.choice(clauses).start()
    new = site.rng.choice(theirs)[0].rstrip("，；,;：:。.") + "，"
    return _replace(site, place, place, new)


def _repeated(site: Site) -> Changed | None:
    """A stretch said again, up to four times."""
    place = _stretch(site.hypothesis, 3, 12, site.rng)
    if not place:
        return None
    again = site.hypothesis[slice(*place)] * site.rng.randint(1, 4)
    return _replace(site, place[1], place[1], again)


def _ways(*ways: tuple[str, Callable[[Site], Changed | None], float]) -> Ways:
    return tuple((Kind(name, once(plant)), weight) for name, plant, weight in ways)


WAYS = _ways(
    ("omitted clause", _omitted_clause, 3),
    ("omitted words", _omitted_words, 2),
    ("cut short", _cut_short, 1),
    ("number", _number, 3),
    ("negation", _negation, 3),
    ("opposite", _opposite, 2),
    ("comparator", _comparator, 1),
    ("unit", _unit, 0.3),
    ("untranslated", _untranslated, 2),
    ("clauses swapped", _clauses_swapped, 1.5),
    ("words swapped", _words_swapped, 1),
    ("copied", _copied, 0.7),
    ("other sentence", _other_sentence, 0.7),
    ("wrong words", _wrong_words, 3),
    ("addition", _addition, 1),
    ("repeated", _repeated, 0.7),
)
"""Every way with its weight in the draw."""


MEANING = _ways(
    ("omitted clause", _omitted_clause, 4),
    ("omitted words", _omitted_words, 1),
    ("omitted from a list", _omitted_from_list, 1),
    ("number", _number, 2),
    ("unit", _unit, 0.5),
    ("negation", _negation, 5),
    ("opposite", _opposite, 4),
    ("comparator", _comparator, 7),
    ("wrong words", _wrong_words, 1),
    ("clauses swapped", _clauses_swapped, 0.5),
    ("addition", _addition, 0.5),
)
"""Those that leave fluent Chinese with another meaning, for abstracts."""


def corrupt(
    source: str, text: str, other: str, rng: random.Random, ways: Ways = WAYS
) -> tuple[str, str, tuple[Place, ...]]:
    """The name of a way, the wrong text, and its stretches that are wrong.

    Ways that the text can't carry are passed over.
    """
    site = Site([Segment("", "", source, text)], 0, [Segment("", "", "", other)], rng)
    weights = [weight for _, weight in ways]
    while any(weights):
        at = rng.choices(range(len(ways)), weights)[0]
        for made in ways[at][0].make(site):
            if isinstance(made, Changed) and made.hypothesis.strip() and made.hypothesis != text:
                return ways[at][0].name, made.hypothesis, made.marks
        weights[at] = 0
    instead = other or source
    return "other sentence", instead, ((0, len(instead)),)
