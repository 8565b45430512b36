"""``report.html``: one self-contained page, flagged segments first, both languages side by side.

The page asks nothing of the network: styles and script are inside, and its content security
policy allows no other. It reads well without the script, which only filters and searches.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.reporters import FindingRecord, Format, Record, ranked
from mtcheck.reporters._spool import Spool
from mtcheck.reporters._words import (
    FLAGGED,
    Mark,
    codes,
    findings,
    marks,
    metadata,
    number,
    overview,
    pieces,
    plural,
    reasons,
    score_label,
    text,
    visible,
    worst,
)
from mtcheck.types import Severity

__all__ = ["FORMAT", "highlight"]

FILE = "report.html"
LIMIT = 2000
"""Segments on the page; a browser still scrolls and searches this many with ease."""

_SCORES = ("similarity", "risk", "bleu", "chrf", "ter", "round_trip_chrf")


def _load(name: str) -> str:
    return (files("mtcheck.reporters") / "templates" / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """The content security policy's name for an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def highlight(value: str, marked_by: Sequence[Mark], found: Sequence[FindingRecord]) -> Markup:
    """Escaped text with marked stretches in ``<mark>``: messages as title, codes as label.

    Spans that overlap are cut at their borders. Without its tags the result is the
    :func:`visible` text.
    """
    out: list[str] = []
    for piece in pieces(value, marked_by):
        shown = visible(piece.text)
        if not piece.under:
            out.append(shown)
            continue
        over = [found[i] for i in piece.under]
        ending = " ".join(dict.fromkeys(found[i]["code"] for i in piece.ending))
        tag = Markup('<mark class="{}{}" title="{}"{}>{}</mark>').format(
            worst(over),
            "" if piece.text else " point",
            visible("\n".join(dict.fromkeys(f"{f['code']}: {f['message']}" for f in over))),
            Markup(' data-label="{}"').format(ending) if ending else "",
            shown,
        )
        out.append(tag)
    return Markup().join(out)


@dataclass(frozen=True)
class _View:
    """What the template shows of a segment; every string still unescaped but the two marked."""

    id: str
    where: str
    status: str
    codes: list[str]
    source: Markup
    hypothesis: Markup
    reference: str
    scores: list[tuple[str, str]]
    reasons: list[str]
    findings: list[FindingRecord]
    metadata: list[tuple[str, str]]


def _view(record: Record) -> _View:
    found = findings(record)
    path, line = text(record, "path"), text(record, "line")
    return _View(
        id=text(record, "segment_id"),
        where=f"{path}:{line}" if path and line else path,
        status=text(record, "status"),
        codes=codes(record),
        source=highlight(text(record, "source"), marks(record, "source"), found),
        hypothesis=highlight(text(record, "hypothesis"), marks(record, "hypothesis"), found),
        reference=text(record, "reference"),
        scores=[
            (score_label(name), number(name, record[name]))
            for name in _SCORES
            if record.get(name) is not None
        ],
        reasons=reasons(record),
        findings=found,
        metadata=[(k, str(v)) for k, v in metadata(record).items() if v not in (None, "")],
    )


def _environment() -> Environment:
    env = Environment(
        loader=FunctionLoader(_load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda v: v if isinstance(v, Markup) else visible(v) if isinstance(v, str) else v,
    )
    env.globals["plural"] = plural
    return env


class _Writer:
    def __init__(self, folder: Path, config: Config) -> None:
        self._path = folder / FILE
        # Where the rest is, should the page not hold all.
        kept = {"csv": "segments.csv", "jsonl": "segments.jsonl"}
        self._rest = next((f for key, f in kept.items() if key in config.formats), "")
        self._spool = Spool(folder, "html", keep=LIMIT)
        self._names: dict[str, str] = {}

    def add(self, frame: pd.DataFrame) -> None:
        self._spool.add(self._noted(frame))

    def _noted(self, frame: pd.DataFrame) -> Iterator[tuple[float, Record]]:
        for rank, record in ranked(frame):
            self._names.update({f["code"]: f["name"] for f in findings(record)})
            yield rank, record

    def end(self, summary: Mapping[str, object]) -> None:
        spool = self._spool
        style, script = _load("report.css"), _load("report.js")
        run = overview(summary)
        stream = (
            _environment()
            .get_template("report.html.j2")
            .generate(
                run=run,
                statuses=[(s, run.status.get(s, 0)) for s in (*FLAGGED, "accept")],
                codes=sorted(run.codes.items(), key=lambda c: (-c[1], c[0])),
                severities=[s.label for s in sorted(Severity, reverse=True)],
                names=self._names,
                settings=[(k, str(v)) for k, v in run.config.items()],
                flagged=map(_view, spool.worst_first(accepted=False)),
                accepted=map(_view, spool.worst_first(accepted=True)),
                flagged_count=spool.flagged,
                accepted_count=spool.total - spool.flagged,
                shown_accepted=max(0, min(LIMIT, spool.total) - min(LIMIT, spool.flagged)),
                left=max(0, spool.total - LIMIT),
                rest=self._rest,
                style=Markup(style),
                script=Markup(script),
                policy=f"default-src 'none'; style-src '{_hash(style)}'; "
                f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'",
                schema_version=schema.VERSION,
            )
        )
        with self._path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(stream)
        spool.remove()


FORMAT = Format("html", (FILE,), _Writer)
