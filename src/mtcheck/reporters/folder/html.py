"""``report.html``: one self-contained page to find, judge and record what needs a human.

The page asks nothing of the network: styles and script are inside, and its content security
policy allows no other. The segments are in it as JSON, from which the script makes the table;
without the script the page still has its head, its charts and the worst segments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from markupsafe import Markup

from mtcheck import schema
from mtcheck.inspected import Inspected, ranked
from mtcheck.records import (
    FLAGGED,
    FindingRecord,
    Json,
    Record,
    dump,
    findings,
    metadata,
    reasons,
    suppressed,
    text,
    worst,
)
from mtcheck.reporters import Run
from mtcheck.reporters._charts import Charts
from mtcheck.reporters._messages import KINDS, Messages
from mtcheck.reporters._page import environment, load, policy_hash
from mtcheck.reporters._spool import Spool
from mtcheck.reporters.folder import Format
from mtcheck.reporters.words import (
    Highlight,
    ScoreLine,
    by_count,
    marks,
    pieces,
    score_lines,
    visible,
)
from mtcheck.scorers import columns
from mtcheck.summary import Summary
from mtcheck.types import Severity

__all__ = ["FORMAT", "highlight"]

FILE = "report.html"
LIMIT = 10_000
"""Segments on the page: about ten megabytes, which a browser opens in a second or two."""

STATIC = 100
"""Segments that are also there without the script."""

# What a row of the page has of a segment beside its scores, by the names of ``segments.jsonl``.
_FIELDS = (
    "doc_id", "segment_id", "path", "line", "alignment", "source", "hypothesis", "reference",
    "part", "status", "reasons", "findings", "suppressed",
)  # fmt: skip

# What a row has of a finding; name and category stand with the rule.
_TOLD = (
    "code", "severity", "message", "spans", "suggestion", "fingerprint", "known", "reason", "by",
)  # fmt: skip

# What is no rule's has its Chinese name here.
_OWN = {"HUM001": "人工确认的错误", "INT001": "规则出错", "LLM001": "语言模型标出的错误"}

_SCRIPTS = ("words.js", "decisions.js", "segment.js", "table.js")


def highlight(value: str, marked_by: Sequence[Highlight], found: Sequence[FindingRecord]) -> Markup:
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


# --- rows ----------------------------------------------------------------------------------


class _Neighbours:
    """Tells each segment its neighbours in the document, however the run was cut in batches.

    ``place`` counts the segments of the run from 1. ``previous`` and ``next`` are the places
    of the neighbours, ``before`` and ``after`` their texts: source, hypothesis. A segment
    waits until the next of its document, by the same system, has come.
    """

    def __init__(self) -> None:
        self._place = 0
        self._document: tuple[str, str] | None = None
        self._waiting: dict[str, tuple[float, Record]] = {}

    def take(self, rank: float, record: Record) -> Iterator[tuple[float, Record]]:
        """Take the next segment; yields those whose neighbours are known now."""
        own = text(record, "path"), text(record, "doc_id")
        if own != self._document:
            yield from self.rest()
            self._document = own
        self._place += 1
        row: Record = {name: record[name] for name in (*_FIELDS, *columns())}
        # Risk marks are told apart from findings; where the model gave none there are none.
        row["risk_spans"] = record["risk_spans"] or []
        row["metadata"] = {k: v for k, v in metadata(record).items() if v not in (None, "")}
        row["place"] = self._place
        row["part"] = "title" if row["part"] == "title" else ""
        system = text(record, "system")
        before = self._waiting.get(system)
        if before:
            row["previous"], row["before"] = before[1]["place"], _texts(before[1])
            before[1]["next"], before[1]["after"] = row["place"], _texts(row)
            yield before
        self._waiting[system] = rank, row

    def rest(self) -> Iterator[tuple[float, Record]]:
        """The last segments, after which none follows."""
        yield from self._waiting.values()
        self._waiting = {}


def _texts(row: Record) -> Json:
    return [row["source"], row["hypothesis"]]


def _spans(value: Json) -> Json:
    """Spans in few letters: ``["s", 12, 17]``, the side by its first."""
    listed = cast("list[dict[str, Json]]", value)
    return [[str(s["side"])[0], s["start"], s["end"]] for s in listed]


def _compact(row: Record, shown: set[Json]) -> Markup:
    """A row as JSON that is inert in a page; ``shown`` are the places that are on it."""
    own = dict(row)
    for place, texts in (("previous", "before"), ("next", "after")):
        own.pop(texts if own.get(place) in shown else place, None)
    own["risk_spans"] = _spans(row["risk_spans"])
    for name in ("findings", "suppressed"):
        listed = cast("list[dict[str, Json]]", row[name])
        own[name] = [
            {k: _spans(v) if k == "spans" else v for k, v in f.items() if k in _TOLD and v}
            for f in listed
        ]
    return _script_data({k: v for k, v in own.items() if v is not None and v not in ("", [], {})})


def _script_data(value: Json) -> Markup:
    """JSON that can end no script element and open no comment."""
    return Markup(dump(value).replace("<", "\\u003c"))


@dataclass(frozen=True)
class _View:
    """What the page shows of a segment without its script; strings still to be escaped."""

    anchor: str
    id: str
    status: str
    source: Markup
    hypothesis: Markup
    reasons: list[str]
    findings: list[FindingRecord]


def _view(row: Record) -> _View:
    found, own, document = findings(row), text(row, "segment_id"), text(row, "doc_id")
    return _View(
        anchor=f"{document}/{own.removeprefix(f'{document}#')}",
        id=own,
        status=text(row, "status"),
        source=highlight(text(row, "source"), marks(row, "source"), found),
        hypothesis=highlight(text(row, "hypothesis"), marks(row, "hypothesis"), found),
        reasons=reasons(row),
        findings=found,
    )


# --- the page ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Card:
    """A corpus score in the language of the page; ``note`` and ``signature`` in English."""

    label: str
    value: str
    interval: str
    note: str
    signature: str


def _card(line: ScoreLine, t: Messages) -> _Card:
    low, _, high = line.interval.partition(" to ")
    return _Card(
        label=t.score(line.name),
        value=line.value,
        interval=t("interval", low=low, high=high) if low else "",
        note=t.said(line.note),
        signature=line.signature,
    )


class _Writer:
    def __init__(self, folder: Path, run: Run) -> None:
        self._path = folder / FILE
        # Where the rest is, should the page not hold all.
        kept = {"csv": "segments.csv", "jsonl": "segments.jsonl"}
        self._elsewhere = next((f for key, f in kept.items() if key in run.config.formats), "")
        self._spool = Spool(folder, "html", keep=LIMIT)
        self._neighbours = _Neighbours()
        self._charts = Charts(run.config)
        self._rules: dict[str, tuple[str, str]] = {}
        self._chinese = {note.code: note.chinese for note in run.rules} | _OWN
        self._t = Messages(run.config.lang)
        self._names = {note.name: self._t.rule(note.name, note.chinese) for note in run.rules}

    def add(self, inspected: Inspected) -> None:
        self._spool.add(self._noted(inspected))

    def _noted(self, inspected: Inspected) -> Iterator[tuple[float, Record]]:
        for rank, record in ranked(inspected):
            for found in (*findings(record), *suppressed(record)):
                self._rules[found["code"]] = found["name"], found["category"]
                found["message"] = self._t.said(found["message"])
            for unheard in suppressed(record):
                unheard["reason"] = self._t.said(unheard["reason"])
            record["reasons"] = [self._t.reason(r, self._names) for r in reasons(record)]
            self._charts.add(record)
            yield from self._neighbours.take(rank, record)

    def end(self, summary: Summary) -> None:
        spool, t = self._spool, self._t
        spool.add(self._neighbours.rest())
        style = load("report.css")
        script = '"use strict";\n{\n' + "\n".join(map(load, _SCRIPTS)) + "}\n"
        counts = summary["counts"]
        shown, digest = self._first_look()
        rules = {
            code: {
                "label": t.rule(name, self._chinese.get(code, "")),
                "category": t.category(category),
            }
            for code, (name, category) in sorted(self._rules.items())
        }
        stream = (
            environment(t=t)
            .get_template("report.html.j2")
            .generate(
                summary=summary,
                cards=[_card(line, t) for line in score_lines(summary)],
                figures=self._charts.figures(t),
                statuses=[(s, counts["status"].get(s, 0)) for s in (*FLAGGED, "accept")],
                codes=by_count(counts["codes"]),
                severities=[s.label for s in sorted(Severity, reverse=True)],
                rules=rules,
                settings=[(k, str(v)) for k, v in summary["config"].items()],
                flagged=spool.flagged,
                total=spool.total,
                static=self._static(),
                static_count=min(STATIC, spool.flagged),
                left=max(0, spool.total - LIMIT),
                elsewhere=self._elsewhere,
                meta=_script_data(
                    cast(
                        "Json",
                        {
                            "report": digest,
                            "locale": t.locale,
                            "rules": rules,
                            "scores": [
                                [name, t.score(name), column.metric.decimals]
                                for name, column in columns().items()
                            ],
                            "kinds": {kind: t.category(kind) for kind in KINDS},
                            "text": t.texts(),
                        },
                    )
                ),
                rows=(_compact(row, shown) for row in spool.worst_first()),
                style=Markup(style),
                script=Markup(script),
                policy=f"default-src 'none'; style-src '{policy_hash(style)}'; "
                f"script-src '{policy_hash(script)}'; base-uri 'none'; form-action 'none'",
                schema_version=schema.VERSION,
            )
        )
        with self._path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(stream)
        spool.remove()

    def _first_look(self) -> tuple[set[Json], str]:
        """The places that are on the page, and a digest of its texts, whatever their order.

        Decisions are kept in the browser under the digest: another run of the same texts
        finds them again, and no other page does.
        """
        seen: dict[int, bytes] = {}
        for row in self._spool.worst_first():
            own = [row["place"], row["doc_id"], row["segment_id"], row["source"], row["hypothesis"]]
            place = cast("int", row["place"])
            seen[place] = hashlib.sha256(dump(own).encode()).digest()
        whole = hashlib.sha256(b"".join(seen[place] for place in sorted(seen)))
        return set(seen), whole.hexdigest()[:16]

    def _static(self) -> Iterator[_View]:
        rows = self._spool.worst_first(accepted=False)
        for _ in range(min(STATIC, self._spool.flagged)):
            yield _view(next(rows))


FORMAT = Format("html", (FILE,), _Writer)
