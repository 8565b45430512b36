"""Metrics: the interface here, one metric or a few of a kind per file beside it.

A metric is a module-level :class:`Additive` or :class:`SegmentMetric`; another package adds one by
an entry point in the group ``mtcheck.scorers``. What it declares of itself is all that the tables,
their JSON Schema, the reports, the comparison and the gates know of it: to add a metric, add
its file.

*Additive* metrics compare two strings and work from statistics that may be summed: the corpus
score is computed from their sum, never from the mean of segment scores. A
*segment metric* is a number for each segment, and its corpus score the mean.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from mtcheck.config import Config
from mtcheck.errors import UsageError, did_you_mean
from mtcheck.models.pairs import load_pair_scorer
from mtcheck.registry import discover, when_forgotten
from mtcheck.types import Segment

__all__ = [
    "NONE",
    "ROUND_TRIP",
    "Additive",
    "Column",
    "Metric",
    "Route",
    "SegmentMetric",
    "Stats",
    "additive",
    "all_metrics",
    "by_model",
    "chosen",
    "columns",
    "mean",
]

Stats = NDArray[np.float64]

Route = Literal["reference", "round_trip", "none"]
"""What a score is made from: the hypothesis and a reference, the source and a back-translation,
or the segment without either."""

ROUND_TRIP = "round_trip_"
"""Prefix of scores of a back-translation against the source. Never mixed with the others."""


class Scorer(Protocol):
    """Turns summed statistics into a score."""

    def __call__(self, stats: Stats, language: str) -> float:
        """The score of the statistics."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """What every metric declares.

    ``label`` and ``chinese`` name it for people, in lower case where English has it so;
    ``description`` says in a phrase what it measures. ``low`` and ``high`` are its range, None
    where it has no end. ``decimals`` are shown. ``quality`` tells whether more of it (or less,
    by ``higher_is_better``) makes a better translation: without, a comparison shows it and
    draws no conclusion. ``note`` stands beside its corpus score.
    """

    key: str
    label: str
    chinese: str
    description: str
    routes: tuple[Route, ...]
    low: float | None = 0.0
    high: float | None = 100.0
    higher_is_better: bool = True
    decimals: int = 1
    quality: bool = True
    note: str = ""


def _characters(text: str, _language: str) -> int:
    return len(text)


@dataclass(frozen=True, kw_only=True)
class Additive(Metric):
    """A string metric on additive statistics.

    ``statistics(hypothesis, reference, language)`` is a vector that may be summed over
    segments; ``score(sum, language)`` is the score; ``signature(language)`` is everything
    needed to repeat it. ``language`` is the code of that of both texts. ``whole`` tells whether
    whole documents are compared whole; else the statistics of their segments are summed.
    """

    statistics: Callable[[str, str, str], Stats]
    score: Scorer
    signature: Callable[[str], str]
    routes: tuple[Route, ...] = ("reference", "round_trip")
    whole: bool = True
    limit: str = ""
    length: Callable[[str, str], int] = _characters

    def within(self, config: Config, language: str, *texts: str) -> bool:
        """Whether the settings let these texts of a segment be scored."""
        if not self.limit:
            return True
        longest: int = getattr(config, self.limit)
        return all(self.length(text, language) <= longest for text in texts)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return sum(values) / len(values)


@dataclass(frozen=True, kw_only=True)
class SegmentMetric(Metric):
    """A number for each segment.

    ``values(segments)`` are the numbers of a document's segments, None where there is none; of
    the route ``reference`` it gets only segments that have one. Without ``values`` the run
    itself measures it. ``of_document`` makes a document's number of those of its segments;
    with None there is no number of documents and none of the run. ``missing`` says why a run
    may have none.
    """

    routes: tuple[Route, ...] = ("none",)
    values: Callable[[Sequence[Segment]], Sequence[float | None]] | None = None
    signature: str = ""
    of_document: Callable[[Sequence[float]], float] | None = mean
    missing: str = "no segment has it"


def by_model(name: str) -> Callable[[Sequence[Segment]], Sequence[float | None]]:
    """The ``values`` of a quality estimator by name, which is loaded when they are wanted.

    For ``comet:`` checkpoints and cross-encoders; see :mod:`mtcheck.models.pairs`.
    """

    def values(segments: Sequence[Segment]) -> list[float | None]:
        pairs = [(s.source, s.hypothesis) for s in segments]
        found = load_pair_scorer(name).score(pairs, [s.reference for s in segments])
        return [float(v) for v in found]

    return values


@dataclass(frozen=True)
class Column:
    """A metric by one route, as the tables have it; ``name`` is the column's."""

    name: str
    metric: Metric
    route: Route

    def language(self, pair: tuple[str, str]) -> str:
        """The language of the two texts compared, of source and hypothesis, by its code."""
        return pair[0] if self.route == "round_trip" else pair[1]

    @property
    def label(self) -> str:
        """The name for people, within a sentence."""
        return self.metric.label + (", round trip" if self.route == "round_trip" else "")

    @property
    def chinese(self) -> str:
        """The Chinese name."""
        return self.metric.chinese + ("（回译）" if self.route == "round_trip" else "")

    @property
    def description(self) -> str:
        """What it is, for the schema, with its range."""
        against = {
            "reference": "Against the reference: ",
            "round_trip": "Of the back-translation against the source: ",
            "none": "",
        }[self.route]
        metric = self.metric
        said = against + metric.description
        if metric.low is not None and metric.high is not None:
            said += f", {metric.low:g} to {metric.high:g}"
        best = "" if metric.higher_is_better else "; lower is better"
        return f"{said[:1].upper()}{said[1:]}{best}."

    @property
    def of_documents(self) -> bool:
        """Whether documents and the run have a score of it."""
        return not isinstance(self.metric, SegmentMetric) or self.metric.of_document is not None

    @property
    def missing(self) -> str:
        """Why a run may have no score of it."""
        if self.route == "none" and isinstance(self.metric, SegmentMetric):
            return self.metric.missing
        return f"no row has a {'reference' if self.route == 'reference' else 'back-translation'}"


NONE = "none"
"""In the place of metrics: none of them."""


def all_metrics() -> Mapping[str, Metric]:
    """Every installed metric by key, in the order of their files."""
    return discover("scorers", Metric)


def additive() -> dict[str, Additive]:
    """The installed metrics that add up, by key."""
    return {k: m for k, m in all_metrics().items() if isinstance(m, Additive)}


@functools.cache
def columns() -> Mapping[str, Column]:
    """Every score that a segment may have, by column: what needs no other text comes first."""
    routes: tuple[Route, ...] = ("none", "reference", "round_trip")
    made = [
        Column(ROUND_TRIP * (route == "round_trip") + metric.key, metric, route)
        for route in routes
        for metric in all_metrics().values()
        if route in metric.routes
    ]
    return MappingProxyType({column.name: column for column in made})


when_forgotten(columns.cache_clear)


def chosen(keys: Iterable[str]) -> Mapping[str, Column]:
    """The columns of the metrics of these keys; without any, of all; of ``none``, no column.

    Raises UsageError for an unknown key.
    """
    known, wanted = all_metrics(), set(keys)
    if wanted == {NONE}:
        return {}
    for key in sorted(wanted - set(known)):
        raise UsageError(f"unknown metric {key!r}; {did_you_mean(key, known)}")
    return {n: c for n, c in columns().items() if not wanted or c.metric.key in wanted}
