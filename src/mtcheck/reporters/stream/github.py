"""``github``: annotations on the changed files of a pull request, by workflow commands.

Every finding is also a plain line of the log, in a group. GitHub shows ten errors, ten
warnings and ten notices of a step, so the worst ten of each become annotations, and the
gate's verdict is the first of them.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TextIO

from mtcheck.inspected import Inspected
from mtcheck.records import FindingRecord, Record, findings, text
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
from mtcheck.reporters.words import plural, terminal, verdict_label
from mtcheck.summary import Summary
from mtcheck.types import Severity

__all__ = ["CAP", "STREAM"]

CAP = 10
"""Annotations of one level that GitHub shows for a step."""

_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NEUTRAL: "notice",
}
_PLACE = tuple[int, float, int]  # severity, rank and order, to find the worst by


def _data(value: str) -> str:
    return terminal(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _command(kind: str, message: str, **properties: str) -> str:
    given = ",".join(f"{k}={_property(v)}" for k, v in properties.items() if v)
    return f"::{kind} {given}::{_data(message)}\n"


def _annotation(kind: str, record: Record, finding: FindingRecord) -> str:
    path, line = text(record, "path"), line_of(record)
    return _command(
        kind,
        sentence(record, finding),
        file=path,
        line=str(line) if path and line else "",
        title=f"{finding['code']} {finding['name']} ({finding['severity']})",
    )


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run
        self._count: Counter[str] = Counter()
        self._worst: dict[str, list[tuple[_PLACE, str]]] = {}

    def add(self, inspected: Inspected) -> None:
        for rank, record in located(inspected, self._run):
            for finding in findings(record):
                if not self._count:
                    self._out.write("::group::mtcheck findings\n")
                self._out.write(log_line(text_line(record, finding)) + "\n")
                crashed = finding["code"] == CRASH_CODE
                severity = Severity.CRITICAL if crashed else weight(finding, self._run)
                kind = _LEVEL[severity]
                self._count[kind] += 1
                kept = self._worst.setdefault(kind, [])
                place = int(severity), rank, -self._count.total()
                heapq.heappush(kept, (place, _annotation(kind, record, finding)))
                if len(kept) > CAP:
                    heapq.heappop(kept)

    def end(self, summary: Summary) -> None:
        if self._count:
            self._out.write("::endgroup::\n")
        kind = "notice" if summary["verdict"]["passed"] else "error"
        title = f"mtcheck: {verdict_label(summary).lower()}"
        self._out.write(_command(kind, verdict(summary), title=title))
        for level_ in ("error", "warning", "notice"):
            room = CAP - (level_ == kind)
            worst = [line for _, line in sorted(self._worst.get(level_, ()), reverse=True)]
            self._out.writelines(worst[:room])
            more = self._count[level_] - room
            if more > 0:
                self._out.write(
                    f"mtcheck: {plural(more, f'more {level_}')} in the log above; "
                    f"GitHub shows {CAP} of a level and step\n"
                )
        self._out.flush()


STREAM = Stream("github", _Writer, scores=False)
