"""Make a right translation wrong in a known way, for contrast.

Each way takes a source, a Chinese hypothesis, the hypothesis of another source and a random
generator. It returns the corrupted hypothesis with the half-open stretches that are now wrong
(none for something left out), or None where the text can't carry the error.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

__all__ = ["WAYS", "Corrupted", "corrupt"]

Corrupted = tuple[str, tuple[tuple[int, int], ...]]
Way = Callable[[str, str, str, random.Random], Corrupted | None]

_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_CLAUSE = re.compile(r"[^，；,;：:。]+[，；,;：:]?")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十百]{1,3}(?=[个名年月日次种岁例天倍])")
_ENGLISH = re.compile(r"[A-Za-z]{4,}")
_FLIPS = (
    ("增加", "减少"), ("升高", "降低"), ("提高", "降低"), ("上升", "下降"), ("更高", "更低"),
    ("较高", "较低"), ("高于", "低于"), ("大于", "小于"), ("多于", "少于"), ("超过", "不足"),
    ("之前", "之后"), ("以前", "以后"), ("最大", "最小"), ("最高", "最低"), ("早期", "晚期"),
    ("开始", "结束"), ("成功", "失败"), ("左", "右"), ("男", "女"), ("东", "西"), ("北", "南"),
    ("胜", "败"), ("阳性", "阴性"), ("促进", "抑制"), ("改善", "恶化"), ("支持", "反对"),
)  # fmt: skip
_NEGATIVES = ("没有", "并未", "不能", "不会", "不是", "不", "未", "无", "没")
_POSITIVES = (
    ("可以", "不能"), ("能够", "无法"), ("具有", "没有"), ("是", "不是"), ("会", "不会"),
    ("表明", "并未表明"), ("发现", "没有发现"), ("包括", "不包括"), ("有", "没有"),
    ("必须", "不必"), ("允许", "不允许"), ("导致", "并未导致"), ("成为", "没有成为"),
)  # fmt: skip


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


def negation(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Drop a negation, or add one where none is."""
    ways = [(m.start(), m.end(), "") for n in _NEGATIVES for m in re.finditer(n, text)]
    if not ways:
        ways = [(m.start(), m.end(), b) for a, b in _POSITIVES for m in re.finditer(a, text)]
    if not ways:
        return None
    start, end, new = rng.choice(ways)
    if not new and text[start:end] == "没有":
        new = rng.choice(("", "有"))
    changed, spans = _replace(text, start, end, new)
    return changed, spans or ((max(0, start - 1), min(len(changed), start + 1)),)


def flip(_source: str, text: str, _other: str, rng: random.Random) -> Corrupted | None:
    """Turn a word into its opposite."""
    pairs = [*_FLIPS, *((b, a) for a, b in _FLIPS)]
    found = [(m, b) for a, b in pairs for m in re.finditer(a, text)]
    if not found:
        return None
    match, new = rng.choice(found)
    return _replace(text, match.start(), match.end(), new)


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
    "opposite": (flip, 3),
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


def corrupt(source: str, text: str, other: str, rng: random.Random) -> tuple[str, Corrupted]:
    """The name of a way and its outcome. Ways that the text can't carry are passed over."""
    names = list(WAYS)
    weights = [WAYS[n][1] for n in names]
    while True:
        name = rng.choices(names, weights)[0]
        made = WAYS[name][0](source, text, other, rng)
        if made is not None and made[0].strip() and made[0] != text:
            return name, made
        weights[names.index(name)] = 0
        if not any(weights):
            return "other sentence", (other or source, ((0, len(other or source)),))
