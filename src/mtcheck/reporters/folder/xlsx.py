"""``report.xlsx``: a workbook to read and sort, with sheets Summary, Segments and Findings.

Findings has a column for the reviewer's decision, chosen from a list, and one for a note; the
workbook is read back as decisions are. Segments come worst first, with the marked text of
source and hypothesis in colour. Nothing is a formula or a link: text that looks like one stays
text, also when its cell is edited. Control and direction characters are written out
(``⟦U+202E⟧``), as are those that XML can't hold. What Excel has no room for (32,767 characters
a cell, 1,048,576 rows, 16,384 columns) is cut and said. Equal runs give equal files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from mtcheck import schema
from mtcheck.inspected import Inspected, ranked
from mtcheck.records import (
    FLAGGED,
    Json,
    Record,
    codes,
    dump,
    finding_rows,
    findings,
    metadata,
    reasons,
    severity,
    text,
    worst,
)
from mtcheck.reporters import Run
from mtcheck.reporters._cells import is_formula
from mtcheck.reporters._spool import Spool
from mtcheck.reporters.folder import Format
from mtcheck.reporters.words import (
    by_count,
    marks,
    pieces,
    plural,
    score_lines,
    verdict_label,
    visible,
)
from mtcheck.scorers import columns
from mtcheck.summary import Summary
from mtcheck.types import Severity

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.worksheet import Worksheet

__all__ = ["FORMAT", "ROWS", "segment_columns"]

FILE = "report.xlsx"
ROWS = 1_048_576
"""Rows of a sheet, the header among them."""
COLUMNS = 16_384
CHARACTERS = 32_767
"""Of a cell, in UTF-16 units."""


def segment_columns() -> tuple[str, ...]:
    """The columns of the sheet Segments; the metadata columns follow."""
    head = ("status", "severity", "codes", "doc_id", "segment_id")
    texts = ("source", "hypothesis", "reference", "reasons")
    return (*head, *texts, *columns(), "path", "line", "alignment")


_REVIEW = ("decision", "note")
"""Columns of the sheet Findings that a reviewer fills in; ``--decisions`` reads them."""
_SAID = ("confirm", "false-alarm", "fixed")

_WIDTHS = {
    "decision": 12,
    "note": 30,
    "status": 9,
    "severity": 9,
    "codes": 16,
    "doc_id": 16,
    "segment_id": 16,
    "source": 60,
    "hypothesis": 60,
    "reference": 40,
    "reasons": 40,
    "message": 50,
    "marked": 30,
    "suggestion": 24,
    "name": 24,
    "category": 28,
    "path": 24,
    "spans": 30,
    "fingerprint": 18,
}
_WIDTH = 10
_STATUS = {"reject": ("#9C0006", "#FFC7CE"), "review": ("#7F6000", "#FFEB9C")}
_STATUS |= {"accept": ("#006100", "#C6EFCE")}
_INK = {"critical": "#9C0006", "major": "#C00000", "minor": "#B45F06", "neutral": "#666666"}
_SHADE = {"critical": "#FFC7CE", "major": "#FCE4D6", "minor": "#FFF2CC", "neutral": "#EDEDED"}
# Excel reads _x0041_ as A; xlsxwriter escapes it, but twice where a cell has several fonts.
_CODED = re.compile(r"(?<=_)(?=x[0-9A-Fa-f]{4}_)")
_NONCHARACTER = re.compile(r"[\ufffe\uffff]")


def _units(value: str) -> int:
    return len(value) + sum(c > "\uffff" for c in value)


def _shown(value: str) -> str:
    """Text as a cell can hold it: visible, and no longer than Excel takes."""
    value = _NONCHARACTER.sub("\ufffd", visible(value.replace("\r\n", "\n").replace("\r", "\n")))
    if len(value) <= CHARACTERS // 2 or _units(value) <= CHARACTERS:
        return value
    note = f" … [cut: {len(value):,} characters]"
    units = value.encode("utf-16-le")[: 2 * (CHARACTERS - len(note))]
    return units.decode("utf-16-le", "ignore") + note


class _Book:
    """A workbook with its cell formats."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        # Rows are written out as they come, to temporary files in the report's own folder.
        self.book: xlsxwriter.Workbook = xlsxwriter.Workbook(
            path,
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties({"title": "mtcheck report", "created": datetime(2000, 1, 1)})
        base = {"valign": "top", "text_wrap": True}
        add = self.book.add_format
        self.text = add(base)
        # So marked, text that looks like a formula stays text when its cell is edited.
        self.quoted = add({**base, "quote_prefix": True})
        self.count = add({"valign": "top", "num_format": "#,##0", "align": "left"})
        self.head = add({**base, "bold": True, "bg_color": "#D9E1F2", "bottom": 1})
        self.title = add({"bold": True, "font_size": 14})
        self.strong = add({**base, "bold": True})
        by_decimals = {
            d: add({"valign": "top", "num_format": f"0.{'0' * d}".rstrip(".")})
            for d in sorted({c.metric.decimals for c in columns().values()}, reverse=True)
        }
        self.score = {name: by_decimals[c.metric.decimals] for name, c in columns().items()}
        self.label = {
            name: add({**base, "font_color": ink, "bg_color": shade})
            for name, ink, shade in [
                *((s, *colours) for s, colours in _STATUS.items()),
                *((s, _INK[s], _SHADE[s]) for s in _INK),
            ]
        }
        self.plain = add({})
        self.ink = {s: add({"font_color": _INK[s], "bold": True, "underline": 1}) for s in _INK}
        self.marked = {s: add({**base, "font_color": _INK[s], "bold": True}) for s in _INK}

    def sheet(self, name: str, columns: Sequence[str]) -> Worksheet:
        """A sheet with a frozen header of these columns, and widths that suit them."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for i, column in enumerate(columns):
            sheet.set_column(i, i, _WIDTHS.get(column, _WIDTH))
            self.write(sheet, 0, i, column, self.head)
        return sheet

    def write(
        self, sheet: Worksheet, row: int, column: int, value: Json, form: CellFormat | None = None
    ) -> None:
        """Write a cell as what it is; text always as text."""
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, form or self.text)
        elif isinstance(value, int | float) and abs(value) <= 2**53:
            sheet.write_number(row, column, value, form or self.text)
        else:
            shown = _shown(value if isinstance(value, str) else dump(value))
            if form is None:
                form = self.quoted if is_formula(shown) else self.text
            if shown.startswith("<r>") and shown.endswith("</r>"):
                # In this mode xlsxwriter takes such text for markup of its own.
                sheet.write_rich_string(
                    row, column, self.plain, shown[:2], self.plain, shown[2:], form
                )
            else:
                sheet.write_string(row, column, shown, form)

    def write_marked(
        self, sheet: Worksheet, row: int, column: int, record: Record, side: str
    ) -> None:
        """Write a side of the segment with its marks in the colour of the worst finding."""
        found = findings(record)
        runs: list[tuple[str, str]] = []  # severity or "", text
        for piece in pieces(text(record, side), marks(record, side)):
            # An unknown severity is shown like the mildest.
            level = worst(found[i] for i in piece.under) if piece.under else ""
            level = level if level in self.ink or not piece.under else "neutral"
            if runs and runs[-1][0] == level:
                runs[-1] = (level, runs[-1][1] + piece.text)
            elif piece.text:
                runs.append((level, piece.text))
        whole = "".join(value for _, value in runs)
        if len(runs) == 1 and runs[0][0]:
            form = None if is_formula(whole) else self.marked[runs[0][0]]
            self.write(sheet, row, column, whole, form)
        elif len(runs) < 2 or _shown(whole) != "".join(_shown(v) for _, v in runs):
            self.write(sheet, row, column, whole)
        else:
            parts: list[str | CellFormat] = []
            for level, value in runs:
                for bit in _CODED.split(_shown(value)):
                    parts += [self.ink[level] if level else self.plain, bit]
            form = self.quoted if is_formula(whole) else self.text
            sheet.write_rich_string(row, column, *parts, form)


def _segment_row(record: Record) -> Record:
    return record | {
        "severity": severity(record),
        "codes": " ".join(codes(record)),
        "reasons": "\n".join(reasons(record)),
    }


class _Writer:
    def __init__(self, folder: Path, run: Run) -> None:
        self._path = folder / FILE
        self._rest = "; segments.csv has all" if "csv" in run.config.formats else ""
        self._spool = Spool(folder, "xlsx")
        self._metadata: dict[str, None] = {}
        self._names: dict[str, str] = {}

    def add(self, inspected: Inspected) -> None:
        self._spool.add(self._noted(inspected))

    def _noted(self, inspected: Inspected) -> Iterator[tuple[float, Record]]:
        for rank, record in ranked(inspected):
            self._metadata.update(dict.fromkeys(metadata(record)))
            self._names.update({f["code"]: f["name"] for f in findings(record)})
            yield rank, record

    def _columns(self, own: Iterable[str]) -> list[str]:
        names = list(own)
        return (names + [f"input_{m}" if m in names else m for m in self._metadata])[:COLUMNS]

    def _segments(self, book: _Book) -> None:
        columns = self._columns(own := segment_columns())
        sheet = book.sheet("Segments", columns)
        last = 0
        for last, record in enumerate(islice(self._spool.worst_first(), ROWS - 1), start=1):
            row = _segment_row(record)
            clash = {f"input_{m}": record[m] for m in metadata(record) if m in own}
            for i, name in enumerate(columns):
                if name in ("source", "hypothesis"):
                    book.write_marked(sheet, last, i, record, name)
                else:
                    value = clash.get(name, row.get(name))
                    form = book.score.get(name) if isinstance(value, float) else None
                    if name in ("status", "severity"):
                        form = book.label.get(str(value))
                    book.write(sheet, last, i, value, form)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def _findings(self, book: _Book) -> int:
        columns = self._columns((*_REVIEW, *schema.FINDING))
        sheet = book.sheet("Findings", columns)
        rows = (row for record in self._spool.worst_first() for row in finding_rows(record))
        last = 0
        for last, row in enumerate(islice(rows, ROWS - 1), start=1):
            # The reviewer's columns are empty; the user's own of such a name stand further right.
            row |= {f"input_{name}": row.pop(name) for name in _REVIEW if name in row}
            for i, name in enumerate(columns):
                form = book.label.get(str(row[name])) if name == "severity" else None
                book.write(sheet, last, i, row.get(name), form)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        if last:
            choice = {"validate": "list", "source": list(_SAID), "error_title": "mtcheck"}
            choice |= {"error_message": f"Choose {', '.join(_SAID)}, or leave it empty."}
            sheet.data_validation(1, 0, last, 0, choice)
        return sum(1 for _ in rows)

    def _left_out(self, findings_left: int) -> list[str]:
        left = [(self._spool.total - (ROWS - 1), "segment"), (findings_left, "finding")]
        said = [plural(count, noun) for count, noun in left if count > 0]
        found_no_room = f"{' and '.join(said)} found no room in this workbook{self._rest}."
        if len(self._metadata) > COLUMNS - len(segment_columns()):
            return [found_no_room] * bool(said) + ["Some columns found no room in this workbook."]
        return [found_no_room] * bool(said)

    def _summary(self, book: _Book, sheet: Worksheet, lines: _Lines) -> None:
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 4, 30)
        for i, (form, cells) in enumerate(lines):
            for j, value in enumerate(cells):
                own = form if j == 0 or form in (book.head, book.title) else None
                if isinstance(value, int) and own is None:
                    own = book.count
                if own is None and isinstance(value, str) and value in book.label:
                    own = book.label[value]
                book.write(sheet, i, j, value, own)

    def end(self, summary: Summary) -> None:
        book = _Book(self._path)
        first = book.book.add_worksheet("Summary")
        try:
            self._segments(book)
            left = self._left_out(self._findings(book))
            self._summary(book, first, _summary_lines(book, summary, self._names, left))
        finally:
            book.book.close()
        self._spool.remove()


_Lines = list[tuple["CellFormat | None", tuple[Json, ...]]]


def _summary_lines(
    book: _Book, summary: Summary, names: Mapping[str, str], left: list[str]
) -> _Lines:
    """The rows of the sheet Summary, each with the format of its first cell."""
    counts = summary["counts"]
    lines: _Lines = [
        (book.title, ("mtcheck report",)),
        (book.strong, ("Verdict", verdict_label(summary))),
        *((None, ("", reason)) for reason in summary["verdict"]["reasons"]),
        *(
            (book.strong if not i else None, ("Input" * (not i), p))
            for i, p in enumerate(summary["inputs"])
        ),
        (book.strong, ("mtcheck", summary["mtcheck_version"])),
        (None, ()),
        (book.head, ("Counts", "")),
        (None, ("Documents", counts["documents"])),
        (None, ("Segments", counts["segments"])),
        (None, ("Input rows set aside", counts["rejected"])),
    ]
    lines += [(book.label[s], (s, counts["status"].get(s, 0))) for s in (*FLAGGED, "accept")]
    lines += [
        (book.label[s.label], (s.label, counts["severity"].get(s.label, 0)))
        for s in sorted(Severity, reverse=True)
    ]
    if scores := score_lines(summary):
        lines += [(None, ()), (book.head, ("Score", "Value", "95% interval", "Signature", "Note"))]
        lines += [(None, (s.label, s.value, s.interval, s.signature, s.note)) for s in scores]
    if counts["codes"]:
        lines += [(None, ()), (book.head, ("Findings by code", "Name", "Count"))]
        most = by_count(counts["codes"])
        lines += [(None, (code, names.get(code, ""), count)) for code, count in most]
    notes = [*summary["notes"], *left, "A finding is a machine's and unconfirmed."]
    lines += [(None, ()), (book.head, ("Notes", "")), *((None, ("", note)) for note in notes)]
    return lines


FORMAT = Format("xlsx", (FILE,), _Writer)
