"""Verdicts on findings that somebody read, beside the marks that humans made before.

Experts leave errors unmarked, so a finding without a mark is not therefore wrong. A file of
verdicts is JSONL, a finding a line: ``segment``, ``code``, ``fingerprint``, ``verdict``
(``"right"`` or ``"wrong"``) and a ``reason``. It names findings by their ids alone and holds no
text of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mtcheck import readers
from mtcheck.errors import DataError
from mtcheck.types import Finding

if TYPE_CHECKING:
    from mtcheck.lab.rules.judge import Judged

__all__ = ["FindingKey", "Verdicts", "named", "read_adjudications", "to_read"]

FindingKey = tuple[str, str, str]
"""What names a finding: segment, code, fingerprint."""
Verdicts = Mapping[FindingKey, bool]
"""Whether the finding is right, for those that were read."""

_VERDICTS = {"right": True, "wrong": False}


def named(segment_id: str, finding: Finding) -> FindingKey:
    """The name of a finding in a file of verdicts."""
    return segment_id, finding.code, finding.fingerprint


def read_adjudications(path: Path) -> Verdicts:
    """The verdicts of a file.

    Raises DataError for a row without an id, with another verdict, or that contradicts one
    before.
    """
    found: dict[FindingKey, bool] = {}
    for read in readers.rows(path):
        row = read.values
        key = str(row.get("segment", "")), str(row.get("code", "")), str(row.get("fingerprint", ""))
        verdict = row.get("verdict")
        if not all(key):
            problem, mend = "the row names no finding", "give segment, code and fingerprint"
        elif verdict not in _VERDICTS:
            problem, mend = f"verdict {verdict!r}", f"write one of {', '.join(_VERDICTS)}"
        elif found.setdefault(key, _VERDICTS[str(verdict)]) != _VERDICTS[str(verdict)]:
            problem, mend = f"a second, other verdict on {' '.join(key)}", "keep one of the two"
        else:
            continue
        raise DataError(problem, path=str(path), line=read.line, mend=mend)
    return found


def to_read(judged: Iterable[Judged]) -> Iterator[dict[str, object]]:
    """The findings that no mark confirms and nobody has read, each as a row to be filled in.

    Beside the fields of a verdict, what one needs to come to it: leave that out of what is kept.
    """
    seen: set[FindingKey] = set()
    for item in judged:
        segment, finding = item.row.segment, item.finding
        key = named(segment.segment_id, finding)
        if item.right or item.verdict is not None or key in seen:
            continue
        seen.add(key)
        yield {
            "segment": segment.segment_id,
            "code": finding.code,
            "fingerprint": finding.fingerprint,
            "verdict": "",
            "reason": "",
            "system": item.row.system,
            "severity": finding.severity.label,
            "message": finding.message,
            "marked": [f"{s.side}: {segment.text(s.side)[s.start : s.end]}" for s in finding.spans],
            "source": segment.source,
            "hypothesis": segment.hypothesis,
            "human": [
                f"{e.severity.label} {e.category}: {segment.hypothesis[e.start : e.end]}"
                for e in item.row.errors
            ],
        }
