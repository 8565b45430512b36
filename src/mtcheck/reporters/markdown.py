"""``report.md``: verdict, scores, findings by code, and the worst segments, to read anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from mtcheck.config import Config
from mtcheck.reporters import Format, Record, ranked
from mtcheck.reporters._spool import Spool
from mtcheck.reporters._words import (
    FLAGGED,
    Mark,
    Overview,
    codes,
    findings,
    is_flagged,
    marks,
    one_line,
    overview,
    pieces,
    plural,
    reasons,
    severity,
    text,
)

__all__ = ["FORMAT", "escape", "highlight"]

FILE = "report.md"
LIMIT = 50
"""Segments listed in full; the others are counted."""

_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$@^]|:(?=//)|(?<=www)\.", re.IGNORECASE)


def escape(value: str) -> str:
    """Text that Markdown shows as it is: no markup, link, mention, formula or HTML, one line.

    It must not stand first on a line, where ``-`` or ``1.`` would open a list.
    """
    inert = _SPECIAL.sub(r"\\\g<0>", one_line(value))
    return inert.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def highlight(value: str, marked_by: list[Mark]) -> str:
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


def _segment(place: int, record: Record) -> Iterator[str]:
    head = [text(record, "segment_id"), text(record, "status"), severity(record)]
    yield f"\n### {place}. " + " · ".join(escape(h) for h in [*head, *codes(record)] if h) + "\n\n"
    if path := text(record, "path"):
        line = text(record, "line")
        yield f"- Where: {escape(path)}{f', line {line}' if line else ''}\n"
    if why := reasons(record):
        yield f"- Why: {escape('; '.join(why))}\n"
    for side in ("source", "hypothesis"):
        shown = highlight(text(record, side), marks(record, side)) or "*(empty)*"
        yield f"- {side.capitalize()}: {shown}\n"
    if reference := text(record, "reference"):
        yield f"- Reference: {escape(reference)}\n"
    for found in findings(record):
        hint = f" Suggestion: {escape(found['suggestion'])}" if found["suggestion"] else ""
        yield (
            f"- {escape(found['code'])} {escape(found['severity'])} "
            f"({escape(found['category'])}): {escape(found['message'])}{hint}\n"
        )


def _head(run: Overview, names: Mapping[str, str]) -> Iterator[str]:
    yield "# mtcheck report\n\n"
    why = f": {escape('; '.join(run.reasons))}" if run.reasons else ""
    yield f"**{run.label}**{why}\n\n"
    yield f"- Input: {', '.join(escape(i) for i in run.inputs) or 'a data frame'}\n"
    counts = [plural(run.documents, "document"), plural(run.segments, "segment")]
    if run.rejected:
        counts.append(f"{plural(run.rejected, 'input row')} set aside")
    yield f"- Size: {', '.join(counts)}\n"
    statuses = [f"{run.status.get(s, 0):,} {s}" for s in (*FLAGGED, "accept")]
    yield f"- Status: {', '.join(statuses)}\n"

    yield "\n## Scores\n\n"
    if run.scores:
        yield "| Score | Value | 95% interval | Signature | Note |\n|---|--:|---|---|---|\n"
        for s in run.scores:
            row = (s.label, s.value, s.interval, s.signature, s.note)
            yield f"| {' | '.join(escape(c) for c in row)} |\n"
    else:
        yield "None computed.\n"
    for note in run.notes:
        yield f"\nNote: {escape(note)}\n"

    yield "\n## Findings by code\n\n"
    if run.codes:
        yield "| Code | Name | Findings |\n|---|---|--:|\n"
        for code, count in sorted(run.codes.items(), key=lambda c: (-c[1], c[0])):
            yield f"| {escape(code)} | {escape(names.get(code, ''))} | {count:,} |\n"
    else:
        yield "None.\n"


class _Writer:
    def __init__(self, folder: Path, config: Config) -> None:
        self._path = folder / FILE
        self._rest = " in flagged.csv" if "csv" in config.formats else ""
        self._spool = Spool(folder, "markdown", keep=LIMIT)
        self._names: dict[str, str] = {}

    def add(self, frame: pd.DataFrame) -> None:
        flagged = []
        for rank, record in ranked(frame):
            self._names.update({f["code"]: f["name"] for f in findings(record)})
            if is_flagged(record):
                flagged.append((rank, record))
        self._spool.add(flagged)

    def _lines(self, summary: Mapping[str, object]) -> Iterator[str]:
        run = overview(summary)
        yield from _head(run, self._names)
        yield "\n## Segments that need a look, worst first\n"
        for place, record in enumerate(self._spool.worst_first(), start=1):
            yield from _segment(place, record)
        more = self._spool.flagged - LIMIT
        if more > 0:
            yield f"\nand {more:,} more{self._rest}.\n"
        elif not self._spool.flagged:
            yield "\nNone.\n"
        yield f"\n---\n\nmtcheck {escape(run.version)}. A finding is a machine's, unconfirmed.\n"

    def end(self, summary: Mapping[str, object]) -> None:
        with self._path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(self._lines(summary))
        self._spool.remove()


FORMAT = Format("markdown", (FILE,), _Writer)
