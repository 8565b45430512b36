"""Labels of structured abstracts, English and Chinese: BACKGROUND, 方法 and their like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.languages.tables import rows
from mtcheck.text.parses import cached

__all__ = ["CHINESE_LABELS", "SectionLabel", "chinese_labels", "english_labels", "run_on_label"]

_TABLE = rows("en_zh", "section_labels.tsv")
_ENGLISH = {kind: english for kind, english, *_ in _TABLE}
_CHINESE = {kind: chinese.replace("AND", "[与和及、，/](?:其)?") for kind, _, chinese, _ in _TABLE}
CHINESE_LABELS = {kind: usual for kind, *_, usual in _TABLE}
"""The usual Chinese label for each kind."""


def _alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern, parted where ``|`` stands outside brackets."""
    found, depth = [""], 0
    for c in pattern:
        depth += (c == "(") - (c == ")")
        if c == "|" and not depth:
            found.append("")
        else:
            found[-1] += c
    return found


def _pattern(kinds: dict[str, str]) -> str:
    """The labels of all kinds, the longest first, so that none is cut short by another."""
    every = {a for pattern in kinds.values() for a in _alternatives(pattern)}
    return f"(?P<label>{'|'.join(sorted(every, key=lambda a: (-len(a), a)))})"


_KINDS = {
    language: {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in kinds.items()}
    for language, kinds in (("en", _ENGLISH), ("zh", _CHINESE))
}


@cached
def _kind(label: str, language: str) -> str:
    return next(k for k, pattern in _KINDS[language].items() if pattern.fullmatch(label))


_EN_LABEL, _ZH_LABEL = _pattern(_ENGLISH), _pattern(_CHINESE)

# At the start, or after a full stop: "RESULTS:", "Results:", "RESULTS We" (capitals only).
_EN = re.compile(
    rf"(?:^|(?<=[.!?)]\s)|(?<=[.!?]))\s{{0,3}}[\[(<]{{0,1}}{_EN_LABEL}[\])>]{{0,1}}\s?"
    r"(?P<mark>[:：]|\.(?=\s[A-Z])|[-–—](?=\s)|(?=\s[A-Z0-9]))",
    re.IGNORECASE,
)
_MAY_LABEL = re.compile("[:：]|[A-Z]{2}")
_ZH = re.compile(
    rf"(?:^|(?<=[。！？.!?；;）]))\s{{0,3}}(?P<open>[【\[（(〔]?)\s?{_ZH_LABEL}\s?"
    rf"(?P<mark>[】\]）)〕]\s?[:：]?|[:：]|[.。\s\u3000](?=\S)|$)"
)


@dataclass(frozen=True, slots=True)
class SectionLabel:
    """A label at ``[start, end)``, its mark left out, and its kind."""

    start: int
    end: int
    kind: str


def _labels(
    pattern: re.Pattern[str], text: str, language: str
) -> list[tuple[re.Match[str], SectionLabel]]:
    return [
        (m, SectionLabel(*m.span("label"), _kind(m["label"], language)))
        for m in pattern.finditer(text)
    ]


@cached
def english_labels(text: str) -> tuple[SectionLabel, ...]:
    """The labels of an English text: at its start or after a stop, with a colon or in capitals."""
    if not _MAY_LABEL.search(text):
        return ()
    found = []
    for m, label in _labels(_EN, text, "en"):
        word = text[label.start : label.end]
        if word.isupper() or (word[0].isupper() and m["mark"] in (":", "：")):
            found.append(label)
    return tuple(found)


@cached
def chinese_labels(text: str) -> tuple[SectionLabel, ...]:
    """The labels of a Chinese text: at its start or after a stop, and set off by a mark."""
    found = []
    for m, label in _labels(_ZH, text, "zh"):
        bracketed = bool(m["open"]) and bool(m["mark"]) and m["mark"][0] in "】]）)〕"
        if bracketed or (not m["open"] and (m["mark"] == "" or m["mark"][0] in ":：.。 \u3000")):
            found.append(label)
    return tuple(found)


# At the very start; in title case a capital must follow, as in "Methods We sowed".
_EN_START = re.compile(rf"\s{{0,3}}{_EN_LABEL}(?P<mark>\s?[:：.]\s|\s(?=[A-Z0-9]))", re.IGNORECASE)
_ZH_START = re.compile(rf"\s{{0,3}}{_ZH_LABEL}(?=[㐀-鿿])")
# What makes a label the subject of its sentence: 结果表明, 方法的选择, 目的是.
_GOES_ON = re.compile(
    r"[的是在为有中上和与及或均也都将可以]|表[明示]|显示|提示|证[实明]|发现|如下|包括"
)


@cached
def run_on_label(source: str, hypothesis: str) -> SectionLabel | None:
    """The label that starts the hypothesis and runs into its sentence without a mark or space.

    Only where the source starts with a label of the same kind, so that 结果 is one here.
    """
    if any(not hypothesis[: x.start].strip() for x in chinese_labels(hypothesis)):
        return None  # a label as it should be: 主要结局和测量指标：
    english = _EN_START.match(source)
    chinese = _ZH_START.match(hypothesis)
    if not english or not chinese:
        return None
    # IGNORECASE lets the look-ahead pass small letters
    if not (source[english.end() : english.end() + 1].isupper() or english["mark"].strip()):
        return None
    if not source.lstrip()[0].isupper() or _GOES_ON.match(hypothesis, chinese.end()):
        return None
    kind = _kind(chinese["label"], "zh")
    return (
        SectionLabel(*chinese.span("label"), kind)
        if kind == _kind(english["label"], "en")
        else None
    )
