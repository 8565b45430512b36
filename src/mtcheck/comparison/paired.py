"""Paired tests: sacreBLEU's own for metrics that add up, a bootstrap of documents for means.

sacreBLEU resamples rows (:class:`sacrebleu.significance.PairedTest`, its defaults: 1,000
bootstrap samples, 10,000 trials of approximate randomisation, seed 12345 or
``SACREBLEU_SEED``); its p-values are handed on as they are. The 95% interval of a difference
is ours: percentiles over 1,000 resamples of whole documents.

The larger of the two p-values decides. sacreBLEU's randomisation counts only trials with a
strictly larger difference than the one found, so it calls a single changed row significant;
its bootstrap does not.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.base import Metric as SacreMetric
from sacrebleu.metrics.base import Score, Signature
from sacrebleu.significance import PairedTest

from mtcheck.scorers import Additive
from mtcheck.tally import MIN_DOCUMENTS, REPLICATES

__all__ = ["MAX_TESTED", "MIN_TESTED", "Difference", "Paired", "SystemPair", "of_means"]

MIN_TESTED = 10
"""Fewer rows than this are not tested."""

MAX_TESTED = 20_000
"""More rows than this are not tested: sacreBLEU's resamples would take gigabytes."""

_Floats = NDArray[np.float64]
Rows = Sequence[Sequence[float]] | _Floats


@dataclass(frozen=True)
class Difference:
    """A score of one system against the baseline's; None where it was not computed.

    ``interval`` is the 95% interval of ``value - baseline``. ``p_bootstrap`` and
    ``p_randomisation`` are p-values of the hypothesis that there is no difference.
    """

    score: str
    system: str
    baseline: float
    value: float
    higher_is_better: bool
    interval: tuple[float, float] | None = None
    p_bootstrap: float | None = None
    p_randomisation: float | None = None
    signature: str = ""

    @property
    def difference(self) -> float:
        """The system's score less the baseline's."""
        return round(self.value - self.baseline, 4)

    @property
    def worse(self) -> bool:
        """Whether the difference, be it chance or not, is to the worse."""
        return self.difference < 0 if self.higher_is_better else self.difference > 0

    @property
    def p(self) -> float | None:
        """The p-value that decides: the larger one."""
        return _larger(self.p_bootstrap, self.p_randomisation)

    def significant(self, alpha: float) -> bool:
        """Whether ``p`` is below alpha; and, up to 0.05, whether the 95% interval leaves out 0.

        A few rows can give a small p with an interval that touches 0: no difference is shown.
        """
        if self.p is None and self.interval is None:
            return False
        apart = self.interval is None or not self.interval[0] <= 0 <= self.interval[1]
        if self.p is None:
            return apart
        return self.p < alpha and (apart or alpha > 0.05)


@dataclass(frozen=True)
class SystemPair:
    """Two systems, the better by score first, and the p-values of their difference."""

    better: str
    worse: str
    difference: float
    p_bootstrap: float | None
    p_randomisation: float | None = None

    @property
    def p(self) -> float | None:
        """The p-value that decides: the larger one."""
        return _larger(self.p_bootstrap, self.p_randomisation)

    def differ(self, alpha: float) -> bool:
        """Whether they do so significantly."""
        return self.p is not None and self.p < alpha


def _larger(*values: float | None) -> float | None:
    return max((v for v in values if v is not None), default=None)


class _Tested(SacreMetric):
    """A metric of ours as sacreBLEU's tests take one, so that both count alike.

    A text is counted once, though sacreBLEU asks for it in every test.
    """

    def __init__(self, metric: Additive, language: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._own, self._language = metric, language
        self._force = True  # no warning of its own about tokens
        self._kept: dict[tuple[str, ...], _Floats] = {}

    def _extract_corpus_statistics(
        self, hypotheses: Sequence[str], references: Sequence[Sequence[str]] | None
    ) -> _Floats:
        rows = tuple(hypotheses)
        if rows not in self._kept:
            self._kept[rows] = np.array(super()._extract_corpus_statistics(rows, references))
        return self._kept[rows]

    def _aggregate_and_compute(self, stats: Any) -> Score:
        return self._compute_score_from_stats(np.sum(stats, axis=0))

    def _compute_score_from_stats(self, stats: Any) -> Score:
        return Score(self._own.key, self._own.score(stats, self._language))

    def get_signature(self) -> Signature:
        return Signature({"num_refs": 1})

    def _preprocess_segment(self, sent: str) -> str:
        return sent

    def _extract_reference_info(self, refs: Sequence[str]) -> dict[str, str]:
        return {"reference": refs[0]}

    def _compute_segment_statistics(
        self, hypothesis: str, ref_kwargs: dict[str, str]
    ) -> list[float]:
        return list(self._own.statistics(hypothesis, ref_kwargs["reference"], self._language))


def seed() -> int | None:
    """The seed that sacreBLEU takes: ``SACREBLEU_SEED``, or 12345."""
    given = os.environ.get("SACREBLEU_SEED", "12345")
    return None if given.lower() == "none" else int(given)


class Paired:
    """One metric over several systems and one reference each row, tested pair by pair.

    ``texts`` gives the rows of each system, ``documents`` a key for the document of each row,
    ``language`` the code of that of the texts.
    """

    def __init__(
        self,
        metric: Additive,
        texts: Mapping[str, Sequence[str]],
        references: Sequence[str],
        documents: Sequence[Hashable],
        language: str = "zh",
    ) -> None:
        self.key = metric.key
        self.higher_is_better = metric.higher_is_better
        self.texts = {name: tuple(rows) for name, rows in texts.items()}
        self.references = tuple(references)
        self._metric, self.language = metric, language
        self._tested = _Tested(metric, language)
        self._groups = _Groups(documents)
        self.statistics = {
            name: self._tested._extract_corpus_statistics(rows, (self.references,))
            for name, rows in self.texts.items()
        }
        self.signature = metric.signature(language)

    @property
    def testable(self) -> bool:
        """Whether there are enough rows, and not too many, for sacreBLEU's tests."""
        return MIN_TESTED <= len(self.references) <= MAX_TESTED

    def score(self, system: str) -> float:
        """The corpus score of a system."""
        return self._from_sums(self.statistics[system].sum(axis=0))

    def of_rows(self, system: str) -> list[float]:
        """The score of each row by itself."""
        return [self._from_sums(row) for row in self.statistics[system]]

    def p(self, baseline: str, system: str, test: str) -> float | None:
        """Give sacreBLEU's p-value: ``test`` is ``bs`` or ``ar``. None for equal translations.

        (sacreBLEU calls no difference at all significant; and of too few or too many rows
        nothing is said.)
        """
        if not self.testable or self.texts[baseline] == self.texts[system]:
            return None
        logger = logging.getLogger("sacrebleu")
        level = logger.level
        logger.setLevel(logging.ERROR)
        try:
            named: list[tuple[str, Sequence[str]]] = [
                (n, self.texts[n]) for n in (baseline, system)
            ]
            _, results = PairedTest(
                named, {self.key: self._tested}, (self.references,), test_type=test
            )()
        finally:
            logger.setLevel(level)
        # Besides the names there is one entry: the metric under its own name.
        (found,) = (r for name, r in results.items() if name != "System")
        last = found[-1]
        return None if isinstance(last, str) or last.p_value is None else float(last.p_value)

    def difference(self, baseline: str, system: str) -> Difference:
        """Both tests, and the interval."""
        return Difference(
            self.key,
            system,
            round(self.score(baseline), 4),
            round(self.score(system), 4),
            self.higher_is_better,
            self._groups.interval(
                [self.statistics[baseline], self.statistics[system]], self._from_sums
            ),
            self.p(baseline, system, "bs"),
            self.p(baseline, system, "ar"),
            self.signature,
        )

    def _from_sums(self, sums: _Floats) -> float:
        return self._metric.score(sums, self.language)

    def pairs(self) -> list[SystemPair]:
        """Every pair of systems by both tests, best first."""
        scores = {n: self.score(n) for n in self.texts}
        order = sorted(self.texts, key=lambda n: -scores[n] if self.higher_is_better else scores[n])
        return [
            SystemPair(
                a, b, round(scores[b] - scores[a], 4), self.p(a, b, "bs"), self.p(a, b, "ar")
            )
            for a, b in itertools.combinations(order, 2)
        ]


class _Groups:
    """Rows by document, and 1,000 resamples of the documents, the same for every system."""

    def __init__(self, documents: Sequence[Hashable]) -> None:
        places: dict[Hashable, int] = {}
        self._document = np.array([places.setdefault(d, len(places)) for d in documents], int)
        self._count = len(places)

    @property
    def enough(self) -> bool:
        return self._count >= MIN_DOCUMENTS

    def sums(self, rows: Rows) -> _Floats:
        """The rows' vectors summed by document."""
        stats = np.asarray(rows, dtype=np.float64)
        total = np.zeros((self._count, stats.shape[1]))
        np.add.at(total, self._document, stats)
        return total

    def replicates(
        self, systems: Sequence[Rows], compute: Callable[[_Floats], float]
    ) -> list[_Floats]:
        """The scores of each system in every resample of the documents."""
        totals = [self.sums(rows) for rows in systems]
        rng = np.random.default_rng(seed())
        found = np.zeros((len(totals), REPLICATES))
        for n in range(REPLICATES):
            # The draw of sacreBLEU's own bootstrap: with one row a document, its resamples.
            drawn = rng.choice(self._count, size=self._count, replace=True)
            found[:, n] = [compute(total[drawn].sum(axis=0)) for total in totals]
        return list(found)

    def interval(
        self, systems: Sequence[Rows], compute: Callable[[_Floats], float]
    ) -> tuple[float, float] | None:
        """The 95% interval of the second system's score less the first's."""
        if not self.enough:
            return None
        first, second = self.replicates(systems, compute)
        return _percentiles(second - first)


def _percentiles(values: _Floats) -> tuple[float, float]:
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _mean(sums: _Floats) -> float:
    return float(sums[0] / sums[1]) if sums[1] else float("nan")


def of_means(
    score: str,
    system: str,
    baseline_values: Sequence[float | None],
    values: Sequence[float | None],
    documents: Sequence[Hashable],
    *,
    higher_is_better: bool,
    signature: str = "",
) -> Difference | None:
    """Compare two means over the rows that have both values; None without any.

    The p-value is that of a paired bootstrap over documents: the share of resamples whose
    difference lies further from the difference found than that one does from 0 (with 1 added
    above and below, as sacreBLEU does). Fewer than 10 documents give neither it nor an interval.
    """
    both = [
        (a, b, d)
        for a, b, d in zip(baseline_values, values, documents, strict=True)
        if a is not None and b is not None
    ]
    if not both:
        return None
    groups = _Groups([d for *_, d in both])
    sides = [[[a, 1.0] for a, _, _ in both], [[b, 1.0] for _, b, _ in both]]
    means = [_mean(groups.sums(rows).sum(axis=0)) for rows in sides]
    interval = p = None
    if groups.enough and sides[0] != sides[1]:
        first, second = groups.replicates(sides, _mean)
        observed = means[1] - means[0]
        further = np.abs((second - first) - observed) > abs(observed)
        interval = _percentiles(second - first)
        p = float((further.sum() + 1) / (REPLICATES + 1))
    return Difference(
        score,
        system,
        round(means[0], 4),
        round(means[1], 4),
        higher_is_better,
        interval,
        p,
        signature=signature,
    )
