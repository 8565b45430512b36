"""The same stretch of source under several systems, and how its translation changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtcheck.records import FindingRecord, Record, findings
from mtcheck.scorers import Additive, Metric, columns, mean
from mtcheck.types import Severity

__all__ = ["CHANGED", "Passage", "PassageChange", "Rendered", "changes", "passages"]

CHANGED = 1.0
"""From this change on a segment counts as worse (or better): as much as one minor finding."""

_STATUSES = ("accept", "review", "reject")


@dataclass(frozen=True)
class Rendered:
    """One system's translation of a passage, and what was said of it."""

    hypothesis: str
    findings: tuple[FindingRecord, ...]
    keys: tuple[tuple[str, str], ...]
    """For each finding its code and the text of the source that it marks."""
    scores: Mapping[str, float]
    """What it has of the segment scores, by column."""
    status: str

    @property
    def penalty(self) -> int:
        """MQM points of the findings: minor 1, major 5, critical 10."""
        return sum(Severity.parse(f["severity"]).weight for f in self.findings)

    def score(self, name: str) -> float | None:
        """A score by column, or the ``penalty``; None where there is none."""
        return float(self.penalty) if name == "penalty" else self.scores.get(name)


@dataclass(frozen=True)
class Passage:
    """A segment, or neighbouring ones that some system joined; a side for each system."""

    doc_id: str
    segment_id: str
    path: str
    line: int | None
    source: str
    reference: str | None
    sides: tuple[Rendered, ...]

    @property
    def document(self) -> tuple[str, str]:
        """What tells documents apart."""
        return self.path, self.doc_id


@dataclass(frozen=True)
class PassageChange:
    """A passage under a system, held against the baseline. ``score`` above 0 is worse.

    ``old`` is the baseline's side. ``new_findings`` are those that it does not have,
    ``fixed_findings`` those that it alone has.
    """

    passage: Passage
    system: str
    old: Rendered
    new: Rendered
    score: float
    new_findings: tuple[FindingRecord, ...]
    fixed_findings: tuple[FindingRecord, ...]

    @property
    def verdict(self) -> str:
        """``worse``, ``better`` or ``same``."""
        if self.score >= CHANGED:
            return "worse"
        return "better" if self.score <= -CHANGED else "same"


# --- segments to passages ------------------------------------------------------------------


def passages(rows: Sequence[Sequence[Record]]) -> Iterator[Passage]:
    """The passages of one matched row, given its segments under each system.

    Systems' segments may be cut differently, where one joins two sentences and another does
    not. Segments whose stretches of the source overlap are put together; an addition (no
    source) goes with the segment before it.
    """
    if all(len(segments) == 1 for segments in rows):
        yield _passage([list(segments) for segments in rows])
        return
    for part in ("title", "text"):
        own = [[s for s in segments if s["part"] == part] for segments in rows]
        blocks = _blocks(s for segments in own for s in segments)
        cells: list[list[list[Record]]] = [[[] for _ in rows] for _ in range(len(blocks) or 1)]
        for system, segments in enumerate(own):
            for segment in segments:
                cells[_place(segment, blocks)][system].append(segment)
        for cell in cells:
            if any(cell):
                yield _passage(cell)


def _at(segment: Record, name: str) -> int:
    value = segment[name]
    return value if isinstance(value, int) else 0


def _blocks(segments: Iterator[Record]) -> list[tuple[int, int]]:
    """Stretches of the source that no segment crosses, in order."""
    spans = sorted((_at(s, "source_start"), _at(s, "source_end")) for s in segments if s["source"])
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _place(segment: Record, blocks: Sequence[tuple[int, int]]) -> int:
    at = _at(segment, "source_start")
    if segment["source"]:
        return next(i for i, (start, end) in enumerate(blocks) if start <= at < end)
    return max((i for i, (_, end) in enumerate(blocks) if end <= at), default=0)


def _passage(cell: Sequence[Sequence[Record]]) -> Passage:
    first = next(segments for segments in cell if segments)
    with_source = [s for s in first if s["source"]] or list(first)
    named = [str(s["segment_id"]) for s in with_source]
    numbers = [n.rpartition("#")[2] for n in named[1:]]
    head = with_source[0]
    references = [str(s["reference"]) for s in first if s["reference"]]
    line = head["line"]
    return Passage(
        doc_id=str(head["doc_id"]),
        segment_id="+".join([named[0], *numbers]),
        path=str(head["path"] or ""),
        line=line if isinstance(line, int) else None,
        source=" ".join(str(s["source"]) for s in with_source),
        reference="".join(references) or None,
        sides=tuple(_side(segments) for segments in cell),
    )


def _numbers(segments: Sequence[Record], name: str) -> list[float]:
    return [float(v) for s in segments if isinstance(v := s.get(name), int | float)]


def _joined(metric: Metric, values: Sequence[float]) -> float:
    """One number for several sentences."""
    if isinstance(metric, Additive):
        return round(mean(values), 4)
    # The worst sentence counts; a mean would hide it.
    return min(values) if metric.higher_is_better else max(values)


def _side(segments: Sequence[Record]) -> Rendered:
    scores = {
        name: _joined(column.metric, values)
        for name, column in columns().items()
        if (values := _numbers(segments, name))
    }
    ordered = sorted(segments, key=lambda s: _at(s, "hypothesis_start"))
    return Rendered(
        hypothesis="".join(str(s["hypothesis"]) for s in ordered),
        findings=tuple(f for s in segments for f in findings(s)),
        keys=tuple(_key(s, f) for s in segments for f in findings(s)),
        scores=scores,
        status=max((str(s["status"]) for s in segments), key=_STATUSES.index, default="accept"),
    )


# --- what changed --------------------------------------------------------------------------


def changes(found: Sequence[Passage], systems: Sequence[str]) -> list[PassageChange]:
    """Every passage under every system but the first, held against the first.

    The score adds what got worse: MQM points of findings, ten times the risk, and a twentieth
    of the chrF lost; what neither side has counts 0. So a point is a minor finding, a tenth of
    risk or twenty points of chrF, which a mere rewording often loses.
    """
    return [
        _change(passage, name, passage.sides[0], passage.sides[at])
        for at, name in enumerate(systems)
        if at
        for passage in found
    ]


def _change(passage: Passage, system: str, old: Rendered, new: Rendered) -> PassageChange:
    score = 0.0
    for name, weight in (("penalty", 1.0), ("risk", 10.0), ("chrf", -1 / 20)):
        before, after = old.score(name), new.score(name)
        if before is not None and after is not None:
            score += weight * (after - before)
    return PassageChange(
        passage,
        system,
        old,
        new,
        round(score, 4),
        _only(new, old),
        _only(old, new),
    )


def _key(segment: Record, finding: FindingRecord) -> tuple[str, str]:
    """What makes findings under two systems the same one.

    The text marked in the translation is left out: another translation has another one.
    """
    source = str(segment["source"])
    marked = (source[s["start"] : s["end"]] for s in finding["spans"] if s["side"] == "source")
    return finding["code"], "\x1f".join(marked)


def _only(these: Rendered, those: Rendered) -> tuple[FindingRecord, ...]:
    """The findings that the other side lacks; one that it has once is left out once."""
    left = Counter(those.keys)
    found = []
    for key, finding in zip(these.keys, these.findings, strict=True):
        if left[key]:
            left[key] -= 1
        else:
            found.append(finding)
    return tuple(found)
