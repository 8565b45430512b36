"""What a comparison gives: tables, sentence and verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

import pandas as pd

from mtcheck.comparison.paired import Difference
from mtcheck.comparison.passages import PassageChange
from mtcheck.summary import VerdictRecord
from mtcheck.types import Verdict

__all__ = ["Compared", "ComparisonSummary"]


class ComparisonCounts(TypedDict):
    """How many of what there are; by system, where its name stands."""

    rows: int
    segments: int
    documents: int
    unmatched: Mapping[str, int]
    rejected: Mapping[str, int]
    changes: Mapping[str, Mapping[str, int]]
    codes: Mapping[str, int]


class ComparisonSummary(TypedDict):
    """A comparison, as its ``summary.json`` has it beside the tables."""

    schema_version: int
    mtcheck_version: str
    comparison: Literal[True]
    systems: Sequence[str]
    sentence: str
    verdict: VerdictRecord
    counts: ComparisonCounts
    alpha: float
    rank_by: str
    notes: Sequence[str]
    config: Mapping[str, object]


@dataclass(frozen=True)
class Compared:
    """What :func:`mtcheck.compare` found. The first of ``systems`` is the baseline.

    ``segments`` has one row a segment and system but the baseline, worst change first;
    ``scores`` one row a corpus score and system, with the difference from the baseline, its
    95% interval and p-values; ``findings`` the counts by code; ``ranking`` one row a system,
    best first, with ``cluster``: systems of one cluster can't all be told apart; ``pairs`` the
    p-value of every two systems; ``unmatched`` the rows that not all systems have.
    ``sentence`` says it in short, ``reasons`` why a system is worse than the baseline (see
    :mod:`mtcheck.comparison`), ``verdict`` fails when some system is, and ``summary`` is what
    ``summary.json`` holds beside the tables.
    """

    systems: tuple[str, ...]
    sentence: str
    verdict: Verdict
    reasons: Mapping[str, tuple[str, ...]]
    segments: pd.DataFrame
    scores: pd.DataFrame
    findings: pd.DataFrame
    ranking: pd.DataFrame
    pairs: pd.DataFrame
    unmatched: pd.DataFrame
    summary: ComparisonSummary
    changes: tuple[PassageChange, ...]
    differences: tuple[Difference, ...]

    @property
    def baseline(self) -> str:
        """The system that the others are held against."""
        return self.systems[0]

    @property
    def worse(self) -> pd.DataFrame:
        """The segments that got worse, worst first."""
        return self.segments[self.segments["verdict"] == "worse"]
