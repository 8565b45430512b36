"""Items of a list that a translation left out: mild, moderate or severe as 轻度、中度.

The words that stand beside each other in lists, and any sign of them in Chinese, stand in
``series.tsv``. Of lists of other words only the number of items is compared.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mtcheck.languages.tables import rows
from mtcheck.text.parses import cached

__all__ = ["SeriesItem", "dropped_items", "shortened_list"]


@dataclass(frozen=True, slots=True)
class SeriesItem:
    """A word of a list at ``[start, end)`` of the source, and the signs of it in Chinese."""

    start: int
    end: int
    signs: tuple[str, ...]


_WORD = re.compile(r"[A-Za-z]+(?:-term)?")
_LINK = re.compile(
    r"-?\s?(?:,\s?(?:and|or|as\swell\sas|but)|,|/|&|\+|and/or|and|or|as\swell\sas|nor|to|through|than|versus"
    r"|vs\.?|but\snot)\s?(?:the\s|in\s)?"
)
_WHOLE = "*"


@functools.cache
def _table() -> tuple[dict[str, list[tuple[str, tuple[str, ...]]]], dict[str, tuple[str, ...]]]:
    """Groups and signs of each word, and what renders the whole of a group."""
    words: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    whole: dict[str, tuple[str, ...]] = {}
    for group, english, chinese in rows("en_zh", "series.tsv"):
        signs = tuple(chinese.split())
        if english == _WHOLE:
            whole[group] = signs
            continue
        for word in english.split():
            words.setdefault(word, []).append((group, signs))
    return words, whole


@functools.cache
def _lows() -> frozenset[str]:
    return frozenset(map(str.lower, _table()[0]))


@cached
def _lists(source: str) -> tuple[tuple[str, tuple[SeriesItem, ...]], ...]:
    """The lists of two or more known words of one group, with the group."""
    words, _ = _table()
    lows = _lows()
    if sum(word in lows for word in _WORD.findall(source.lower())) < 2:
        return ()
    known = [
        (m.start(), m.end(), entry)
        for m in _WORD.finditer(source)
        if (entry := words.get(m[0]) or words.get(m[0].lower()))
    ]
    return tuple(_runs(source, known))


def _runs(
    source: str, known: list[tuple[int, int, list[tuple[str, tuple[str, ...]]]]]
) -> Iterator[tuple[str, tuple[SeriesItem, ...]]]:
    for group in dict.fromkeys(g for _, _, entry in known for g, _ in entry):
        of_group = [
            SeriesItem(start, end, signs)
            for start, end, entry in known
            for g, signs in entry
            if g == group
        ]
        run = of_group[:1]
        for a, b in itertools.pairwise(of_group):
            if _LINK.fullmatch(source, a.end, b.start):
                run.append(b)
                continue
            if len(run) > 1:
                yield group, tuple(run)
            run = [b]
        if len(run) > 1:
            yield group, tuple(run)


@cached
def dropped_items(source: str, hypothesis: str) -> tuple[SeriesItem, ...]:
    """Items of the source's lists without a sign in the hypothesis, where others have one."""
    _, whole = _table()
    dropped: list[SeriesItem] = []
    for group, items in _lists(source):
        if len({i.signs for i in items}) < 2:
            continue
        gone = [i for i in items if not any(s in hypothesis for s in i.signs)]
        if len(gone) < len(items) and not any(s in hypothesis for s in whole.get(group, ())):
            dropped += gone
    return tuple(dropped)


_ONE_WORD = r"(?:[A-Z][a-z]*|[a-z]{3,})"
_LIST = re.compile(
    rf"(?<![\w,-])(?<!, )(?P<items>{_ONE_WORD}(?:,\s{_ONE_WORD})+(?P<oxford>,?)"
    rf"\s(?:and|or)\s{_ONE_WORD})"
    r"(?![\w-]|,?\s(?:and|or)\b)"
)
_PARTS = re.compile(r",\s(?:(?:and|or)\s)?|\s(?:and|or)\s")
_SEPARATOR = re.compile(r"[、，,;；/]|以?及|和|或|与|跟|同|还有|\s")
# Words that end a list without being an item of it, or that a comma sets off before one.
_NO_ITEM = re.compile(
    r"(?:more|such|others?|so|then|thus|now|on|near|first|second|third|finally|however|indeed|here"
    r"|there|also|both|either|alike|again|[a-z]+ly|The|This|These|They|We|It|In|However|First|Second"
    r"|Third|Finally|Thus|Moreover|Furthermore|Additionally|Here|Mr|Dr|Jr|Inc)"
)
_MIN_ITEMS = 3
_ENDS = frozenset(".;)")


@cached
def _counted_list(source: str) -> tuple[int, int, int] | None:
    """Start, end and number of items of the one list of single words that a source has, or None.

    What a comma sets off before two joined words looks like a list of three. So the items are
    all names, four or more, all plural, end the clause, or have a comma before the last "and".
    """
    if "," not in source:
        return None
    matches = list(_LIST.finditer(source))
    if len(matches) != 1:
        return None
    m = matches[0]
    items = _PARTS.split(m["items"])
    if len(items) < _MIN_ITEMS or any(_NO_ITEM.fullmatch(i) for i in items):
        return None
    names = sum(i[0].isupper() for i in items)
    plural = all(i.endswith("s") for i in items)
    listed = names == len(items) or (
        names == 0
        and (plural or m["oxford"] or len(items) > _MIN_ITEMS or source[m.end() :][:1] in _ENDS)
    )
    return (*m.span("items"), len(items)) if listed else None


def shortened_list(source: str, hypothesis: str) -> tuple[int, int] | None:
    """The one list of single words in a source of which the hypothesis can't have all, or None.

    It has fewer marks and words that could part the items than there are gaps between them.
    """
    counted = _counted_list(source)
    if counted is None:
        return None
    start, end, items = counted
    gaps = len(_SEPARATOR.findall(hypothesis.strip()))
    return (start, end) if 0 < gaps < items - 1 else None
