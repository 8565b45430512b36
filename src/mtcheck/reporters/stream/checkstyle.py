"""``checkstyle``: Checkstyle's XML, which many build servers and reviewdog read.

A file element holds findings of one file that follow one another. A gate that fails is an error
of the first input, a crashed rule one of its segment.
"""

from __future__ import annotations

import re
from typing import TextIO
from xml.sax.saxutils import quoteattr

from mtcheck.inspected import Inspected
from mtcheck.records import findings, text
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import (
    CRASH_CODE,
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
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NEUTRAL: "info",
}
_ILLEGAL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _quoted(value: object) -> str:
    # In a CI log the report is data too: no ##[command] in it.
    return quoteattr(_ILLEGAL.sub("\ufffd", visible(str(value)))).replace("##", "#&#35;")


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run
        self._path: str | None = None
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="8.0">\n')

    def _write(self, path: str, line: int | None, kind: str, message: str, source: str) -> None:
        if path != self._path:
            self._close()
            self._path = path
            self._out.write(f"<file name={_quoted(path)}>\n")
        given = {"line": line or 1, "severity": kind, "message": message, "source": source}
        attributes = " ".join(f"{k}={_quoted(v)}" for k, v in given.items())
        self._out.write(f"<error {attributes}/>\n")

    def _close(self) -> None:
        if self._path is not None:
            self._out.write("</file>\n")

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            for f in findings(record):
                kind = "error" if f["code"] == CRASH_CODE else _LEVEL[weight(f, self._run)]
                source = f"mtcheck.{f['code']}"
                place = text(record, "path"), line_of(record)
                self._write(*place, kind, sentence(record, f), source)

    def end(self, summary: Summary) -> None:
        if not summary["verdict"]["passed"]:
            first = summary["inputs"][0] if summary["inputs"] else ""
            path = relative(first, self._run.root)
            self._write(path, 1, "error", f"mtcheck: {verdict(summary)}", "mtcheck.gate")
        self._close()
        self._out.write("</checkstyle>\n")
        self._out.flush()


STREAM = Stream("checkstyle", _Writer, scores=False)
