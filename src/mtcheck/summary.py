"""The summary of a run, as ``summary.json`` has it; its JSON Schema is made from these types.

The words beside a type are its description, pairs beside it are parts of its schema.
"""

# No `from __future__ import annotations`: it would hide from Python 3.11 what is NotRequired.

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypedDict, get_args

from mtcheck import schema
from mtcheck.types import Severity, Status

__all__ = [
    "BaselineCounts",
    "Counts",
    "FalseAlarms",
    "FixedRecord",
    "JudgeRecord",
    "ScoreRecord",
    "StageRecord",
    "Summary",
    "SuppressionCounts",
    "TermRecord",
    "Timings",
    "VerdictRecord",
]

Count = Annotated[int, ("minimum", 0)]
_STATUSES = ("required", get_args(Status))
_SEVERITIES = ("required", tuple(s.label for s in Severity))


class Counts(TypedDict):
    """How many of what there are."""

    documents: Count
    segments: Count
    rejected: Count
    unread: Count
    status: Annotated[Mapping[str, Count], _STATUSES]
    codes: Annotated[Mapping[str, Count], "Findings by code."]
    severity: Annotated[Mapping[str, Count], _SEVERITIES]
    suppressed: Annotated[Mapping[str, Count], "Suppressed findings by code."]


class ScoreRecord(TypedDict):
    """A corpus score."""

    name: str
    value: float | None
    ci: tuple[float, float] | None
    signature: str
    note: str


class TermRecord(TypedDict):
    """A term, and in how many segments it has each rendering."""

    term: str
    renderings: Mapping[str, Count]


class VerdictRecord(TypedDict):
    """Whether the run passes its gates."""

    passed: bool
    label: Literal["pass", "fail"]
    reasons: Annotated[Sequence[str], "Every gate that does not hold."]


class StageRecord(TypedDict):
    """What a stage of the run took, without the stages inside it."""

    name: str
    seconds: Annotated[float, ("minimum", 0), "Over all processes."]
    share: Annotated[float, ("minimum", 0), ("maximum", 1), "Of the seconds of all stages."]


class Timings(TypedDict):
    """How long it took."""

    seconds: float
    segments_per_second: float
    stages: Annotated[Sequence[StageRecord], "The longest first."]
    from_cache: Annotated[Count, "Documents taken from the cache."]


class FixedRecord(TypedDict):
    """A finding of the baseline that is gone."""

    doc_id: str
    code: str
    severity: str
    count: Count
    text: str
    fingerprint: str


class BaselineCounts(TypedDict):
    """How the findings stand to the baseline."""

    path: str
    known: Count
    new: Count
    worse: Count
    fixed: Count
    not_looked_at: Count
    fixed_findings: Sequence[FixedRecord]


class FalseAlarms(TypedDict):
    """The false alarms among the decisions, and how many of them were met."""

    read: Count
    met: Count


class SuppressionCounts(TypedDict):
    """What suppressions and decisions did."""

    findings: Count
    settled: Count
    unused: Sequence[str]
    expired: Sequence[str]
    false_alarms: FalseAlarms


class JudgeRecord(TypedDict):
    """What a language model was asked, and what came of it."""

    signature: Annotated[str, "Model, address and the version of what it is asked."]
    gates: Annotated[bool, "Whether what it marks counts in status and gates."]
    segments: Annotated[Count, "Segments it was to read: those with text on both sides."]
    unread: Annotated[Count, "Those of them it gave no usable answer to."]
    problems: Annotated[Mapping[str, Count], "Why, by segments."]
    marks: Annotated[Count, "Errors it marked at a place in the text: findings LLM001."]
    dropped: Annotated[Count, "Errors at no place in the text, or of no known severity."]
    calls: Annotated[Count, "Requests, with those that failed."]
    from_cache: Annotated[Count, "Answers taken from the cache."]
    prompt_tokens: Count
    completion_tokens: Count
    without_usage: Annotated[Count, "Answers that told no tokens."]


class Summary(TypedDict):
    """A run."""

    schema_version: Annotated[int, ("const", schema.VERSION)]
    mtcheck_version: str
    inputs: Annotated[Sequence[str], "Files, folders and globs as given."]
    counts: Counts
    scores: Annotated[
        Sequence[ScoreRecord],
        "Corpus scores: value, 95% interval over documents, signature.",
    ]
    terms: Annotated[Sequence[TermRecord], "Terms that the run renders in several ways."]
    notes: Annotated[Sequence[str], "What a reader must know."]
    config: Mapping[str, object]
    verdict: VerdictRecord
    timings: Timings
    baseline: NotRequired[Annotated[BaselineCounts, "How the findings stand to the baseline."]]
    suppressions: NotRequired[Annotated[SuppressionCounts, "What suppressions and decisions did."]]
    judge: NotRequired[Annotated[JudgeRecord, "What a language model was asked, if one was."]]
