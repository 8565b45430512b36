"""``junit``: a test case a segment, failed by findings over the gate, and one for the gate.

Findings under the gate are the output of a case that passes. A crashed rule is an error.
"""

from __future__ import annotations

import re
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping
from shutil import copyfileobj
from typing import TextIO
from xml.etree import ElementTree as ET

from mtcheck.inspected import Inspected
from mtcheck.records import FindingRecord, Record, text, worst
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import (
    about_the_text,
    crashes,
    fails,
    line_of,
    located,
    verdict,
)
from mtcheck.reporters.words import one_line, visible
from mtcheck.summary import Summary

__all__ = ["STREAM"]

_ILLEGAL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(value: str) -> str:
    """Text that XML 1.0 can hold; control and direction characters are written out."""
    return _ILLEGAL.sub("\ufffd", visible(value.replace("\r\n", "\n").replace("\r", "\n")))


def _element(tag: str, body: str = "", /, **attributes: str | int | None) -> ET.Element:
    given = {k: _xml(str(v)) for k, v in attributes.items() if v not in (None, "")}
    element = ET.Element(tag, given)
    element.text = _xml(body) or None
    return element


def _markup(element: ET.Element) -> str:
    # In a CI log the report is data too: no ##[command] in it.
    return ET.tostring(element, encoding="unicode").replace("##", "#&#35;") + "\n"


def _lines(found: Iterable[FindingRecord]) -> list[str]:
    lines = []
    for f in found:
        hint = f" Suggestion: {f['suggestion']}" if f["suggestion"] else ""
        line = f"{f['code']} {f['name']} ({f['severity']}): {f['message']}{hint}"
        lines.append(one_line(line))  # a line of the input can't start one of a log
    return lines


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run
        self._count: Counter[str] = Counter()
        # The counts stand before the cases, so the cases wait on disk.
        self._cases = tempfile.TemporaryFile(  # noqa: SIM115  (closed with the writer)
            "w+", encoding="utf-8", newline="\n"
        )
        self._close = weakref.finalize(self, self._cases.close)

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            self._add(self._case(record))

    def _add(self, case: ET.Element) -> None:
        self._count.update(["tests", *(child.tag for child in case)])
        self._cases.write(_markup(case))

    def _case(self, record: Record) -> ET.Element:
        path = text(record, "path")
        case = _element(
            "testcase",
            classname=path or text(record, "doc_id") or "mtcheck",
            name=text(record, "segment_id") or "segment",
            file=path,
            line=line_of(record) if path else None,
            time=0,
        )
        found = about_the_text(record)
        over = [f for f in found if fails(f, self._run)]
        if over:
            severity = worst(over)
            first = next(f for f in over if f["severity"] == severity)
            body = [*_lines(over)]
            body += [one_line(f"{s}: {text(record, s)}") for s in ("source", "hypothesis")]
            kind = f"{first['code']} {first['name']}"
            case.append(_element("failure", "\n".join(body), type=kind, message=first["message"]))
        if crashed := crashes(record):
            body = [one_line(f["message"]) for f in crashed]
            case.append(
                _element("error", "\n".join(body), type=crashed[0]["code"], message=body[0])
            )
        if under := [f for f in found if f not in over]:
            case.append(_element("system-out", "\n".join(_lines(under))))
        return case

    def _gate(self, summary: Summary) -> ET.Element:
        case = _element("testcase", classname="mtcheck", name="gate", time=0)
        if not summary["verdict"]["passed"]:
            why = "; ".join(summary["verdict"]["reasons"]) or "over the gate"
            case.append(_element("failure", verdict(summary), type="gate", message=why))
        return case

    def end(self, summary: Summary) -> None:
        self._add(self._gate(summary))
        timings = summary.get("timings")
        seconds = timings.get("seconds", 0) if isinstance(timings, Mapping) else 0
        count = self._count
        head = {"tests": count["tests"], "failures": count["failure"], "errors": count["error"]}
        properties = _element("properties")
        version = summary["mtcheck_version"] or "unknown"
        properties.append(_element("property", name="version", value=version))
        properties.append(_element("property", name="verdict", value=verdict(summary)))
        out = self._out
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        for tag in ("testsuites", "testsuite"):
            opening = _markup(_element(tag, "", name="mtcheck", **head, time=str(seconds)))
            out.write(opening.replace(" />\n", ">\n"))
        out.write(_markup(properties))
        self._cases.seek(0)
        copyfileobj(self._cases, out)
        self._close()
        out.write("</testsuite>\n</testsuites>\n")
        out.flush()


STREAM = Stream("junit", _Writer, scores=False)
