"""Errors that a translator could make at any place of a right translation, claimed or not.

:mod:`mtcheck.lab.planting.segments` plants where a rule's page says that it looks; here every
place is taken at which a change of a few words gives good Chinese that says something else.
What the rules claim plays no part, nor does the source: the translation is right, so what
turns its meaning round is wrong. A word whose opposite would not be said there is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mtcheck.lab.planting.kinds import Changed, Kind, Site
from mtcheck.languages.tables import read

__all__ = ["ANYWHERE", "LOOSELY", "words"]

_Found = Iterator["_Edit"]


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """``new`` in place of the half-open ``[start, end)`` of a hypothesis."""

    start: int
    end: int
    new: str

    def made_in(self, text: str) -> str:
        """The text with the change."""
        return text[: self.start] + self.new + text[self.end :]


def _everywhere(name: str, find: Callable[[str], _Found]) -> Kind:
    """The kind of which ``find`` finds all the edits that make it; they are made by place."""

    def make(site: Site) -> Iterator[Changed]:
        text = site.hypothesis
        for edit in sorted(find(text)):
            mark = edit.start, edit.start + len(edit.new)
            yield site.with_hypothesis(edit.made_in(text), (mark,), text[edit.start : edit.end])

    return Kind(name, make)


def words(*lists: str) -> Iterator[tuple[str, str, str]]:
    """The old words, how they stand to the new, and the new of some lists of ``words.tsv``."""
    table = read("mtcheck.lab.planting", "words.tsv")
    for name in lists:
        for own, way, old, new in table:
            if own == name:
                yield old, way, new.replace("∅", "")


def _by_words(name: str, *lists: str) -> Kind:
    """A kind by lists of words; of an old word that stands in several rows the first counts."""
    table: dict[str, str] = {}
    kept = [r"(?!)"]
    for old, way, new in words(*lists):
        if way == "=":
            kept.append(_spelt(old))
            continue
        table.setdefault(_spelt(old), new)
        if way == "↔":
            table.setdefault(new, old)
    ways = [(re.compile(old), new) for old, new in table.items()]
    names = re.compile("|".join(kept))

    def find(text: str) -> _Found:
        taken = [m.span() for m in names.finditer(text)]
        found = [_Edit(*m.span(), m.expand(new)) for old, new in ways for m in old.finditer(text)]
        for change in sorted(found, key=lambda c: (c.start - c.end, c)):  # the longest first
            if not any(a < change.end and change.start < b for a, b in taken):
                taken.append((change.start, change.end))
                yield change

    return _everywhere(name, find)


_HAN = "[\u4e00-\u9fff]"
_NUMERAL = "[0-9０-９一二两三四五六七八九十百千万亿几半]"
_VERB = (
    "(?:发现|显示|观察到|观察|检测到|检测|看到|出现|发生|接受|收到|受到|报告|报道|达到|改变|影响|增加"
    "|减少|降低|提高|改善|升高|下降|导致|引起|造成|表现|签署|发布|收购|完成|参加|提供|使用|采用|记录|纳入"
    "|遵守|得到|获得|通过|治疗|给出|给予|给|考虑|评估|确定|证明|证实|表明|说明|进行|形成|产生|成功|送到|登陆"
    "|违反|保存|遭|受|填满|喷发|面对|直面|运作|工作|被|能够|能|预约|授权|经历|提及|提到|提出|注意到|意识到"
    "|变化|恢复|停止|减弱|发明|发病|就|按|根据)"
)
_PARTS = {
    "BEFORE_NUMBER": f"(?=(?:大?约)?\\s?{_NUMERAL})",
    "UNIT_END": f"(?<={_NUMERAL}|[%％‰米克升岁年月天日周时钟倍例名人次个元度分里斤吨页种台座])",
    "NOT_BEFORE": "(?<![不未没无非否别])",
    "NUMERAL": _NUMERAL,
    "ADVERB": "(?:显著|明显|完全|充分|真正|事先|有效|正常|得到|真的|直接|进一步)",
    "VERB": _VERB,
    "HAN": _HAN,
}


def _spelt(pattern: str) -> str:
    """A pattern of the table with what its names stand for."""
    for name, part in _PARTS.items():
        pattern = pattern.replace(name, part)
    return pattern


_DIGITS = re.compile(
    r"(?<![A-Za-z0-9][-–])(?<![\d.,A-Za-z_/~])\d+(?:[.,]\d+)*(?![\dA-Za-z_]|[.,]\d|-[A-Za-z])"
    r"|(?<=\d[-–])\d+(?:\.\d+)?(?![\dA-Za-z_]|[.,]\d|-[A-Za-z])"
)
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Z])[A-Za-z]+-?\d+(?![A-Za-z0-9.%％])")
_NUMBER_WORD = re.compile(
    r"(?<![一二两三四五六七八九十百千万第几数零星周])([二两三四五六七八九])"
    r"(?=[个名例人种项次组年月天周倍岁国家位只条座])(?!月份?)"
)


def _number_changed(text: str) -> _Found:
    """One digit of a number: 45 becomes 65, 1.2 becomes 3.2; dates and centuries stay likely."""
    for m in _DIGITS.finditer(text):
        number, after = m[0], text[m.end() :].lstrip()[:2]
        if number.isdigit() and after[:1] in ("月", "日") and 0 < int(number) < 32:
            yield _Edit(m.start(), m.end(), str(int(number) + (2 if int(number) < 11 else -3)))
            continue
        at = next((i for i, c in enumerate(number) if c in "123456789"), 0)
        if after == "世纪" or re.fullmatch(r"(?:1\d|20)\d\d", number):
            at = len(number) - 1
        yield _Edit(m.start(), m.end(), _other_digit(number, at))


def _code_changed(text: str) -> _Found:
    """The last digit of a name: IL-6 becomes IL-8."""
    for m in _CODE.finditer(text):
        yield _Edit(m.start(), m.end(), _other_digit(m[0], len(m[0]) - 1))


def _other_digit(text: str, at: int) -> str:
    digit = int(text[at])
    return text[:at] + str(digit + 2 if digit < 8 else digit - 3) + text[at + 1 :]


def _number_word_changed(text: str) -> _Found:
    for m in _NUMBER_WORD.finditer(text):
        at = "二两三四五六七八九".index(m[1])
        yield _Edit(m.start(1), m.end(1), "五六五六七八九四三"[at])


_LINKED = re.compile("但|而|因此|所以|则|并|且|也|就|都|其|这|该|还|以|从|及|或|和|与|使|即")
_OPENING = re.compile("虽|尽管|因为|由于|如果|若|当|除|无论|不仅|即使|只要|在.{0,12}[中时后前下]$")
_LEADING = re.compile(
    "^(?:虽|尽管|因为|由于|如果|若|当|除|无论|不仅|即使|只要)|[时后前里中来说称为示言]$"
)


def _clause_left_out(text: str) -> _Found:
    """A clause between commas, of eight Han or more, without which the sentence stands."""
    for sentence in re.finditer("[^。！？!?]+[。！？!?]?", text):
        parts = list(re.finditer("[^，；。！？!?]+", sentence[0]))
        if len(parts) < 2:
            continue
        for k, part in enumerate(parts):
            words = part[0].strip()
            if len(re.findall(_HAN, words)) < 8 or _OPENING.match(words):
                continue
            if words.count("（") != words.count("）") or words.count("“") != words.count("”"):
                continue
            start, end = sentence.start() + part.start(), sentence.start() + part.end()
            if k == len(parts) - 1:
                before = parts[k - 1][0].strip()
                if len(re.findall(_HAN, before)) >= 8 and not _LEADING.search(before):
                    yield _Edit(start - 1, end, "")
            elif not _LINKED.match(parts[k + 1][0].strip()):
                yield _Edit(start, end + 1, "")


ANYWHERE = (
    _by_words("direction flipped", "changed", "compared", "direction", "direction names"),
    _by_words("negation removed", "negation removed"),
    _by_words("negation added", "negation added"),
    _by_words("comparator turned, in words", "comparators"),
    _by_words("comparator turned, as a sign", "signs"),
    _everywhere("number changed, in digits", _number_changed),
    _everywhere("number changed, in words", _number_word_changed),
    _everywhere("number of a name changed", _code_changed),
    _everywhere("clause left out", _clause_left_out),
    _by_words("frequency turned", "frequency"),
    _by_words("quantity turned", "quantity"),
    _by_words("certainty turned", "certainty"),
    _by_words("side turned", "sides"),
    _by_words("order or time turned", "order"),
    _by_words("sex turned", "sex"),
    _by_words("valence turned", "valence"),
)
"""Every kind, in the order of the table."""

LOOSELY = (
    _by_words("another word turned", "loose"),
    _by_words("comparison turned", "compared", "alike", "direction names"),
)
"""Kinds for training alone: now and then the outcome is odd Chinese, or as right as it was."""
