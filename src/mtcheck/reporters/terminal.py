"""The terminal summary of a run, and the one-line text format of ``mtcheck check``."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from pathlib import Path

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mtcheck.inspected import Inspected, ranked
from mtcheck.records import (
    FindingRecord,
    Record,
    codes,
    findings,
    is_flagged,
    reasons,
    severity,
    text,
)
from mtcheck.reporters.words import (
    ScoreLine,
    by_count,
    score_lines,
    set_aside,
    sizes,
    statuses,
    terminal,
    told_apart,
    verdict_label,
)
from mtcheck.summary import Summary

__all__ = ["Worst", "print_summary", "text_line"]

_STYLE = {
    "reject": "red",
    "review": "yellow",
    "accept": "green",
    "critical": "bold red",
    "major": "red",
    "minor": "yellow",
}
_TEXT_CELLS = 40  # a Chinese character takes two


_ID_CELLS = 24  # of an id, before it is folded


def text_line(record: Record, finding: FindingRecord) -> str:
    """``path:line: CODE severity message``, safe to print.

    The segment's id stands in for a missing line, and alone for text that came from no file.
    """
    path = text(record, "path")
    place = text(record, "line") if path else ""
    where = ":".join(p for p in (path, place or text(record, "segment_id")) if p)
    line = f"{where}: {finding['code']} {finding['severity']} {finding['message']}"
    return terminal(line)


class Worst:
    """A writer that keeps the worst flagged segments, for :func:`print_summary`."""

    def __init__(self, limit: int = 10) -> None:
        self._limit = limit
        self._heap: list[tuple[float, int, Record]] = []
        self._count = 0
        self.names: dict[str, str] = {}
        """The names of the codes met."""

    def add(self, inspected: Inspected) -> None:
        """Look through one inspected batch."""
        for rank, record in ranked(inspected):
            self._count += 1
            self.names.update({f["code"]: f["name"] for f in findings(record)})
            if is_flagged(record):
                heapq.heappush(self._heap, (rank, -self._count, record))
                if len(self._heap) > self._limit:
                    heapq.heappop(self._heap)

    def end(self, summary: Summary) -> None:
        """Nothing to write."""

    @property
    def records(self) -> list[Record]:
        """The segments kept, worst first."""
        return [record for _, _, record in sorted(self._heap, key=lambda h: h[:2], reverse=True)]


def _safe(value: str, style: str = "") -> Text:
    """Text that rich prints as it is: no markup read, no control character left."""
    return Text(terminal(value), style=style)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in columns:
        number = name in ("Findings", "Value")
        # An id that is cut off says nothing: it is folded.
        table.add_column(
            name, justify="right" if number else "left", no_wrap=number, overflow="fold"
        )
    return table


def _worst(worst: Worst) -> Table:
    table = _table("Segment", "Severity", "Codes", "Why", "Text")
    shared, ids = told_apart([text(r, "segment_id") for r in worst.records])
    table.columns[0].min_width = min(_ID_CELLS, max(map(cell_len, ids), default=0))
    if shared:
        table.caption = _safe(f"… stands for {shared}", "dim")
    for name, record in zip(ids, worst.records, strict=True):
        level = severity(record)
        shown = _safe(text(record, "hypothesis") or text(record, "source"))
        shown.truncate(_TEXT_CELLS, overflow="ellipsis")
        table.add_row(
            _safe(name),
            _safe(level, _STYLE.get(level, "")),
            _safe(" ".join(codes(record))),
            _safe("; ".join(reasons(record))),
            shown,
        )
    return table


def _scores(scores: Iterable[ScoreLine]) -> Table:
    table = _table("Score", "Value", "95% interval", "Signature or note")
    for s in scores:
        about = "; ".join(p for p in (s.note, s.signature) if p)
        table.add_row(_safe(s.label), _safe(s.value), _safe(s.interval), _safe(about, "dim"))
    return table


def print_summary(
    summary: Summary,
    console: Console,
    *,
    worst: Worst | None = None,
    folder: Path | None = None,
) -> None:
    """Print verdict, counts, codes, scores and notes; the worst segments and the folder if given.

    The text of the input is printed as text: rich markup, escape sequences and control
    characters in it do nothing.
    """
    passed, reasons = summary["verdict"]["passed"], summary["verdict"]["reasons"]
    verdict = Text(verdict_label(summary).upper(), style=f"bold {'green' if passed else 'red'}")
    if reasons:
        verdict.append("  ").append_text(_safe("; ".join(reasons), "not bold default"))
    console.print(verdict)

    counts = Text(f"{', '.join(sizes(summary))}: ")
    for i, status in enumerate(statuses(summary)):
        counts.append(", " if i else "")
        counts.append(status, style=_STYLE[status.split()[1]])
    if rejected := set_aside(summary):
        counts.append(f"; {rejected}")
    console.print(counts)

    if codes := summary["counts"]["codes"]:
        table = _table("Code", "Name", "Findings")
        names = worst.names if worst else {}
        for code, count in by_count(codes):
            table.add_row(_safe(code), _safe(names.get(code, "")), Text(f"{count:,}"))
        console.print(table)
    if worst and worst.records:
        console.print(_worst(worst))
    if scores := score_lines(summary):
        console.print(_scores(scores))
    for note in summary["notes"]:
        console.print(_safe(f"Note: {note}", "dim"))
    if folder is not None:
        console.print(_safe(f"Report: {folder}"), soft_wrap=True)
