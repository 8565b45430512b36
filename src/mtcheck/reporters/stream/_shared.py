"""What the output formats share: places, gate, text that no CI log takes as a command."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from mtcheck.inspected import Inspected, ranked
from mtcheck.records import FindingRecord, Json, Record, dump, findings, plain, text
from mtcheck.reporters import Run
from mtcheck.reporters.words import one_line, set_aside, sizes, verdict_label
from mtcheck.rules import weighs
from mtcheck.summary import Summary
from mtcheck.types import Severity

__all__ = [
    "CRASH_CODE",
    "Unique",
    "about_the_text",
    "crashes",
    "fails",
    "json_line",
    "level",
    "line_of",
    "located",
    "log_line",
    "relative",
    "sentence",
    "verdict",
    "weight",
]

CRASH_CODE = "INT001"
"""The code of a finding that tells of a crashed rule, and not of the text."""

# Runners of GitHub and Azure take `##[name]` and `##name[` for a command anywhere in a line.
_COMMAND = re.compile(r"##(?=\w{0,20}\[)")


def relative(path: str, root: Path) -> str:
    """A path with ``/``, from ``root`` if it lies below it, else as it was given."""
    if not path:
        return ""
    whole = Path(os.path.normpath(root.absolute() / path))
    if whole.is_relative_to(root.absolute()):
        return whole.relative_to(root.absolute()).as_posix()
    return Path(path).as_posix()


def located(inspected: Inspected, run: Run) -> Iterator[tuple[float, Record]]:
    """The rows of a batch as (rank, record), their paths as the run tells them."""
    for rank, record in ranked(inspected):
        yield rank, record | {"path": relative(text(record, "path"), run.root)}


def line_of(record: Record) -> int | None:
    """The line or row of the file that the segment stands in, from 1; None where unknown."""
    line = record.get("line")
    return line if isinstance(line, int) and line > 0 else None


def level(label: str) -> Severity:
    """A severity by name; an unknown one is neutral."""
    try:
        return Severity.parse(label)
    except ValueError:
        return Severity.NEUTRAL


def weight(finding: FindingRecord, run: Run) -> Severity:
    """The severity by which a build server weighs a finding; neutral if it is not to count."""
    confirmed = bool(finding.get("confirmed"))
    counts = weighs(finding["code"], run.config, confirmed=confirmed)
    return level(finding["severity"]) if counts else Severity.NEUTRAL


def fails(finding: FindingRecord, run: Run) -> bool:
    """Whether the finding alone is over the gate."""
    if run.config.never_on_findings:
        return False
    return weight(finding, run) >= Severity.parse(run.config.fail_on)


def sentence(record: Record, finding: FindingRecord) -> str:
    """The message with the suggestion and the segment it is about."""
    message, segment = finding["message"], text(record, "segment_id")
    if finding["suggestion"]:
        message = f"{message.rstrip('.')}; suggestion: {finding['suggestion']}"
    return f"{message} (segment {segment})" if segment else message


def verdict(summary: Summary) -> str:
    """``"fail: 3 findings of severity major or above (5 segments, 2 documents)"``."""
    over = "nothing over the gate" if summary["verdict"]["passed"] else "over the gate"
    why = "; ".join(summary["verdict"]["reasons"]) or over
    counts = [*reversed(sizes(summary)), set_aside(summary, "row")]
    return one_line(f"{verdict_label(summary).lower()}: {why} ({', '.join(filter(None, counts))})")


def log_line(line: str) -> str:
    """A printed line that no runner takes for a workflow command, as ``::error::`` would be."""
    line = _COMMAND.sub("# #", line)
    return f"./{line}" if line.lstrip().startswith("::") else line


def json_line(value: object) -> str:
    """Strict JSON on one line, which in a log is data as well: no ``##[command]`` in it."""
    body: Json = plain(value)
    return dump(body).replace("##", "#\\u0023")  # only strings hold a #


class Unique:
    """Numbers equal fingerprints: the second ``f`` becomes ``f:2``."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, finding: Mapping[str, object] | FindingRecord, *parts: str) -> str:
        fingerprint = ":".join([str(finding["fingerprint"]), *parts])
        self._seen[fingerprint] += 1
        count = self._seen[fingerprint]
        return fingerprint if count == 1 else f"{fingerprint}:{count}"


def about_the_text(record: Record) -> list[FindingRecord]:
    """The findings but those that tell of a crashed rule."""
    return [f for f in findings(record) if f["code"] != CRASH_CODE]


def crashes(record: Record) -> list[FindingRecord]:
    """The findings that tell of a crashed rule."""
    return [f for f in findings(record) if f["code"] == CRASH_CODE]
