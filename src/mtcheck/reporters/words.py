"""What the reports share: visible text, marked pieces, the summary in words."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtcheck.records import FLAGGED, Record, findings
from mtcheck.scorers import columns
from mtcheck.summary import ScoreRecord, Summary
from mtcheck.text.visible import one_line, terminal, visible

__all__ = [
    "Highlight",
    "Piece",
    "ScoreLine",
    "by_count",
    "marks",
    "number",
    "one_line",
    "pieces",
    "plural",
    "score_label",
    "score_lines",
    "set_aside",
    "sizes",
    "statuses",
    "terminal",
    "told_apart",
    "verdict_label",
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


def score_lines(summary: Summary) -> list[ScoreLine]:
    """The corpus scores of a run."""
    return [_line(score) for score in summary["scores"]]


def verdict_label(summary: Summary) -> str:
    """``"Pass"`` or ``"Fail"``."""
    return "Pass" if summary["verdict"]["passed"] else "Fail"


def sizes(summary: Summary) -> tuple[str, str]:
    """How many documents and segments: ``"2 documents"``, ``"5 segments"``."""
    counts = summary["counts"]
    return plural(counts["documents"], "document"), plural(counts["segments"], "segment")


def set_aside(summary: Summary, noun: str = "input row") -> str:
    """``"2 input rows set aside"``; ``""`` where none was."""
    rejected = summary["counts"]["rejected"]
    return f"{plural(rejected, noun)} set aside" if rejected else ""


def statuses(summary: Summary) -> list[str]:
    """How many segments of each status, first those that need a look: ``"3 reject"``."""
    counts = summary["counts"]["status"]
    return [f"{counts.get(status, 0):,} {status}" for status in (*FLAGGED, "accept")]


def by_count(codes: Mapping[str, int]) -> list[tuple[str, int]]:
    """Codes and their counts, the commonest first."""
    return sorted(codes.items(), key=lambda c: (-c[1], c[0]))


def plural(count: int, noun: str) -> str:
    """``"1 segment"``, ``"1,204 segments"``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
