"""The report folder of a comparison: pages, tables as CSV, all tables in ``summary.json``."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import cast

import pandas as pd

from mtcheck.comparison.result import Compared
from mtcheck.errors import UsageError
from mtcheck.records import FindingRecord, Record, dump, plain
from mtcheck.reporters.comparison._view import plain_rows
from mtcheck.reporters.comparison.html import html
from mtcheck.reporters.comparison.markdown import markdown
from mtcheck.reporters.folder import SUMMARY, Folder, write_summary
from mtcheck.reporters.folder.csv import cell

__all__ = ["FILES", "check_folder", "write"]

FILES = (
    "comparison.html",
    "comparison.md",
    "segments.csv",
    "segments.jsonl",
    "scores.csv",
    "findings.csv",
    "ranking.csv",
    "pairs.csv",
    "unmatched.csv",
    SUMMARY,
)


class _Folder(Folder):
    """A report folder that may replace an earlier comparison as well."""

    def check(self) -> None:
        """Refuse to replace what no earlier comparison or report wrote."""
        if not self._is_comparison():
            super().check()
            return
        foreign = sorted({p.name for p in self._out.iterdir()} - set(FILES))
        if foreign:
            raise UsageError(
                f"{self._out.name}: holds files that are not the comparison's "
                f"({', '.join(foreign[:3])}); move them away, or choose another folder with --out"
            )

    def _is_comparison(self) -> bool:
        try:
            summary = json.loads((self._out / SUMMARY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(summary, dict) and summary.get("comparison") is True


def check_folder(out: Path) -> None:
    """Raise UsageError for a folder that :func:`write` would refuse."""
    _Folder(out).check()


def _flat(row: Record) -> Record:
    """Findings as their codes, for a spreadsheet."""
    found = {k: v for k, v in row.items() if k.endswith("_findings")}
    codes = {
        k: ";".join(f["code"] for f in cast("list[FindingRecord]", v)) for k, v in found.items()
    }
    return {**row, **codes}


def _csv(path: Path, frame: pd.DataFrame) -> None:
    columns = [str(c) for c in frame.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([cell(c) for c in columns])
        for row in plain_rows(frame):
            flat = _flat(cast("Record", row))
            out.writerow([cell(flat[c]) for c in columns])


def write(comparison: Compared, out: Path) -> Path:
    """Write the report folder. Raises UsageError when ``out`` is something else."""
    tables = {
        "scores": comparison.scores,
        "findings": comparison.findings,
        "ranking": comparison.ranking,
        "pairs": comparison.pairs,
        "unmatched": comparison.unmatched,
    }
    with _Folder(out) as folder:
        for name, text in (
            ("comparison.html", html(comparison)),
            ("comparison.md", markdown(comparison)),
        ):
            # newline="": what is written is what was made, on every system.
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                file.write(text)
        for name, frame in (("segments", comparison.segments), *tables.items()):
            _csv(folder / f"{name}.csv", frame)
        with (folder / "segments.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(dump(plain(r)) + "\n" for r in plain_rows(comparison.segments))
        parts = {name: plain_rows(frame) for name, frame in tables.items()}
        write_summary(folder, {**comparison.summary, **parts})
    return out
