"""What people marked in a translation, in the forms in which it is published.

Bio-MQM: ``errors`` with ``start``, ``end`` (inclusive), ``text``, ``category``, ``subcategory``
and ``severity``. WMT ESA: ``spans`` with ``start_i``, ``end_i`` (half-open) and ``severity``; a
start of ``"missing"`` says that something was left out. MLQE-PE: ``target_tags``, a tag a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mtcheck.lab.statistics import Bools
from mtcheck.types import Place, Severity

__all__ = [
    "OMISSION",
    "HumanError",
    "JudgedWords",
    "Marks",
    "human_errors",
    "judged_words",
    "marks_of",
]

Marks = tuple[Place, ...]
"""Half-open stretches of a hypothesis."""

OMISSION = "Omission"
"""The subcategory that a WMT mark without a place gets."""

_SHIFTS = (1, -1, 2, -2, 3, -3)


@dataclass(frozen=True, slots=True)
class HumanError:
    """A human's mark: half-open ``[start, end)`` in the hypothesis, or None for something missing.

    ``category`` is the annotation scheme's subcategory where it has one (``"Punctuation"``),
    else its category, else ``""``.
    """

    start: int | None
    end: int | None
    category: str
    severity: Severity

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a half-open span shares a character with the mark; an empty span touches it."""
        if self.start is None or self.end is None:
            return False
        if start == end or self.start == self.end:
            return self.start <= end and start <= self.end
        return self.start < end and start < self.end

    def moved(self, shift: int) -> HumanError:
        """The mark so many characters further on."""
        if self.start is None or self.end is None:
            return self
        return replace(self, start=self.start + shift, end=self.end + shift)


@dataclass(frozen=True)
class JudgedWords:
    """The units of a hypothesis that a human called right or wrong.

    ``unit`` gives for every character of the hypothesis its unit, or -1 for a space; ``bad``
    is one flag a unit. Units are the words of ``target_tags``, or single characters.
    """

    unit: NDArray[np.intp]
    bad: Bools


def human_errors(
    row: Mapping[str, object], hypothesis: str
) -> Iterator[tuple[HumanError, int | None]]:
    """The marks of a row, each with the shift that puts it on its text (None: not there)."""
    for mark in _objects(row.get("errors")):
        start, end = mark.get("start"), mark.get("end")
        severity = _severity(mark.get("severity"))
        category = str(mark.get("subcategory") or mark.get("category") or "")
        if not isinstance(start, int) or not isinstance(end, int):
            yield HumanError(None, None, category or OMISSION, severity), 0
            continue
        text = str(mark.get("text") or hypothesis[start : end + 1])
        yield HumanError(start, end + 1, category, severity), _shift(hypothesis, text, start)
    for mark in _objects(row.get("spans")):
        start, end = mark.get("start_i"), mark.get("end_i")
        severity = _severity(mark.get("severity"))
        if isinstance(start, int) and isinstance(end, int):
            yield HumanError(start, end, "", severity), 0
        else:
            yield HumanError(None, None, OMISSION, severity), 0


def _shift(hypothesis: str, text: str, start: int) -> int | None:
    for shift in (0, *_SHIFTS):
        if start + shift >= 0 and hypothesis.startswith(text, start + shift):
            return shift
    return None


def _objects(value: object) -> Iterable[Mapping[str, object]]:
    if isinstance(value, str) and value.startswith("["):  # a cell of a CSV
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return []
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _severity(value: object) -> Severity:
    """An unknown word (``undecided`` occurs in WMT) counts as minor."""
    try:
        return Severity.parse(str(value))
    except ValueError:
        return Severity.MINOR


def judged_words(
    row: Mapping[str, object], hypothesis: str, marks: Sequence[HumanError] | None
) -> JudgedWords | None:
    """The words of a row by its tags, or its characters by its marks (None: nobody marked it)."""
    tags, tokens = row.get("target_tags"), row.get("hypothesis_tokenised")
    if isinstance(tags, str) and isinstance(tokens, str):
        return _tagged(hypothesis, tokens.split(), tags.split())
    if marks is None:
        return None
    unit = np.full(len(hypothesis), -1, dtype=np.intp)
    solid = np.array([not c.isspace() for c in hypothesis], dtype=bool)
    unit[solid] = np.arange(int(solid.sum()))
    bad = np.zeros(len(hypothesis), dtype=bool)
    for mark in marks:
        if mark.start is not None and mark.severity > Severity.NEUTRAL:
            bad[mark.start : mark.end] = True
    return JudgedWords(unit, bad[solid])


def _tagged(hypothesis: str, tokens: Sequence[str], tags: Sequence[str]) -> JudgedWords | None:
    """Word tags; of the form gap, word, gap, …, gap the gaps are passed over."""
    if len(tags) == 2 * len(tokens) + 1:
        tags = tags[1::2]
    if len(tags) != len(tokens):
        return None
    unit = np.full(len(hypothesis), -1, dtype=np.intp)
    at = 0
    for i, token in enumerate(tokens):
        at = hypothesis.find(token, at)
        if at < 0:
            return None
        unit[at : at + len(token)] = i
        at += len(token)
    return JudgedWords(unit, np.array([t == "BAD" for t in tags], dtype=bool))


def marks_of(cell: object) -> Marks:
    """Stretches of the hypothesis in a cell: what a column of spans may look like.

    A list, or its JSON, of ``{"start", "end"}`` objects with an optional ``side``, of
    ``[start, end]`` pairs, or of findings with ``spans``. Ends are exclusive. Anything else
    marks nothing.
    """
    if isinstance(cell, str) and cell.startswith("["):
        try:
            cell = json.loads(cell)
        except json.JSONDecodeError:
            return ()
    out: list[tuple[int, int]] = []
    for item in cell if isinstance(cell, list | tuple) else ():
        if isinstance(item, Mapping) and "spans" in item:
            out += marks_of(item["spans"])
        elif isinstance(item, Mapping):
            start, end = item.get("start"), item.get("end")
            if isinstance(start, int) and isinstance(end, int) and _ours(item):
                out.append((start, end))
        elif isinstance(item, list | tuple) and len(item) == 2:
            start, end = item
            if isinstance(start, int) and isinstance(end, int):
                out.append((start, end))
    return tuple(out)


def _ours(item: Mapping[object, object]) -> bool:
    return item.get("side", "hypothesis") == "hypothesis"
