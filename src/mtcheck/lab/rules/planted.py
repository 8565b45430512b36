"""How many planted errors a run finds, and what it says beside them.

    mtcheck evaluate planted data/abstracts.csv data/labels.csv

A label counts as *located* when a finding marks part of its text (or, for a label on a whole
document, when a finding of its category is made on the document), and as *flagged* when a
segment that holds its text needs a human. The rest of the findings are listed: each is a false
alarm, or an error nobody labelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mtcheck import readers
from mtcheck.api.audit import Audit
from mtcheck.errors import DataError
from mtcheck.inspected import Inspected, ranked
from mtcheck.lab.markdown import table
from mtcheck.records import Record, findings
from mtcheck.types import Side

__all__ = ["PlantedError", "PlantedFigures", "evaluate_planted", "read_planted"]

_COLUMNS = ("label_id", "doc_id", "segment", "category", "severity", "kind", "source_text",
            "hypothesis_text")  # fmt: skip
_SIDES: tuple[Side, ...] = ("source", "hypothesis")


@dataclass(frozen=True, slots=True)
class PlantedError:
    """A planted error: its words on either side; segment 0 is the title."""

    label_id: str
    doc_id: str
    segment: int
    category: str
    severity: str
    kind: str
    source_text: str
    hypothesis_text: str

    def text(self, side: Side) -> str:
        """The words concerned on one side; may be empty."""
        return self.source_text if side == "source" else self.hypothesis_text

    @property
    def on_document(self) -> bool:
        """Whether the label is about the document as a whole."""
        return self.segment == 0 and not self.source_text


@dataclass(frozen=True)
class PlantedFigures:
    """Labels with what became of them, and the findings that no label explains."""

    labels: pd.DataFrame
    beside: pd.DataFrame
    flagged_segments: int
    flagged_without_label: int

    def by_kind(self) -> pd.DataFrame:
        """One row a kind of error: labels, located, flagged."""
        grouped = self.labels.groupby("kind")[["located", "flagged"]].sum()
        grouped.insert(0, "labels", self.labels.groupby("kind").size())
        return grouped.sort_values(["labels", "located"], ascending=False)

    def totals(self) -> dict[str, int]:
        """The counts over all kinds."""
        return {
            "labels": len(self.labels),
            "located": int(self.labels["located"].sum()),
            "flagged": int(self.labels["flagged"].sum()),
            "flagged_segments": self.flagged_segments,
            "flagged_without_label": self.flagged_without_label,
            "findings_beside": len(self.beside),
        }

    def markdown(self) -> str:
        """The table by kind, the totals, and the findings beside the labels."""
        total = self.totals()
        counts = ("labels", "located", "flagged")
        by_kind = [(kind, *(row[c] for c in counts)) for kind, row in self.by_kind().iterrows()]
        rows = [
            *table(
                "kind |> labels |> located |> flagged",
                [*by_kind, ("**all**", *(total[c] for c in counts))],
            ),
            "",
            f"{self.flagged_segments} segments flagged, {self.flagged_without_label} of them "
            f"without a label; {len(self.beside)} findings mark no labelled text:",
            "",
        ]
        rows += [
            f"- {f['segment_id']} {f['code']} {f['severity']}: {f['message']}"
            for _, f in self.beside.iterrows()
        ]
        return "\n".join(rows)


def read_planted(path: Path) -> list[PlantedError]:
    """Planted errors from a table. Raises DataError for a missing column or a wrong number."""
    found = []
    for row in readers.rows(path):
        missing = [c for c in _COLUMNS if row.values.get(c) is None]
        if missing:
            mend = f"give it {', '.join(_COLUMNS)}"
            raise DataError(f"no {missing[0]!r}", path=str(path), line=row.line, mend=mend)
        cells = {c: str(row.values[c]) for c in _COLUMNS}
        segment = cells.pop("segment")
        if not segment.isdecimal():
            raise DataError(f"segment {segment!r} is no number", path=str(path), line=row.line)
        found.append(PlantedError(segment=int(segment), **cells))
    if not found:
        raise DataError("no planted error in it", path=str(path), mend="see data/README.md")
    return found


def _places(
    label: PlantedError, records: Sequence[Record]
) -> dict[tuple[int, Side], tuple[int, int]]:
    """Where the label's words stand: (row, side) -> span within that segment's side."""
    part = "title" if label.segment == 0 else "text"
    found: dict[tuple[int, Side], tuple[int, int]] = {}
    own = [i for i, r in enumerate(records) if r["doc_id"] == label.doc_id and r["part"] == part]
    for side in _SIDES:
        texts = [str(records[i][side]) for i in own]
        at, end = _find("".join(texts), label.text(side))
        start = 0
        for row, text in zip(own, texts, strict=True):
            lo, hi = max(at, start), min(end, start + len(text))
            if lo < hi:
                found[row, side] = (lo - start, hi - start)
            start += len(text)
    return found


def _find(text: str, words: str) -> tuple[int, int]:
    """Where words stand, whatever the space between them; (0, 0) for nothing.

    A label may run over a border of segments, where the space of the document is gone.
    """
    squeezed = "".join(words.split())
    at = "".join(text.split()).find(squeezed)
    if not squeezed or at < 0:
        return 0, 0
    places = [i for i, c in enumerate(text) if not c.isspace()]
    return places[at], places[at + len(squeezed) - 1] + 1


def evaluate_planted(result: Audit, labels: Sequence[PlantedError]) -> PlantedFigures:
    """Set an audit's findings against the labels of the same documents.

    Raises DataError for a label whose words are not in its document.
    """
    records = [record for _, record in ranked(Inspected.of(result.segments))]
    needs = {i for i, r in enumerate(records) if r["status"] != "accept"}
    explained: set[tuple[int, int]] = set()
    labelled: set[int] = set()
    rows = []
    for label in labels:
        marks: set[tuple[int, int]] = set()
        if label.on_document:
            holds = {i for i, r in enumerate(records) if r["doc_id"] == label.doc_id}
            for row in holds:
                marks |= {
                    (row, n)
                    for n, f in enumerate(findings(records[row]))
                    if f["category"] == label.category
                }
        else:
            places = _places(label, records)
            holds = {row for row, _ in places}
            for (row, side), (start, end) in places.items():
                marks |= {
                    (row, n)
                    for n, f in enumerate(findings(records[row]))
                    if any(
                        s["side"] == side and s["start"] < end and start < s["end"]
                        for s in f["spans"]
                    )
                }
        if not holds:
            raise DataError(
                f"label {label.label_id}: its words are not in {label.doc_id}",
                mend="mend the label or audit the data it was made for",
            )
        labelled |= holds
        explained |= marks
        rows.append(
            {
                "label_id": label.label_id,
                "kind": label.kind,
                "category": label.category,
                "severity": label.severity,
                "located": bool(marks),
                "flagged": bool(holds & needs),
            }
        )
    beside = [
        {"segment_id": record["segment_id"], **finding}
        for row, record in enumerate(records)
        for n, finding in enumerate(findings(record))
        if (row, n) not in explained
    ]
    return PlantedFigures(
        labels=pd.DataFrame(rows),
        beside=pd.DataFrame(beside, columns=["segment_id", "code", "severity", "message"]),
        flagged_segments=len(needs),
        flagged_without_label=len(needs - labelled),
    )
