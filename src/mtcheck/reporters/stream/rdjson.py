"""``rdjson``: reviewdog's diagnostics, for comments on a pull request of any host.

Findings stand at the row of the file their segment came from. A gate that fails is a diagnostic
of the first input.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from mtcheck.inspected import Inspected
from mtcheck.records import findings, text
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import (
    CRASH_CODE,
    json_line,
    line_of,
    located,
    relative,
    sentence,
    verdict,
    weight,
)
from mtcheck.reporters.words import visible
from mtcheck.summary import Summary
from mtcheck.types import Severity

__all__ = ["STREAM"]

_LEVEL = {
    Severity.CRITICAL: "ERROR",
    Severity.MAJOR: "ERROR",
    Severity.MINOR: "WARNING",
    Severity.NEUTRAL: "INFO",
}


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run
        self._before = "\n"
        out.write('{"source": {"name": "mtcheck"},\n"diagnostics": [')

    def _write(self, path: str, line: int | None, kind: str, message: str, code: str) -> None:
        entry: Mapping[str, object] = {
            "message": visible(message),
            "location": {"path": path, "range": {"start": {"line": line or 1}}},
            "severity": kind,
            "code": {"value": code},
        }
        self._out.write(self._before + json_line(entry))
        self._before = ",\n"

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            for f in findings(record):
                kind = "ERROR" if f["code"] == CRASH_CODE else _LEVEL[weight(f, self._run)]
                place = text(record, "path"), line_of(record)
                self._write(*place, kind, sentence(record, f), f["code"])

    def end(self, summary: Summary) -> None:
        if not summary["verdict"]["passed"]:
            first = summary["inputs"][0] if summary["inputs"] else ""
            path = relative(first, self._run.root)
            self._write(path, 1, "ERROR", f"mtcheck: {verdict(summary)}", "gate")
        self._out.write("\n]}\n")
        self._out.flush()


STREAM = Stream("rdjson", _Writer, scores=False)
