"""What people said of findings: a file of exceptions, and what reviewers decided.

A suppressions file is TOML, one table an exception::

    [[suppress]]
    rule = "LNG001"            # code, prefix of codes, or name
    doc_id = "legacy-*"        # glob; also: segment_id
    reason = "house style of the old series"
    expires = 2027-01-31       # the last day it holds; may be left out

At least one of ``rule``, ``doc_id`` and ``segment_id`` is needed; a finding must match all that
are given. Reviewers' decisions come from the HTML report as JSON lines, and hold for every pair of
the same source and hypothesis. One that calls a finding a false alarm silences it; one that
calls a whole segment a false alarm silences all findings of such a pair and accepts it, whatever
its risk. A crashed rule is never silenced. One that confirms a finding makes it count whatever
the exceptions say; one that confirms a segment, perhaps with the place, the kind and the severity
of the error, adds a finding where no rule told of an error as severe. Of two decisions that
contradict each other the later one counts.
"""

from __future__ import annotations

import dataclasses
import datetime
import fnmatch
import functools
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict, cast, get_args

from mtcheck import readers
from mtcheck.config import Config
from mtcheck.errors import DataError, did_you_mean
from mtcheck.files import read_toml, read_utf8, shown
from mtcheck.rules import CONFIRMED_CODE, CRASH_CODE, all_rules, fingerprint
from mtcheck.summary import SuppressionCounts
from mtcheck.types import Finding, Segment, Severity, Span

__all__ = [
    "DECISION",
    "DECISION_VERSION",
    "Applied",
    "Decision",
    "Said",
    "Suppressed",
    "Suppression",
    "Suppressions",
    "latest",
    "load_suppressions",
    "pair_hash",
    "read_decisions",
]

DECISION = "mtcheck_decision"
"""The key that marks a line as a reviewer's decision; its value is the version of the form."""

DECISION_VERSION = 1

Said = Literal["confirm", "false-alarm", "fixed"]
"""What a reviewer said: right to be told, wrong to be told, right and mended."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


# --- the suppressions file -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suppression:
    """One table of a suppressions file; ``""`` stands for any rule, document or segment.

    ``origin`` is ``file:number``, counted from 1.
    """

    rule: str
    doc_id: str
    segment_id: str
    reason: str
    expires: datetime.date | None
    origin: str

    def covers(self, finding: Finding, segment: Segment) -> bool:
        """Whether the finding on this segment is one that the entry speaks of."""
        return (
            _is_rule(self.rule, finding.code, finding.name)
            and _is_like(segment.doc_id, self.doc_id)
            and _is_like(segment.segment_id, self.segment_id)
        )

    def __str__(self) -> str:
        parts = ((self.rule, ""), (self.doc_id, "doc_id "), (self.segment_id, "segment_id "))
        return f"{self.origin} ({', '.join(name + value for value, name in parts if value)})"


def _is_rule(entry: str, code: str, name: str) -> bool:
    return not entry or name == entry or code.startswith(entry)


def _is_like(value: str, glob: str) -> bool:
    # An id with a bracket in it, written out in full, is no glob.
    return not glob or value == glob or fnmatch.fnmatchcase(value, glob)


_KEYS = ("rule", "doc_id", "segment_id", "reason", "expires")


def _entries(path: Path) -> tuple[Suppression, ...]:
    tables = read_toml(path)
    listed = tables.pop("suppress", [])
    if tables:
        raise DataError(
            f"unknown table {next(iter(tables))!r}", path=str(path), mend="write [[suppress]]"
        )
    if not isinstance(listed, list) or not all(isinstance(t, dict) for t in listed):
        raise DataError(
            "'suppress' is no list of tables", path=str(path), mend="write [[suppress]]"
        )
    return tuple(_entry(table, f"{shown(path)}:{n}") for n, table in enumerate(listed, 1))


def _entry(table: Mapping[str, object], origin: str) -> Suppression:
    where = f"[[suppress]] {origin.rpartition(':')[2]}"
    path = origin.rpartition(":")[0]
    values = {str(k).replace("-", "_"): v for k, v in table.items()}
    for key in values:
        if key not in _KEYS:
            mend = did_you_mean(key, _KEYS, f"known: {', '.join(_KEYS)}")
            raise DataError(f"{where}: unknown key {key!r}", path=path, mend=mend)
    texts: dict[str, str] = {}
    for key in _KEYS[:-1]:
        value = values.get(key, "")
        if not isinstance(value, str):
            raise DataError(f"{where}: {key} = {value!r} is no string", path=path, mend="quote it")
        texts[key] = value.strip()
    if not texts["reason"]:
        raise DataError(f"{where}: no reason", path=path, mend='add reason = "…"')
    if not (texts["rule"] or texts["doc_id"] or texts["segment_id"]):
        raise DataError(
            f"{where}: covers everything",
            path=path,
            mend="give at least one of rule, doc_id and segment_id",
        )
    if texts["rule"] and not any(
        _is_rule(texts["rule"], r.key, r.name) for r in all_rules().values()
    ):
        raise DataError(
            f"{where}: no rule matches {texts['rule']!r}", path=path, mend="see `mtcheck rules`"
        )
    return Suppression(**texts, expires=_date(values.get("expires"), where, path), origin=origin)


def _date(value: object, where: str, path: str) -> datetime.date | None:
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise DataError(
            f"{where}: expires = {value!r} is no date",
            path=path,
            mend="write it as expires = 2027-01-31",
        ) from None


# --- reviewers' decisions ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's decision on a finding or, with ``code`` None, on a whole segment.

    ``decided_at`` is the time in ISO 8601, or ``""``; ``origin`` is ``file:line``. ``severity``,
    ``category`` and ``spans`` are what the reviewer made of an error; None, ``""`` and empty
    where nothing was said of it.
    """

    decision: Said
    source: str
    hypothesis: str
    code: str | None
    fingerprint: str | None
    note: str
    decided_at: str
    doc_id: str
    segment_id: str
    origin: str
    severity: Severity | None = None
    category: str = ""
    spans: tuple[Span, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether the reviewer saw an error; else a false alarm."""
        return self.decision != "false-alarm"

    @property
    def level(self) -> Severity:
        """The severity of what it confirms: as decided, else the rule's, else major."""
        if self.severity is not None:
            return self.severity
        rule = all_rules().get(self.code or "")
        return rule.severity if rule else Severity.MAJOR

    @property
    def about(self) -> str:
        """What it is about, the same in every document: a rule and a marked text, or all."""
        if not self.code:
            return ""
        return _about(self.code, self.fingerprint or "")


def _about(code: str, fingerprint: str) -> str:
    # The first half of a fingerprint names the document; identical pairs elsewhere differ in it.
    return f"{code} {fingerprint[8:]}" if _FINGERPRINT.fullmatch(fingerprint) else code


def pair_hash(source: str, hypothesis: str) -> str:
    """A hash of a pair of texts, blind to white space and to how a character is composed."""
    sides = (
        " ".join(unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", side)).split())
        for side in (source, hypothesis)
    )
    return hashlib.sha256("\x1f".join(sides).encode()).hexdigest()[:32]


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions in a JSON Lines file that a report exported, or in a ``report.xlsx``.

    Raises DataError naming file and line for what is no decision, or of a newer version.
    """
    if path.suffix.lower() == ".xlsx":
        return tuple(_in_workbook(path))
    text = read_utf8(path)
    return tuple(
        _decision(line, path, number)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    )


def _decision(line: str, path: Path, number: int) -> Decision:
    def wrong(problem: str, mend: str = "export the decisions anew from the report") -> DataError:
        return DataError(problem, path=str(path), line=number, mend=mend)

    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise wrong(f"not JSON: {getattr(error, 'msg', 'nothing that can be read')}") from None
    if not isinstance(row, dict) or DECISION not in row:
        raise wrong(f"no decision: there is no {DECISION!r}")
    if row[DECISION] != DECISION_VERSION:
        raise wrong(
            f"version {row[DECISION]!r} of decisions is unknown; this mtcheck reads "
            f"{DECISION_VERSION}",
            "update mtcheck",
        )
    said: Said | None = next((s for s in get_args(Said) if s == row.get("decision")), None)
    if said is None:
        raise wrong(
            f"decision is {row.get('decision')!r}", f"use one of {', '.join(get_args(Said))}"
        )
    for name in ("source", "hypothesis"):
        if not isinstance(row.get(name), str):
            raise wrong(f"no text in {name!r}")
    for name in ("code", "fingerprint"):
        if not isinstance(row.get(name), str | None):
            raise wrong(f"{name} is {row[name]!r}, neither text nor null")
    return Decision(
        decision=said,
        source=row["source"],
        hypothesis=row["hypothesis"],
        code=row.get("code") or None,
        fingerprint=row.get("fingerprint") or None,
        note=_text(row.get("note")),
        decided_at=_text(row.get("decided_at")),
        doc_id=_text(row.get("doc_id")),
        segment_id=_text(row.get("segment_id")),
        origin=f"{shown(path)}:{number}",
        **_error(row, wrong),
    )


class _Error(TypedDict):
    severity: Severity | None
    category: str
    spans: tuple[Span, ...]


def _error(row: Mapping[str, object], wrong: Callable[[str], DataError]) -> _Error:
    """What a line says of the error that it confirms. Raises DataError."""
    label = _text(row.get("severity"))
    try:
        severity = Severity.parse(label) if label else None
    except ValueError as error:
        raise wrong(str(error)) from None
    listed = row.get("spans") or []
    if not isinstance(listed, list) or not all(isinstance(s, Mapping) for s in listed):
        raise wrong("'spans' is no list of places")
    spans = []
    for s in listed:
        side, start, end = s.get("side"), s.get("start"), s.get("end")
        text = _text(row[side]) if side in {"source", "hypothesis"} else ""
        if not (type(start) is type(end) is int and 0 <= start < end <= len(text)):
            raise wrong(f"no place in the texts: {json.dumps(s, ensure_ascii=False)}")
        spans.append(Span(side, start, end))
    return {"severity": severity, "category": _text(row.get("category")), "spans": tuple(spans)}


_WRITTEN = re.compile(r"⟦U\+([0-9A-F]{4,6})⟧")


def _in_workbook(path: Path) -> Iterator[Decision]:
    """What a reviewer chose in the sheet Findings, with the texts of the sheet Segments."""
    texts: dict[tuple[str, ...], tuple[str, str]] | None = None
    for row in readers.rows(path, Config(sheet="Findings")):
        said = _text(row.values.get("decision")).strip().lower().replace(" ", "-")
        if not said:
            continue
        if said not in get_args(Said):
            raise DataError(
                f"decision is {row.values['decision']!r}",
                path=path.as_posix(),
                line=row.line,
                mend=f"use one of {', '.join(get_args(Said))}",
            )
        if texts is None:
            texts = {
                _segment(r.values): (_cell(r.values, "source"), _cell(r.values, "hypothesis"))
                for r in readers.rows(path, Config(sheet="Segments"))
            }
        if _segment(row.values) not in texts:
            raise DataError(
                "the finding's segment is not in the sheet Segments",
                path=path.as_posix(),
                line=row.line,
                mend="keep both sheets as they were written",
            )
        source, hypothesis = texts[_segment(row.values)]
        yield Decision(
            decision=cast("Said", said),
            source=source,
            hypothesis=hypothesis,
            code=_text(row.values.get("code")) or None,
            fingerprint=_text(row.values.get("fingerprint")) or None,
            note=_cell(row.values, "note"),
            decided_at="",
            doc_id=_cell(row.values, "doc_id"),
            segment_id=_cell(row.values, "segment_id"),
            origin=f"{path.as_posix()}:{row.line}",
        )


def _segment(values: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(_text(values.get(name)) for name in ("path", "line", "doc_id", "segment_id"))


def _cell(values: Mapping[str, object], name: str) -> str:
    """A text as it was before a report made its hidden characters visible."""
    return _WRITTEN.sub(lambda m: chr(int(m[1], 16)), _text(values.get(name)))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def latest(decisions: Sequence[Decision]) -> Iterator[Decision]:
    """Of the decisions about the same thing on identical pairs, the last one made."""
    last: dict[tuple[str, str], Decision] = {}
    for d in sorted(decisions, key=lambda d: d.decided_at):
        last[pair_hash(d.source, d.hypothesis), d.about] = d
    yield from last.values()


# --- both together -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is not told, why, and by which entry or decision (``file:number``)."""

    finding: Finding
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A segment's findings, parted; ``settled`` is the decision that accepts it, or ``""``.

    ``confirmed`` is the worst severity of what a reviewer confirmed, None if nothing.
    """

    kept: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    settled: str = ""
    confirmed: Severity | None = None


@dataclass(frozen=True)
class Suppressions:
    """All exceptions of a run. ``entries`` are in force; ``expired`` ones do nothing.

    ``alarms`` holds the false alarms by :func:`pair_hash`, then by what they are about, and
    ``confirmed`` likewise what was confirmed.
    """

    entries: tuple[Suppression, ...] = ()
    expired: tuple[Suppression, ...] = ()
    alarms: Mapping[str, Mapping[str, Decision]] = dataclasses.field(default_factory=dict)
    confirmed: Mapping[str, Mapping[str, Decision]] = dataclasses.field(default_factory=dict)

    def apply(self, segment: Segment, findings: Sequence[Finding]) -> Applied:
        """Part the findings of a segment into those to tell and those not to."""
        alarms: Mapping[str, Decision] = {}
        confirmed: Mapping[str, Decision] = {}
        if self.alarms or self.confirmed:
            pair = pair_hash(segment.source, segment.hypothesis)
            alarms, confirmed = self.alarms.get(pair, {}), self.confirmed.get(pair, {})
        whole, error = alarms.get(""), confirmed.get("")
        kept: list[Finding] = []
        suppressed: list[Suppressed] = []
        for finding in findings:
            said = _said(finding, confirmed)
            found = None
            if finding.code != CRASH_CODE and not (said and _later(said, whole)):
                found = self._why(segment, finding, alarms)
            if found is not None:
                suppressed.append(found)
            elif said:
                severity = finding.severity if said.severity is None else said.severity
                kept.append(dataclasses.replace(finding, severity=severity, confirmed=True))
            else:
                kept.append(finding)
        if error and (error.spans or all(f.severity < error.level for f in kept)):
            kept.append(_found(segment, error))
        seen = [f.severity for f in kept if f.confirmed] + ([error.level] if error else [])
        worst = max(seen, default=None)
        settled = whole.origin if whole and worst is None else ""
        return Applied(tuple(kept), tuple(suppressed), settled, worst)

    def _why(
        self, segment: Segment, finding: Finding, alarms: Mapping[str, Decision]
    ) -> Suppressed | None:
        for about in (_about(finding.code, finding.fingerprint), finding.code, ""):
            if about in alarms:
                decision = alarms[about]
                return Suppressed(finding, decision.note or "a false alarm", decision.origin)
        for entry in self.entries:
            if entry.covers(finding, segment):
                return Suppressed(finding, entry.reason, entry.origin)
        return None

    def summary(self, used: Mapping[str, int], settled: Mapping[str, int]) -> SuppressionCounts:
        """For ``summary.json``: what did something, what did nothing, what is over.

        ``used`` counts the findings that each entry or decision suppressed, ``settled`` the
        segments that each decision accepts, by its origin.
        """
        alarms = [d.origin for pair in self.alarms.values() for d in pair.values()]
        return {
            "findings": sum(used.values()),
            "settled": sum(settled.values()),
            "unused": [str(e) for e in self.entries if not used.get(e.origin)],
            "expired": [f"{e}: {e.expires}" for e in self.expired],
            "false_alarms": {
                "read": len(alarms),
                "met": sum(bool(used.get(o) or settled.get(o)) for o in alarms),
            },
        }


def _said(finding: Finding, decisions: Mapping[str, Decision]) -> Decision | None:
    """The decision about the finding itself, if there is one."""
    own = decisions.get(_about(finding.code, finding.fingerprint))
    return own or decisions.get(finding.code)


def _later(decision: Decision, other: Decision | None) -> bool:
    return other is None or decision.decided_at >= other.decided_at


def _found(segment: Segment, error: Decision) -> Finding:
    """The finding of a reviewer; its places count where the texts are the same to the letter."""
    same = (segment.source, segment.hypothesis) == (error.source, error.hypothesis)
    spans = error.spans if same else ()
    return Finding(
        CONFIRMED_CODE,
        "confirmed-error",
        error.category or "other",
        error.level,
        error.note or "a reviewer confirmed an error here",
        spans,
        fingerprint=fingerprint(CONFIRMED_CODE, segment, spans),
        confirmed=True,
    )


def load_suppressions(config: Config, *, today: datetime.date | None = None) -> Suppressions:
    """What the settings ``suppressions`` and ``decisions`` name; files are read when they change.

    An entry holds through the day it expires. Raises DataError for a file that can't be read or
    is wrong.
    """
    if not config.suppressions and not config.decisions:
        return Suppressions()
    return _load(
        _stamp(config.suppressions),
        tuple(_stamp(d) for d in config.decisions),
        today or datetime.datetime.now().astimezone().date(),
    )


_Stamp = tuple[str, int, int]


def _stamp(path: str) -> _Stamp:
    if not path:
        return "", 0, 0
    try:
        stat = Path(path).stat()
    except OSError as error:
        raise DataError(f"not readable: {error.strerror or error}", path=path) from None
    return path, stat.st_mtime_ns, stat.st_size


@functools.lru_cache(maxsize=8)
def _load(file: _Stamp, decisions: tuple[_Stamp, ...], today: datetime.date) -> Suppressions:
    entries = _entries(Path(file[0])) if file[0] else ()
    said: dict[Said, dict[str, dict[str, Decision]]] = {"false-alarm": {}, "confirm": {}}
    for d in latest([d for path, *_ in decisions for d in read_decisions(Path(path))]):
        if d.decision in said:
            said[d.decision].setdefault(pair_hash(d.source, d.hypothesis), {})[d.about] = d
    past = tuple(e for e in entries if e.expires is not None and e.expires < today)
    kept = tuple(e for e in entries if e not in past)
    return Suppressions(kept, past, said["false-alarm"], said["confirm"])
