"""``report.md``: verdict, scores, findings by code, and the worst segments, to read anywhere.

It fits a comment on a pull request, whatever it tells of: long texts are cut around their first
mark, and segments that find no room are counted. Nothing of the input becomes markup, a link, a
mention or a reference to an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mtcheck.inspected import Inspected, ranked
from mtcheck.records import (
    Record,
    codes,
    findings,
    is_flagged,
    reasons,
    severity,
    text,
)
from mtcheck.reporters import Run
from mtcheck.reporters._spool import Spool
from mtcheck.reporters.folder import Format
from mtcheck.reporters.words import (
    Highlight,
    by_count,
    marks,
    one_line,
    pieces,
    plural,
    score_lines,
    set_aside,
    sizes,
    statuses,
    verdict_label,
)
from mtcheck.summary import Summary

__all__ = ["FORMAT", "escape", "highlight"]

FILE = "report.md"
LIMIT = 50
"""Segments listed at most; the others are counted."""

ROOM = 65_000
"""Characters of the whole report; GitHub takes 65,536 in a comment."""

TEXT, MESSAGE, FINDINGS, INPUTS, CODES = 1_500, 400, 10, 10, 100
"""Characters of a text and of a message, findings of a segment, inputs and codes listed."""

_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What GitHub and GitLab turn into a mention or a reference after they read the Markdown: no
# escape helps, only a space of no width.
_REFERENCE = re.compile(r"(?<=[@#!%])(?=\w)|(?<=&)(?=\d)|(?<=GH)(?=-\d)", re.IGNORECASE)
_NO_WIDTH = "\u200b"  # one in the text itself is written out by then


def escape(value: str) -> str:
    """Text that Markdown shows as it is: no markup, link, mention, formula or HTML, one line.

    It must not stand first on a line, where ``-`` or ``1.`` would open a list.
    """
    inert = _SPECIAL.sub(r"\\\g<0>", _REFERENCE.sub(_NO_WIDTH, one_line(value)))
    inert = inert.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return inert.replace(_NO_WIDTH, "&#8203;")


def _cut(value: str, length: int = MESSAGE) -> str:
    """Escaped text of at most ``length`` characters before escaping."""
    return escape(value if len(value) <= length else value[: length - 1] + "…")


def highlight(value: str, marked_by: list[Highlight]) -> str:
    """Escaped text with the marked stretches in bold.

    As HTML tags, since ``**`` does not open or close beside Chinese punctuation.
    """
    joined: list[tuple[str, bool]] = []
    for piece in pieces(value, marked_by):
        if piece.text:
            bold = bool(piece.under)
            if joined and joined[-1][1] == bold:
                joined[-1] = (joined[-1][0] + piece.text, bold)
            else:
                joined.append((piece.text, bold))
    return "".join(f"<b>{escape(t)}</b>" if bold else escape(t) for t, bold in joined)


def _code(value: str) -> str:
    """An id as code, which can be copied as it is and in which nothing is read."""
    shown = one_line(value)[:200].strip()
    if not shown:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    pad = " " if "`" in shown[0] + shown[-1] else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _side(record: Record, side: str) -> str:
    """A side of the segment with its marks; a long one around the first of them."""
    value, marked_by = text(record, side), marks(record, side)
    if len(value) <= TEXT:
        return highlight(value, marked_by)
    first = min((m.start for m in marked_by), default=0)
    start = max(0, min(first - 200, len(value) - TEXT))
    end = start + TEXT
    seen = [
        Highlight(max(m.start, start) - start, min(m.end, end) - start, m.finding)
        for m in marked_by
        if m.start < end and m.end > start
    ]
    shown = highlight(value[start:end], seen)
    return f"{'…' * (start > 0)}{shown}{'…' * (end < len(value))} ({len(value):,} characters)"


def _segment(place: int, record: Record) -> Iterator[str]:
    head = [text(record, "status"), severity(record), *codes(record)[:FINDINGS]]
    title = [_code(text(record, "segment_id")), *(_cut(h, 200) for h in head)]
    yield f"\n### {place}. {' · '.join(t for t in title if t)}\n\n"
    if path := text(record, "path"):
        line = text(record, "line")
        yield f"- Where: {_cut(path)}{f', line {line}' if line else ''}\n"
    if why := reasons(record):
        yield f"- Why: {_cut('; '.join(why), TEXT)}\n"
    for side in ("source", "hypothesis"):
        yield f"- {side.capitalize()}: {_side(record, side) or '*(empty)*'}\n"
    if reference := text(record, "reference"):
        yield f"- Reference: {_cut(reference, TEXT)}\n"
    for found in findings(record)[:FINDINGS]:
        hint = f" Suggestion: {_cut(found['suggestion'])}" if found["suggestion"] else ""
        yield (
            f"- {escape(found['code'])} {escape(found['severity'])} "
            f"({_cut(found['category'])}): {_cut(found['message'])}{hint}\n"
        )
    if (more := len(findings(record)) - FINDINGS) > 0:
        yield f"- and {plural(more, 'more finding')}\n"


def _head(summary: Summary, names: Mapping[str, str]) -> Iterator[str]:
    yield "# mtcheck report\n\n"
    reasons = summary["verdict"]["reasons"]
    why = f": {_cut('; '.join(reasons), TEXT)}" if reasons else ""
    yield f"**{verdict_label(summary)}**{why}\n\n"
    inputs = [_cut(i, 200) for i in summary["inputs"][:INPUTS]]
    if (rest := len(summary["inputs"]) - INPUTS) > 0:
        inputs.append(f"and {rest:,} more")
    yield f"- Input: {', '.join(inputs) or 'a data frame'}\n"
    yield f"- Size: {', '.join(filter(None, (*sizes(summary), set_aside(summary))))}\n"
    yield f"- Status: {', '.join(statuses(summary))}\n"

    yield "\n## Scores\n\n"
    if scores := score_lines(summary):
        yield "| Score | Value | 95% interval | Signature | Note |\n|---|--:|---|---|---|\n"
        for s in scores:
            row = (s.label, s.value, s.interval, s.signature, s.note)
            yield f"| {' | '.join(_cut(c) for c in row)} |\n"
    else:
        yield "None computed.\n"
    for note in summary["notes"][:FINDINGS]:
        yield f"\nNote: {_cut(note)}\n"

    yield "\n## Findings by code\n\n"
    if codes := by_count(summary["counts"]["codes"]):
        yield "| Code | Name | Findings |\n|---|---|--:|\n"
        for code, count in codes[:CODES]:
            yield f"| {escape(code)} | {escape(names.get(code, ''))} | {count:,} |\n"
    else:
        yield "None.\n"


class _Writer:
    def __init__(self, folder: Path, run: Run) -> None:
        self._path = folder / FILE
        self._rest = " in flagged.csv" if "csv" in run.config.formats else ""
        self._spool = Spool(folder, "markdown", keep=LIMIT)
        self._names: dict[str, str] = {}

    def add(self, inspected: Inspected) -> None:
        flagged = []
        for rank, record in ranked(inspected):
            self._names.update({f["code"]: f["name"] for f in findings(record)})
            if is_flagged(record):
                flagged.append((rank, record))
        self._spool.add(flagged)

    def _report(self, summary: Summary) -> str:
        out = [*_head(summary, self._names), "\n## Segments that need a look, worst first\n"]
        version = _cut(summary["mtcheck_version"])
        end = f"\n---\n\nmtcheck {version}. A finding is a machine's, unconfirmed.\n"
        room = ROOM - sum(map(len, out)) - len(end) - 100  # for the count of the others
        listed = 0
        for record in self._spool.worst_first():
            block = "".join(_segment(listed + 1, record))
            if len(block) > room:
                break
            out.append(block)
            room -= len(block)
            listed += 1
        if more := self._spool.flagged - listed:
            out.append(f"\nand {more:,} more{self._rest}.\n")
        elif not listed:
            out.append("\nNone.\n")
        return "".join([*out, end])

    def end(self, summary: Summary) -> None:
        with self._path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(self._report(summary))
        self._spool.remove()


FORMAT = Format("markdown", (FILE,), _Writer)
