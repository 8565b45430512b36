"""A baseline: the findings of an earlier run, so that only new and worse ones fail a later one.

Findings are told apart by their fingerprint (document, rule and marked text, see
:func:`mtcheck.rules.fingerprint`). Equal findings of one document are counted: of three where
the baseline has two, one is new. A finding is worse when its severity is above the baseline's.
The file is JSON with one finding a line, sorted, so that its changes read well in a diff.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from mtcheck._version import __version__
from mtcheck.errors import DataError, UsageError
from mtcheck.files import read_json, shown, write_whole
from mtcheck.inspected import Inspected, ranked
from mtcheck.records import dump, findings, marked, plain
from mtcheck.rules import CRASH_CODE, document_mark
from mtcheck.summary import BaselineCounts, FixedRecord, Summary
from mtcheck.types import Severity

__all__ = [
    "VERSION",
    "AgainstBaseline",
    "Baseline",
    "BaselineUpdate",
    "Collector",
    "Known",
    "load_baseline",
    "only_new",
]

VERSION = 1
"""Version of the file, raised when a meaning changes."""

_KEY = "mtcheck_baseline"
_TEXT = 80
_MEND = "make it anew with `mtcheck baseline write`"


@dataclass(frozen=True, slots=True)
class Known:
    """Equal findings of one document: how many, the worst severity, and their text to read."""

    fingerprint: str
    doc_id: str
    code: str
    severity: Severity
    text: str
    count: int = 1

    @property
    def document(self) -> str:
        """The part of the fingerprint that names the document."""
        return self.fingerprint[:8]

    def plus(self, other: Known) -> Known:
        """Both together."""
        first = min(self, other, key=lambda k: (k.doc_id, k.text))
        return dataclasses.replace(
            first,
            severity=max(self.severity, other.severity),
            count=self.count + other.count,
        )

    def as_dict(self) -> FixedRecord:
        """As it stands in the file."""
        return {
            "doc_id": self.doc_id,
            "code": self.code,
            "severity": self.severity.label,
            "count": self.count,
            "text": self.text,
            "fingerprint": self.fingerprint,
        }

    def __str__(self) -> str:
        times = f" ×{self.count}" if self.count > 1 else ""
        return f"{self.doc_id}: {self.code} {self.severity.label}{times} {self.text}".rstrip()


@dataclass(frozen=True, slots=True)
class BaselineUpdate:
    """What an update took into a baseline and out of it."""

    added: tuple[Known, ...]
    removed: tuple[Known, ...]


@dataclass(frozen=True)
class Baseline:
    """Known findings by fingerprint."""

    known: Mapping[str, Known] = field(default_factory=dict)
    path: str = ""

    def __len__(self) -> int:
        return sum(k.count for k in self.known.values())

    def merged(self, other: Baseline) -> Baseline:
        """The findings of both. Commutative, so parts of a run can be collected apart."""
        return Baseline(_summed((*self.known.values(), *other.known.values())), self.path)

    def updated(
        self, run: Baseline, *, documents: Iterable[str], rules: Iterable[str]
    ) -> tuple[Baseline, BaselineUpdate]:
        """The findings of ``run``, and what the baseline has of anything that it did not look at.

        ``documents`` are the marks of the documents met, ``rules`` the codes of the rules run.
        """
        seen, ran = set(documents), set(rules)
        kept = {f: k for f, k in self.known.items() if k.document not in seen or k.code not in ran}
        new = Baseline({**kept, **run.known}, self.path)
        return new, self.change(new)

    def change(self, to: Baseline) -> BaselineUpdate:
        """What goes in and out between this baseline and another."""
        return BaselineUpdate(tuple(to._beyond(self)), tuple(self._beyond(to)))

    def _beyond(self, other: Baseline) -> Iterator[Known]:
        """What is not, not as often or not as severe in the other."""
        for k in self.listed():
            theirs = other.known.get(k.fingerprint)
            more = k.count - (theirs.count if theirs else 0)
            if more > 0:
                yield dataclasses.replace(k, count=more)
            elif theirs and k.severity > theirs.severity:
                yield k

    def listed(self) -> list[Known]:
        """By document, rule and text."""
        return sorted(self.known.values(), key=lambda k: (k.doc_id, k.code, k.text, k.fingerprint))

    def text(self) -> str:
        """The file's content."""
        lines = ",\n".join(f"    {dump(plain(k.as_dict()))}" for k in self.listed())
        listed = f"[\n{lines}\n  ]" if lines else "[]"
        return (
            f'{{\n  "{_KEY}": {VERSION},\n  "mtcheck_version": {dump(__version__)},\n'
            f'  "findings": {listed}\n}}\n'
        )

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all. Raises UsageError when it can't be written."""
        try:
            write_whole(path, self.text())
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError(f"{path}: can't write there: {reason}") from None


def _summed(listed: Iterable[Known]) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for k in listed:
        _add(known, k)
    return known


def _add(known: dict[str, Known], more: Known) -> None:
    before = known.get(more.fingerprint)
    known[more.fingerprint] = more if before is None else before.plus(more)


# --- reading -------------------------------------------------------------------------------


def load_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises DataError for a file that is none, is broken, or is newer than we."""
    content = read_json(path, mend=_MEND)
    version = content.get(_KEY) if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(version, int):
        raise DataError("no baseline of mtcheck", path=str(path), mend=_MEND)
    if version > VERSION:
        raise DataError(
            f"a baseline of version {version}, written by mtcheck "
            f"{content.get('mtcheck_version', '?')}; this mtcheck reads up to {VERSION}",
            path=str(path),
            mend="update mtcheck",
        )
    listed = content.get("findings")
    if not isinstance(listed, list):
        raise DataError("no list of findings", path=str(path), mend=_MEND)
    return Baseline(
        _summed(_known(row, number, path) for number, row in enumerate(listed, 1)), shown(path)
    )


def _known(row: object, number: int, path: Path) -> Known:
    problem = DataError(f"finding {number} is broken", path=str(path), mend=_MEND)
    if not isinstance(row, Mapping):
        raise problem
    count = row.get("count")
    texts = [row.get(k) for k in ("fingerprint", "doc_id", "code", "severity", "text")]
    if not all(isinstance(t, str) for t in texts) or not isinstance(count, int) or count < 1:
        raise problem
    fingerprint, doc_id, code, severity, text = map(str, texts)
    try:
        return Known(fingerprint, doc_id, code, Severity.parse(severity), text, count)
    except ValueError:
        raise problem from None


# --- collecting and comparing --------------------------------------------------------------


def _marks(frame: pd.DataFrame) -> set[str]:
    """The marks of the documents that a frame has segments of."""
    system = frame["system"] if "system" in frame else [None] * len(frame)
    found = set()
    for doc_id, path, own, source, hypothesis in zip(
        *(frame[c].fillna("") for c in ("doc_id", "path")),
        system,
        *(frame[c].fillna("") for c in ("source", "hypothesis")),
        strict=True,
    ):
        named = "" if own is None or own is pd.NA or own != own else str(own)  # noqa: PLR0124
        found.add(document_mark(doc_id, path=path, system=named, text=source or hypothesis))
    return found


class Collector:
    """A writer that keeps the findings of a run for a baseline, and which documents it met."""

    def __init__(self) -> None:
        self.documents: set[str] = set()
        self._known: dict[str, Known] = {}

    @property
    def baseline(self) -> Baseline:
        """The findings so far."""
        return Baseline(self._known)

    def add(self, inspected: Inspected) -> None:
        """Take one inspected batch."""
        self.documents |= _marks(inspected.segments)
        for _, row in ranked(inspected):
            for f in findings(row):
                if f["code"] == CRASH_CODE:
                    continue
                text = " ".join(marked(row, f).split())
                known = Known(
                    f["fingerprint"],
                    str(row["doc_id"]),
                    f["code"],
                    Severity.parse(f["severity"]),
                    text if len(text) <= _TEXT else text[: _TEXT - 1] + "…",
                )
                _add(self._known, known)

    def end(self, summary: Summary) -> None:
        """Nothing to write yet."""


class AgainstBaseline:
    """Holds a run against a baseline, batch by batch, in the order they come.

    ``rules`` are the codes of the rules that run: what others found is neither fixed nor known.
    Findings of the codes in ``weightless`` are neither new nor known, unless they are confirmed.
    Batches may come in any order; the counts are the same.
    """

    def __init__(
        self, baseline: Baseline, rules: Iterable[str], weightless: Iterable[str] = ()
    ) -> None:
        self._baseline = baseline
        self._rules = frozenset(rules)
        self._weightless = frozenset(weightless)
        self._documents: set[str] = set()
        self._seen: dict[str, Counter[Severity]] = {}
        self._new: Counter[Severity] = Counter()

    def mark(self, inspected: Inspected) -> Inspected:
        """A copy of a batch whose findings each say, in ``known``, if they are known."""
        self._documents |= _marks(inspected.segments)
        rows = [[dict(f) for f in listed] for listed in inspected.segments["findings"]]
        # The severe ones first: if one of equals is new, it is the mildest.
        for f in sorted(
            (f for row in rows for f in row), key=lambda f: -Severity.parse(f["severity"])
        ):
            if f["code"] in self._weightless and not f.get("confirmed"):
                f["known"] = False
                continue
            f["known"] = self._is_known(f["fingerprint"], Severity.parse(f["severity"]), f["code"])
        return inspected.with_columns(findings=rows)

    def _is_known(self, fingerprint: str, severity: Severity, code: str) -> bool:
        known = self._baseline.known.get(fingerprint)
        if known is None or code == CRASH_CODE:
            self._new[severity] += 1
            return False
        seen = self._seen.setdefault(fingerprint, Counter())
        seen[severity] += 1
        mild = sum(n for s, n in seen.items() if s <= known.severity)
        return severity <= known.severity and mild <= known.count

    def by_severity(self) -> dict[str, int]:
        """The findings that are new or worse, by severity."""
        total = Counter(self._new)
        for fingerprint, seen in self._seen.items():
            known = self._baseline.known[fingerprint]
            left = known.count
            for severity in sorted(seen, reverse=True):
                taken = min(left, seen[severity]) if severity <= known.severity else 0
                left -= taken
                total[severity] += seen[severity] - taken
        return {s.label: n for s, n in sorted(total.items()) if n}

    def summary(self) -> BaselineCounts:
        """For ``summary.json``: how many findings are known, new, worse, fixed or not looked at.

        ``fixed`` lists those of documents in this run that are gone, with what they marked.
        """
        known = worse = new = other = 0
        fixed: list[Known] = []
        for k in self._baseline.listed():
            seen = self._seen.get(k.fingerprint, Counter())
            total = sum(seen.values())
            mild = sum(n for s, n in seen.items() if s <= k.severity)
            same = min(mild, k.count)
            risen = min(total - mild, k.count - same)
            known, worse, new = known + same, worse + risen, new + total - same - risen
            gone = k.count - same - risen
            if gone and k.document in self._documents and k.code in self._rules:
                fixed.append(dataclasses.replace(k, count=gone))
            else:
                other += gone
        return {
            "path": self._baseline.path,
            "known": known,
            "new": new + sum(self._new.values()),
            "worse": worse,
            "fixed": sum(k.count for k in fixed),
            "not_looked_at": other,
            "fixed_findings": [k.as_dict() for k in fixed],
        }


def only_new(inspected: Inspected) -> Inspected:
    """A copy of a marked batch without the known findings; others are left as they are."""
    told = inspected.segments["findings"]
    return inspected.with_columns(
        findings=[[f for f in listed if not f.get("known")] for listed in told]
    )
