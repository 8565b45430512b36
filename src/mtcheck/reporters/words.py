"""What the reports share: visible text, marked pieces, the summary in words."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtcheck.records import Record, findings
from mtcheck.scorers import columns
from mtcheck.summary import ScoreRecord, Summary
from mtcheck.text.visible import one_line, terminal, visible

__all__ = [
    "Highlight",
    "Overview",
    "Piece",
    "ScoreLine",
    "marks",
    "number",
    "one_line",
    "overview",
    "pieces",
    "plural",
    "score_label",
    "terminal",
    "told_apart",
    "visible",
]


# --- marked text ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Highlight:
    """``[start, end)`` of a text and the finding that marks it, by position."""

    start: int
    end: int
    finding: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same findings; ``ending`` are those whose span ends with it.

    An empty piece is a point: an empty span, as where a closing bracket is missing.
    """

    text: str
    under: tuple[int, ...] = ()
    ending: tuple[int, ...] = ()


def marks(record: Record, side: str) -> list[Highlight]:
    """The spans of all findings on one side of a segment."""
    return [
        Highlight(s["start"], s["end"], i)
        for i, f in enumerate(findings(record))
        for s in f["spans"]
        if s["side"] == side
    ]


def pieces(value: str, marked_by: Iterable[Highlight]) -> Iterator[Piece]:
    """Cut a text at every border of a span, so that overlapping spans nest in no tag.

    The pieces joined are the text. Offsets outside the text are drawn to its ends.
    """
    length = len(value)
    opening: dict[int, list[int]] = defaultdict(list)
    closing: dict[int, list[int]] = defaultdict(list)
    points: dict[int, list[int]] = defaultdict(list)
    for m in marked_by:
        start, end = min(max(m.start, 0), length), min(m.end, length)
        if start < end:
            opening[start].append(m.finding)
            closing[end].append(m.finding)
        else:
            points[start].append(m.finding)
    borders = sorted({0, length, *opening, *closing, *points})
    under: Counter[int] = Counter()
    for start, end in zip(borders, [*borders[1:], length], strict=True):
        under.subtract(closing.get(start, ()))
        under.update(opening.get(start, ()))
        if start in points:
            here = tuple(sorted(set(points[start])))
            yield Piece("", here, here)
        if start < end:
            yield Piece(
                value[start:end],
                tuple(sorted(f for f, count in under.items() if count > 0)),
                tuple(sorted(set(closing.get(end, ())))),
            )
            under = +under  # forget what has closed


# --- ids -----------------------------------------------------------------------------------

_SHARED = 12
"""A common beginning of ids shorter than this stays: it costs little and helps to recognise."""


def told_apart(ids: Sequence[str]) -> tuple[str, list[str]]:
    """What different ids begin with in common, and the ids with ``…`` in its place.

    It ends before a word or number, and is ``""`` where there is little or nothing to gain.
    """
    first, last = min(ids, default=""), max(ids, default="")
    pairs = zip(first, last, strict=False)
    common = first[: sum(1 for _ in itertools.takewhile(lambda p: p[0] == p[1], pairs))]
    shared = re.sub(r"[\w-]*\Z", "", common) if first != last else ""
    if len(shared) < _SHARED:
        return "", list(ids)
    return shared, [f"…{i[len(shared) :]}" for i in ids]


# --- the summary ---------------------------------------------------------------------------


def score_label(name: str) -> str:
    """A score's name as a label: ``round_trip_chrf`` is "chrF, round trip"."""
    column = columns().get(name)
    label = column.label if column else name.replace("_", " ")
    return label[:1].upper() + label[1:] if label.islower() else label


def number(name: str, value: object) -> str:
    """A score with as many decimals as mean something; a dash when there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–"
    column = columns().get(name)
    return f"{value:.{column.metric.decimals if column else 1}f}"


@dataclass(frozen=True)
class ScoreLine:
    """A corpus score ready to print; what is not known is empty."""

    name: str
    label: str
    value: str
    interval: str
    signature: str
    note: str


@dataclass(frozen=True)
class Overview:
    """The summary flat, its scores ready to print."""

    version: str
    inputs: tuple[str, ...]
    passed: bool
    reasons: tuple[str, ...]
    documents: int
    segments: int
    rejected: int
    status: Mapping[str, int]
    codes: Mapping[str, int]
    severity: Mapping[str, int]
    scores: tuple[ScoreLine, ...]
    notes: tuple[str, ...]
    config: Mapping[str, object]

    @property
    def label(self) -> str:
        """``"Pass"`` or ``"Fail"``."""
        return "Pass" if self.passed else "Fail"


def _line(score: ScoreRecord) -> ScoreLine:
    name, ci = score["name"], score["ci"]
    return ScoreLine(
        name=name,
        label=score_label(name),
        value=number(name, score["value"]),
        interval=f"{number(name, ci[0])} to {number(name, ci[1])}" if ci else "",
        signature=score["signature"],
        note=score["note"],
    )


def overview(summary: Summary) -> Overview:
    """A run's summary as the reports tell of it."""
    counts, verdict = summary["counts"], summary["verdict"]
    return Overview(
        version=summary["mtcheck_version"],
        inputs=tuple(summary["inputs"]),
        passed=verdict["passed"],
        reasons=tuple(verdict["reasons"]),
        documents=counts["documents"],
        segments=counts["segments"],
        rejected=counts["rejected"],
        status=counts["status"],
        codes=counts["codes"],
        severity=counts["severity"],
        scores=tuple(map(_line, summary["scores"])),
        notes=tuple(summary["notes"]),
        config=summary["config"],
    )


def plural(count: int, noun: str) -> str:
    """``"1 segment"``, ``"1,204 segments"``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
