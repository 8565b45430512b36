"""``azure``: Azure Pipelines' logging commands, an issue a finding at its file and line.

Every finding is also a plain line of the log. Neutral remarks are lines only, since Azure knows
warnings and errors. The gate's verdict comes last.
"""

from __future__ import annotations

from typing import TextIO

from mtcheck.inspected import Inspected
from mtcheck.records import findings, text
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import (
    CRASH_CODE,
    line_of,
    located,
    log_line,
    sentence,
    verdict,
    weight,
)
from mtcheck.reporters.terminal import text_line
from mtcheck.reporters.words import terminal
from mtcheck.summary import Summary
from mtcheck.types import Severity

__all__ = ["STREAM"]


def _data(value: str) -> str:
    bare = terminal(value).replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")
    return bare.replace("##", "# #")


def _property(value: str) -> str:
    return _data(value).replace(";", "%3B").replace("]", "%5D")


def _issue(kind: str, message: str, **properties: str) -> str:
    given = "".join(f"{k}={_property(v)};" for k, v in properties.items() if v)
    return f"##vso[task.logissue type={kind};{given}]{_data(message)}\n"


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            path, line = text(record, "path"), line_of(record)
            for finding in findings(record):
                severity = weight(finding, self._run)
                self._out.write(log_line(text_line(record, finding)) + "\n")
                crashed = finding["code"] == CRASH_CODE
                if severity is Severity.NEUTRAL and not crashed:
                    continue
                kind = "error" if crashed or severity >= Severity.MAJOR else "warning"
                at = {"sourcepath": path, "linenumber": str(line) if path and line else ""}
                self._out.write(_issue(kind, sentence(record, finding), **at, code=finding["code"]))

    def end(self, summary: Summary) -> None:
        if summary["verdict"]["passed"]:
            self._out.write(log_line(f"mtcheck: {verdict(summary)}") + "\n")
        else:
            self._out.write(_issue("error", f"mtcheck: {verdict(summary)}"))
        self._out.flush()


STREAM = Stream("azure", _Writer, scores=False)
