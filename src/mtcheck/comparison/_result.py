"""What a comparison gives: tables, sentence, verdict, and the ways to show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from mtcheck.comparison._paired import Difference
from mtcheck.comparison._units import Change
from mtcheck.types import Verdict

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Comparison"]


@dataclass(frozen=True)
class Comparison:
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
    summary: Mapping[str, object]
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]

    @property
    def baseline(self) -> str:
        """The system that the others are held against."""
        return self.systems[0]

    @property
    def worse(self) -> pd.DataFrame:
        """The segments that got worse, worst first."""
        return self.segments[self.segments["verdict"] == "worse"]

    def to_html(self) -> str:
        """The comparison as one self-contained HTML page."""
        from mtcheck.comparison._report import html

        return html(self)

    def to_markdown(self) -> str:
        """The comparison in Markdown, short enough for a comment on a pull request."""
        from mtcheck.comparison._report import markdown

        return markdown(self)

    def write(self, out: str | Path) -> Path:
        """Write the report folder: pages, tables as CSV, all tables in ``comparison.json``.

        It appears whole or not at all and replaces only an earlier comparison. Raises UsageError.
        """
        from mtcheck.comparison._report import write

        return write(self, Path(out))

    def print(self, console: Console) -> None:
        """The summary for a terminal."""
        from mtcheck.comparison._report import print_summary

        print_summary(self, console)

    def __repr__(self) -> str:
        return f"<mtcheck Comparison: {self.sentence}>"

    def _repr_html_(self) -> str:
        """A short view for notebooks: the sentence, the scores and the worst segments."""
        from mtcheck.comparison._report import notebook

        return notebook(self)
