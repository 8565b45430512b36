"""``flagged.csv``, ``segments.csv``, ``findings.csv``, ``documents.csv``: for a spreadsheet.

UTF-8, comma, LF, quoted as RFC 4180 says. A cell of text that a spreadsheet would run as a
formula (it starts with ``=``, ``+``, ``-``, ``@``, a tab or a line break) gets a leading
apostrophe, and so does such a sign behind a semicolon or tab, where some readers start a new
cell; numbers are left alone. Control and direction characters are written out
(``⟦U+202E⟧``). Where the exact text counts, read ``segments.jsonl``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from mtcheck import schema
from mtcheck.inspected import Inspected, documents, ranked
from mtcheck.records import (
    Json,
    Record,
    codes,
    dump,
    finding_rows,
    findings,
    metadata,
    reasons,
    severity,
    suppressed,
)
from mtcheck.reporters import Run
from mtcheck.reporters._cells import quoted
from mtcheck.reporters._spool import Spool
from mtcheck.reporters.folder import Format
from mtcheck.reporters.words import visible
from mtcheck.summary import Summary

__all__ = ["FLAGGED_COLUMNS", "FORMAT"]

FLAGGED, SEGMENTS, FINDINGS = "flagged.csv", "segments.csv", "findings.csv"
DOCUMENTS = "documents.csv"

FLAGGED_COLUMNS = (
    "status",
    "doc_id",
    "segment_id",
    "path",
    "line",
    "severity",
    "codes",
    "reasons",
    "source",
    "hypothesis",
    "reference",
    "similarity",
    "risk",
)
"""The report table: what a person needs to decide. Metadata columns follow."""


def cell(value: Json) -> str | int | float:
    """A value as it stands in a CSV cell; a missing one is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else dump(value)
    # A lone carriage return would end the row for some readers.
    return visible(quoted(text).replace("\r\n", "\n").replace("\r", "\n"))


def _segment_row(record: Record) -> Record:
    flat: Record = {
        "reasons": "; ".join(reasons(record)),
        "findings": ";".join(f["code"] for f in findings(record)),
        "suppressed": ";".join(f["code"] for f in suppressed(record)),
    }
    return record | flat


def _flagged_row(record: Record) -> Record:
    own: Record = {name: record.get(name) for name in FLAGGED_COLUMNS}
    own |= {
        "severity": severity(record),
        "codes": ";".join(codes(record)),
        "reasons": "; ".join(reasons(record)),
    }
    return own | {
        f"input_{k}" if k in FLAGGED_COLUMNS else k: v for k, v in metadata(record).items()
    }


def _write(
    path: Path,
    columns: Iterable[str],
    rows: Iterator[Record],
    *,
    append: bool = False,
    bom: bool = False,
) -> None:
    names = list(columns)
    encoding = "utf-8-sig" if bom and not append else "utf-8"
    with path.open("a" if append else "w", encoding=encoding, newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        if not append:
            out.writerow([cell(name) for name in names])
        out.writerows([cell(row.get(name)) for name in names] for row in rows)


class _Writer:
    """Keeps the records on disk until all metadata columns are known."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._folder = folder
        self._bom = run.config.csv_bom
        self._spool = Spool(folder, "csv")
        self._metadata: dict[str, None] = {}
        _write(folder / DOCUMENTS, schema.DOCUMENT_SCORE, iter(()), bom=self._bom)

    def add(self, inspected: Inspected) -> None:
        _write(self._folder / DOCUMENTS, schema.DOCUMENT_SCORE, documents(inspected), append=True)
        self._spool.add(self._noted(inspected))

    def _noted(self, inspected: Inspected) -> Iterator[tuple[float, Record]]:
        for rank, record in ranked(inspected):
            self._metadata.update(dict.fromkeys(metadata(record)))
            yield rank, record

    def _columns(self, own: Iterable[str]) -> list[str]:
        names = list(own)
        return names + [f"input_{m}" if m in names else m for m in self._metadata]

    def end(self, summary: Summary) -> None:  # noqa: ARG002
        spool = self._spool
        _write(
            self._folder / FLAGGED,
            self._columns(FLAGGED_COLUMNS),
            map(_flagged_row, spool.worst_first(accepted=False)),
            bom=self._bom,
        )
        _write(
            self._folder / SEGMENTS,
            self._columns(schema.SEGMENT),
            map(_segment_row, spool.in_order()),
            bom=self._bom,
        )
        _write(
            self._folder / FINDINGS,
            self._columns(schema.FINDING),
            (row for record in spool.in_order() for row in finding_rows(record)),
            bom=self._bom,
        )
        spool.remove()


FORMAT = Format("csv", (FLAGGED, SEGMENTS, FINDINGS, DOCUMENTS), _Writer)
