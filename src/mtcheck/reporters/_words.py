"""What the report formats share: plain records, visible text, marked pieces, the summary read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypedDict, cast

from mtcheck import schema
from mtcheck.text.visible import one_line, terminal, visible
from mtcheck.types import Severity

__all__ = [
    "FLAGGED",
    "FindingRecord",
    "Json",
    "Mark",
    "Overview",
    "Piece",
    "Record",
    "ScoreLine",
    "SpanRecord",
    "codes",
    "findings",
    "is_flagged",
    "marked",
    "marks",
    "metadata",
    "number",
    "one_line",
    "overview",
    "pieces",
    "plural",
    "reasons",
    "score_label",
    "severity",
    "terminal",
    "text",
    "visible",
    "worst",
]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Record: TypeAlias = dict[str, Json]
"""A segment as plain JSON values, keyed as in ``segments.jsonl``."""

FLAGGED = ("reject", "review")
"""The statuses that need a human, worse first."""


class SpanRecord(TypedDict):
    """Half-open code points of the segment's ``source`` or ``hypothesis``."""

    side: str
    start: int
    end: int


class FindingRecord(TypedDict):
    """A finding as it stands in ``segments.jsonl``."""

    code: str
    name: str
    category: str
    severity: str
    message: str
    spans: list[SpanRecord]
    suggestion: str
    confidence: float
    fingerprint: str


def text(record: Record, key: str) -> str:
    """A field as text; a missing one is empty."""
    value = record.get(key)
    return "" if value is None else str(value)


def findings(record: Record) -> list[FindingRecord]:
    """The segment's findings, in the order the pipeline gave them."""
    return cast("list[FindingRecord]", record["findings"])


def reasons(record: Record) -> list[str]:
    """Why the judge gave this status, in words."""
    return cast("list[str]", record["reasons"])


def metadata(record: Record) -> Record:
    """The user's own columns."""
    return {k: v for k, v in record.items() if k not in schema.SEGMENT}


def is_flagged(record: Record) -> bool:
    """Whether the segment needs a human."""
    return record["status"] in FLAGGED


def _level(label: str) -> int:
    try:
        return Severity.parse(label)
    except ValueError:
        return -1


def worst(found: Iterable[FindingRecord]) -> str:
    """The worst severity among findings; empty without any."""
    return max((f["severity"] for f in found), key=_level, default="")


def severity(record: Record) -> str:
    """The worst severity among the segment's findings; empty without any."""
    return worst(findings(record))


def codes(record: Record) -> list[str]:
    """The codes of the findings, each once, worst first."""
    ordered = sorted(findings(record), key=lambda f: -_level(f["severity"]))
    return list(dict.fromkeys(f["code"] for f in ordered))


def marked(record: Record, finding: FindingRecord) -> str:
    """The text under the finding's spans, joined by ``" | "``."""
    return " | ".join(text(record, s["side"])[s["start"] : s["end"]] for s in finding["spans"])


# --- marked text ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
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


def marks(record: Record, side: str) -> list[Mark]:
    """The spans of all findings on one side of a segment."""
    return [
        Mark(s["start"], s["end"], i)
        for i, f in enumerate(findings(record))
        for s in f["spans"]
        if s["side"] == side
    ]


def pieces(value: str, marked_by: Iterable[Mark]) -> Iterator[Piece]:
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


# --- the summary ---------------------------------------------------------------------------

_UNIT = ("similarity", "margin", "risk")  # about 0 to 1; the others are 0 to 100
_LABELS = {
    "bleu": "BLEU",
    "chrf": "chrF",
    "ter": "TER",
    "round_trip": "round trip",
}


def score_label(name: str) -> str:
    """A score's name as people write it: ``round_trip_chrf`` is "chrF, round trip"."""
    trip, base = name.startswith("round_trip_"), name.removeprefix("round_trip_")
    label = _LABELS.get(base) or base.replace("_", " ").capitalize()
    return f"{label}, round trip" if trip else label


def number(name: str, value: object) -> str:
    """A score with as many decimals as mean something; a dash when there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–"
    return f"{value:.3f}" if name in _UNIT else f"{value:.1f}"


@dataclass(frozen=True)
class ScoreLine:
    """A corpus score ready to print; what is not known is empty."""

    label: str
    value: str
    interval: str
    signature: str
    note: str


@dataclass(frozen=True)
class Overview:
    """The summary with its parts typed; what it lacks is empty or 0."""

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


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(str(v) for v in value)


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _score(value: object) -> ScoreLine:
    table = _table(value)
    name, ci = str(table.get("name", "")), table.get("ci")
    low, high = ci if isinstance(ci, Sequence) and len(ci) == 2 else (None, None)
    return ScoreLine(
        label=score_label(name),
        value=number(name, table.get("value")),
        interval="" if low is None else f"{number(name, low)} to {number(name, high)}",
        signature=str(table.get("signature") or ""),
        note=str(table.get("note") or ""),
    )


def overview(summary: Mapping[str, object]) -> Overview:
    """Read a run's summary."""
    counts, verdict = _table(summary.get("counts")), _table(summary.get("verdict"))

    def tally(key: str) -> dict[str, int]:
        return {str(k): _count(v) for k, v in _table(counts.get(key)).items()}

    scores = summary.get("scores")
    return Overview(
        version=str(summary.get("mtcheck_version", "")),
        inputs=_strings(summary.get("inputs")),
        passed=verdict.get("passed") is True,
        reasons=_strings(verdict.get("reasons")),
        documents=_count(counts.get("documents")),
        segments=_count(counts.get("segments")),
        rejected=_count(counts.get("rejected")),
        status=tally("status"),
        codes=tally("codes"),
        severity=tally("severity"),
        scores=tuple(_score(s) for s in scores) if isinstance(scores, Sequence) else (),
        notes=_strings(summary.get("notes")),
        config=_table(summary.get("config")),
    )


def plural(count: int, noun: str) -> str:
    """``"1 segment"``, ``"1,204 segments"``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
