"""``gitlab``: a Code Quality report, which GitLab shows in a merge request.

The format is a plain list of findings. So the gate's verdict is an entry of its own, a
``blocker``, when it fails; a run that passes without findings is ``[]``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import TextIO

from mtcheck.inspected import Inspected
from mtcheck.records import findings, text
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import (
    Unique,
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

__all__ = ["STREAM"]


def _location(path: str, line: int | None) -> dict[str, object]:
    return {"path": path, "lines": {"begin": line or 1}}


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run
        self._unique = Unique()
        self._before = "\n"
        out.write("[")

    def _write(self, entry: Mapping[str, object]) -> None:
        self._out.write(self._before + json_line(entry))
        self._before = ",\n"

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            path = text(record, "path")
            # The fingerprint knows the document, and two files may have one of the same name.
            place = hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()[:8]
            for finding in findings(record):
                severity = weight(finding, self._run)
                about = f"{finding['code']} {finding['name']}: {sentence(record, finding)}"
                self._write(
                    {
                        "description": visible(about),
                        "check_name": finding["code"],
                        "fingerprint": self._unique(finding, place),
                        "severity": severity.label if severity else "info",
                        "location": _location(path, line_of(record)),
                    }
                )

    def end(self, summary: Summary) -> None:
        if not summary["verdict"]["passed"]:
            # Counts change from run to run; the gate that fails is the same.
            kind = re.sub(r"[\d.,%]+", "", "; ".join(summary["verdict"]["reasons"]))
            fingerprint = hashlib.sha256(f"gate\x1f{kind}".encode()).hexdigest()[:16]
            first = summary["inputs"][0] if summary["inputs"] else ""
            self._write(
                {
                    "description": visible(f"mtcheck: {verdict(summary)}"),
                    "check_name": "gate",
                    "fingerprint": fingerprint,
                    "severity": "blocker",
                    "location": _location(relative(first, self._run.root) or ".", 1),
                }
            )
        self._out.write("\n]\n" if self._before == ",\n" else "]\n")
        self._out.flush()


STREAM = Stream("gitlab", _Writer, scores=False)
