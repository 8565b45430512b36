"""``sarif``: SARIF 2.1.0, for code scanning on GitHub and elsewhere.

A result stands at the row of the file its segment came from. Its spans are in its properties,
in code points of the segment's two sides. ``partialFingerprints`` survive moved rows and
edited neighbours. The gate's verdict is in the properties of the run and a notification of
the invocation. GitHub takes at most 25,000 results of a run and a file of 10 MB compressed:
beyond, the mildest are left out, and a notification says how many.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import tempfile
import weakref
import zlib
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from mtcheck.inspected import Inspected
from mtcheck.records import FindingRecord, Json, Record, marked, text
from mtcheck.reporters import RuleNote, Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import (
    Unique,
    about_the_text,
    crashes,
    json_line,
    level,
    line_of,
    located,
    sentence,
    verdict,
    weight,
)
from mtcheck.reporters.words import plural, visible
from mtcheck.summary import Summary
from mtcheck.types import Severity

__all__ = ["STREAM"]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
MOST = 25_000
"""Results of a run that GitHub takes."""

PACKED = 9_000_000
"""Bytes of results, compressed; GitHub takes a file of 10 MB, rules and head included."""

_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NEUTRAL: "note",
}
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_HEADING = re.compile(r"[A-Z][a-z ]{2,30}")

_Object = dict[str, Json]


def _message(value: str) -> _Object:
    """A message that shows the value as it is: SARIF reads ``{0}`` and ``[text](link)``."""
    shown = visible(value).replace("{", "{{").replace("}", "}}")
    if "](" in shown:
        shown = re.sub(r"[\\\[\]]", r"\\\g<0>", shown)
    return {"text": shown}


def _sections(page: str) -> tuple[dict[str, str], str]:
    """A rule's page as its sections by heading, and as Markdown."""
    sections: dict[str, str] = {}
    out = []
    for block in page.split("\n\n"):
        head, _, body = block.partition("\n")
        if body and _HEADING.fullmatch(head):
            sections[head] = body
            lines = body.replace("\n", "  \n") if head == "Example" else body
            out.append(f"**{head}**\n\n{lines}")
        else:
            out.append(block)
    return sections, "\n\n".join(out).replace("<", "&lt;")


def _precision(value: float) -> str:
    """GitHub's words for a rule's precision."""
    steps = ((0.9, "very-high"), (0.7, "high"), (0.4, "medium"))
    return next((word for least, word in steps if value >= least), "low")


def _rule(note: RuleNote) -> _Object:
    kind = _LEVEL[level(note.severity)]
    sections, markdown = _sections(note.page)
    properties: _Object = {
        "category": note.category,
        "severity": note.severity,
        "problem.severity": _PROBLEM[kind],
        "tags": [*note.category.split("/")],
    }
    if note.precision is not None:
        properties["precision"] = _precision(note.precision)
    about = sections.get("What it does", note.summary)
    return {
        "id": note.code,
        "name": note.name,
        "shortDescription": {"text": note.summary},
        "fullDescription": {"text": " ".join(about.split())},
        "help": {"text": note.page, "markdown": markdown},
        "defaultConfiguration": {"level": kind},
        "properties": properties,
    }


def _artifact(path: str, root: Path) -> _Object:
    if Path(path).is_absolute() or path.startswith("../"):
        return {"uri": Path(os.path.normpath(root.absolute() / path)).as_uri()}
    # A colon is quoted as well: nothing in a path may pass for a scheme.
    return {"uri": quote(path, safe="/", errors="replace"), "uriBaseId": ROOT}


def _location(record: Record, root: Path) -> _Object:
    path, segment = text(record, "path"), text(record, "segment_id")
    location: _Object = {}
    if path:
        location["physicalLocation"] = {
            "artifactLocation": _artifact(path, root),
            "region": {"startLine": line_of(record) or 1},
        }
    if segment:
        location["logicalLocations"] = [{"fullyQualifiedName": segment, "kind": "segment"}]
    return location


class _Kept:
    """Results on disk until the run is over, so that the mildest can be left out."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115  (closed with the writer)
        self._close = weakref.finalize(self, self._file.close)
        self._packed = zlib.compressobj()
        self._places: list[tuple[Severity, int, int, int]] = []
        """Severity, place in the file, length, and about how long it is compressed."""

    def add(self, severity: Severity, line: str) -> None:
        body = line.encode()
        packed = len(self._packed.compress(body) + self._packed.flush(zlib.Z_SYNC_FLUSH))
        self._places.append((severity, self._file.tell(), len(body), packed))
        self._file.write(body)

    @functools.cached_property
    def _chosen(self) -> list[tuple[Severity, int, int, int]]:
        """The worst that fit, in the order they came."""
        order = sorted(self._places, key=lambda place: -place[0])[:MOST]
        sizes = itertools.accumulate(place[3] for place in order)
        kept = [place for place, size in zip(order, sizes, strict=True) if size <= PACKED]
        return sorted(kept, key=lambda place: place[1])

    @property
    def left(self) -> int:
        """How many were left out."""
        return len(self._places) - len(self._chosen)

    def write(self, out: TextIO) -> None:
        """Write those that fit."""
        before = "\n"
        for _, start, length, _ in self._chosen:
            self._file.seek(start)
            out.write(before + self._file.read(length).decode())
            before = ",\n"
        self._close()


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run
        self._index = {note.code: i for i, note in enumerate(run.rules)}
        self._unique = Unique()
        self._crashes: list[_Object] = []
        self._results = _Kept()
        out.write(f'{{"$schema": "{SCHEMA}",\n"version": "2.1.0",\n"runs": [{{\n')
        out.write('"columnKind": "unicodeCodePoints",\n"results": [')

    def _result(self, record: Record, finding: FindingRecord) -> _Object:
        properties: _Object = {
            "docId": text(record, "doc_id"),
            "segmentId": text(record, "segment_id"),
            "category": finding["category"],
            "severity": finding["severity"],
            "confidence": finding["confidence"],
            "marked": marked(record, finding),
            "spans": [
                {"side": s["side"], "start": s["start"], "end": s["end"]} for s in finding["spans"]
            ],
        }
        if finding["suggestion"]:
            properties["suggestion"] = finding["suggestion"]
        result: _Object = {
            "ruleId": finding["code"],
            "level": _LEVEL[weight(finding, self._run)],
            "message": _message(sentence(record, finding)),
            "locations": [place] if (place := _location(record, self._run.root)) else [],
            "partialFingerprints": {"mtcheckFinding/v1": self._unique(finding)},
            "properties": properties,
        }
        if finding["code"] in self._index:
            result["ruleIndex"] = self._index[finding["code"]]
        return result

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            for finding in about_the_text(record):
                line = json_line(self._result(record, finding))
                self._results.add(weight(finding, self._run), line)
            self._crashes += [
                {"level": "error", "message": _message(f["message"]), "descriptor": {"id": "crash"}}
                for f in crashes(record)
            ]

    def _notifications(self, summary: Summary) -> list[Json]:
        gate: Json = {
            "level": "note" if summary["verdict"]["passed"] else "warning",
            "message": _message(f"mtcheck: {verdict(summary)}"),
            "descriptor": {"id": "gate"},
        }
        notes: list[Json] = [
            {"level": "note", "message": _message(note), "descriptor": {"id": "note"}}
            for note in summary["notes"]
        ]
        if left := self._results.left:
            said = f"{plural(left, 'milder finding')} left out: more than GitHub takes of a run"
            notes.append({"level": "warning", "message": _message(said)})
        return [gate, *notes, *self._crashes]

    def end(self, summary: Summary) -> None:
        passed = summary["verdict"]["passed"]
        tool = {
            "driver": {
                "name": "mtcheck",
                "version": summary["mtcheck_version"] or "0",
                "shortDescription": {
                    "text": "Tells which sentences of a machine translation can't be trusted."
                },
                "rules": [_rule(note) for note in self._run.rules],
            }
        }
        invocation = {
            "executionSuccessful": not self._crashes,
            "exitCode": 2 if self._crashes else 0 if passed else 1,
            "toolExecutionNotifications": self._notifications(summary),
        }
        root = {ROOT: {"description": {"text": "The folder that mtcheck was run in"}}}
        properties = {key: summary.get(key) for key in ("verdict", "counts", "scores")}
        write = self._out.write
        self._results.write(self._out)
        write("\n],\n")
        write(f'"tool": {json_line(tool)},\n"originalUriBaseIds": {json_line(root)},\n')
        write(f'"invocations": [{json_line(invocation)}],\n')
        write(f'"properties": {json_line(properties)}\n}}]}}\n')
        self._out.flush()


STREAM = Stream("sarif", _Writer)
