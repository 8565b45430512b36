"""What outlives a batch: counts and additive statistics, mergeable in any order."""

from __future__ import annotations

import functools
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mtcheck import schema
from mtcheck.inspected import Inspected
from mtcheck.rules import CRASH_CODE, MODEL_CODE
from mtcheck.scorers import Additive, Column, additive, columns
from mtcheck.summary import Counts, TermRecord
from mtcheck.types import Score, Severity

__all__ = ["MIN_DOCUMENTS", "REPLICATES", "Tally", "listed"]

REPLICATES = 1000
"""Bootstrap replicates behind each interval."""

MIN_DOCUMENTS = 10
"""Fewer documents than this give no interval: it would say more than is known."""


@dataclass
class _Sum:
    """A statistics vector summed over documents, and over each bootstrap replicate of them.

    The Poisson bootstrap (Hanley and MacGibbon 2006) draws how often a document counts in a
    replicate from Poisson(1), here seeded by the document's own key. So the sums need no list
    of documents, may be merged in any order, and do not depend on it.
    """

    total: NDArray[np.float64]
    replicates: NDArray[np.float64]
    documents: int = 0

    @classmethod
    def of(cls, size: int, replicates: int = REPLICATES) -> _Sum:
        return cls(np.zeros(size), np.zeros((replicates, size)))

    def add(self, statistics: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
        self.total += statistics
        self.replicates += np.outer(weights, statistics)
        self.documents += 1

    def merge(self, other: _Sum) -> None:
        self.total += other.total
        self.replicates += other.replicates
        self.documents += other.documents


_TOLD = 10  # files named in a note before the rest is counted


@dataclass
class Tally:
    """Counts of a run and the sums its corpus scores come from. ``merge`` is commutative.

    Without ``intervals`` nothing is resampled, and corpus scores have none.
    """

    intervals: bool = True
    segments: int = 0
    rejected: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    """Files of folders that are not read, and why."""
    crashed: int = 0
    confirmed: int = 0
    documents: set[int] = field(default_factory=set)
    by_status: Counter[str] = field(default_factory=Counter)
    by_code: Counter[str] = field(default_factory=Counter)
    by_severity: Counter[str] = field(default_factory=Counter)
    of_model: Counter[str] = field(default_factory=Counter)
    """Of those, what only a language model marked."""
    asked: Counter[str] = field(default_factory=Counter)
    """What a language model was asked and answered, by kind."""
    suppressed: Counter[str] = field(default_factory=Counter)
    """Findings not told, by code; in ``suppressed_by`` by the entry or decision behind them."""
    suppressed_by: Counter[str] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)
    """Segments accepted by a reviewer's decision, by that decision."""
    sums: dict[str, _Sum] = field(default_factory=dict)
    terms: Counter[tuple[str, str]] = field(default_factory=Counter)
    """In how many segments a term has a rendering."""
    facts: dict[str, Counter[str]] = field(default_factory=dict)
    """What each batch rule counted, by its code."""
    whole: int = 0
    """Documents compared whole, rather than by segments that came aligned."""
    too_long: Counter[str] = field(default_factory=Counter)
    """Segments that lack a score because it would take too long, by column."""
    from_cache: int = 0
    """Documents that were taken from the cache."""
    timings: Counter[str] = field(default_factory=Counter)
    """Microseconds by stage; whole numbers, so that their sum does not depend on the order."""

    def add(self, inspected: Inspected, *, rejected: int = 0) -> None:
        """Count a batch that ``inspect`` returned."""
        segments = inspected.segments
        self.rejected += rejected
        self.segments += len(segments)
        self.by_status.update(segments["status"])
        for findings in segments["findings"]:
            for finding in findings:
                self.by_code[finding["code"]] += 1
                self.by_severity[finding["severity"]] += 1
                self.crashed += finding["code"] == CRASH_CODE
                self.confirmed += bool(finding.get("confirmed"))
                if finding["code"] == MODEL_CODE and not finding.get("confirmed"):
                    self.of_model[finding["severity"]] += 1
        for findings in segments["suppressed"]:
            self.suppressed.update(f["code"] for f in findings or ())
            self.suppressed_by.update(f["by"] for f in findings or ())
        self.settled.update(decision for decision in inspected.settled if decision)
        self.add_facts(inspected)
        self.add_timings(inspected.timings)
        self.from_cache += inspected.from_cache
        self.asked.update(inspected.asked)
        replicates = REPLICATES if self.intervals else 0
        for document in inspected.documents:
            path, *own = map(str, document.key)
            # The seed leaves the path out: moving a file must not move an interval.
            seed = zlib.crc32("\x1f".join(own).encode())
            self.documents.add(zlib.crc32(path.encode(), seed))
            weights = np.random.default_rng(seed).poisson(1.0, replicates).astype(float)
            self.whole += document.whole
            self.terms.update(document.terms)
            self.too_long.update(document.too_long)
            for name, values in document.statistics.items():
                self.sums.setdefault(name, _Sum.of(len(values), replicates)).add(values, weights)

    def add_facts(self, inspected: Inspected) -> None:
        """Add what the batch rules counted in a batch, and no more."""
        for document in inspected.documents:
            for code, counted in document.facts.items():
                self.facts.setdefault(code, Counter()).update(counted)

    def add_timings(self, seconds: Mapping[str, float]) -> None:
        """Add what the stages took."""
        self.timings.update({name: round(1e6 * value) for name, value in seconds.items()})

    def merge(self, other: Tally) -> None:
        """Add the counts and sums of another part of the run."""
        self.segments += other.segments
        self.rejected += other.rejected
        self.unread |= other.unread
        self.crashed += other.crashed
        self.confirmed += other.confirmed
        self.whole += other.whole
        self.terms.update(other.terms)
        for code, counted in other.facts.items():
            self.facts.setdefault(code, Counter()).update(counted)
        self.documents |= other.documents
        self.by_status += other.by_status
        self.by_code += other.by_code
        self.by_severity += other.by_severity
        self.of_model += other.of_model
        self.asked += other.asked
        self.suppressed += other.suppressed
        self.suppressed_by += other.suppressed_by
        self.settled += other.settled
        self.too_long += other.too_long
        self.timings += other.timings
        self.from_cache += other.from_cache
        for name, theirs in other.sums.items():
            self.sums.setdefault(name, _Sum.of(*theirs.replicates.T.shape)).merge(theirs)

    def counts(self) -> Counts:
        """The counts for the summary: every status and severity is there, if only as 0."""
        return {
            "documents": len(self.documents),
            "segments": self.segments,
            "rejected": self.rejected,
            "unread": len(self.unread),
            "status": {s: self.by_status[s] for s in ("accept", "review", "reject")},
            "codes": dict(sorted(self.by_code.items())),
            "severity": {s.label: self.by_severity[s.label] for s in Severity},
            "suppressed": dict(sorted(self.suppressed.items())),
        }

    def scores(self, signatures: Mapping[str, str], languages: tuple[str, str]) -> list[Score]:
        """Corpus scores with 95% intervals: metrics on summed statistics, means of the rest.

        ``signatures`` are those of what the run measured itself, by column; ``languages`` the
        codes of those of source and hypothesis.
        """
        known = columns()
        return [
            self._score(known[name], languages, signatures.get(name, ""))
            for name in schema.DOCUMENT_SCORE
            if name in known and self._has(known[name])
        ]

    def _has(self, column: Column) -> bool:
        total = self.sums.get(column.name)
        counted = isinstance(column.metric, Additive) or (total is not None and total.total[1] > 0)
        return total is not None and counted

    def _score(self, column: Column, languages: tuple[str, str], signature: str) -> Score:
        metric, total = column.metric, self.sums[column.name]
        if not isinstance(metric, Additive):
            signature = signature or getattr(metric, "signature", "")
            return _score(column.name, total, _mean, signature, metric.note)
        language = column.language(languages)
        compute = functools.partial(metric.score, language=language)
        notes = [
            "round trip: back-translation against the source" * (column.route == "round_trip"),
            metric.note,
            "whole documents compared" * bool(self.whole and metric.whole),
        ]
        note = "; ".join(n for n in notes if n)
        return _score(column.name, total, compute, metric.signature(language), note)

    def inconsistent_terms(self) -> list[TermRecord]:
        """Terms that the run renders in several ways, with the segments of each, most first."""
        ways: dict[str, dict[str, int]] = {}
        for (term, way), count in sorted(self.terms.items(), key=lambda t: (-t[1], t[0])):
            ways.setdefault(term, {})[way] = count
        return [
            {"term": term, "renderings": counts}
            for term, counts in sorted(ways.items())
            if len(counts) > 1
        ]

    def notes(self, asked: Iterable[Column]) -> list[str]:
        """What a reader of the summary must know; ``asked`` are the scores asked for."""
        notes = []
        known = columns()
        routes = {known[n].route for n in self.sums}
        if "reference" not in routes and any(isinstance(c.metric, Additive) for c in asked):
            if "round_trip" in routes:
                notes.append(
                    f"No reference column: {listed(additive())} are empty. The round-trip scores "
                    "compare the back-translation with the source and judge both directions."
                )
            else:
                names = listed([m.label for m in additive().values()])
                notes.append(
                    f"No reference and no back_translation column: {names} compare "
                    "with one of them and are not computed."
                )
        if len(self.documents) < MIN_DOCUMENTS and self.sums and self.intervals:
            notes.append(f"Fewer than {MIN_DOCUMENTS} documents: corpus scores carry no interval.")
        for name, count in sorted(self.too_long.items()):
            metric = known[name].metric
            limit = metric.limit.replace("_", "-") if isinstance(metric, Additive) else ""
            segments = "1 segment has" if count == 1 else f"{count} segments have"
            notes.append(
                f"{segments} no {known[name].label}, being too long for it; `{limit}` raises that."
            )
        if self.suppressed:
            total = sum(self.suppressed.values())
            notes.append(f"Suppressed findings, which count for nothing: {total}.")
        if self.confirmed:
            notes.append(f"Findings that a reviewer confirmed: {self.confirmed}.")
        if self.settled:
            total = sum(self.settled.values())
            notes.append(f"Segments accepted by a reviewer's decision: {total}.")
        if self.rejected:
            rows = "bad row was" if self.rejected == 1 else "bad rows were"
            notes.append(f"{self.rejected} {rows} set aside in rejected.jsonl.")
        if self.unread:
            most = list(self.unread.items())[:_TOLD]
            told = "; ".join(f"{path} ({reason})" for path, reason in most)
            more = f" and {len(self.unread) - _TOLD} more" if len(self.unread) > _TOLD else ""
            files = "file was" if len(self.unread) == 1 else "files were"
            notes.append(f"{len(self.unread)} {files} not read: {told}{more}.")
        if self.crashed:
            times = "Once" if self.crashed == 1 else f"{self.crashed} times"
            notes.append(f"{times} a rule crashed ({CRASH_CODE}): please report it.")
        return notes


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _mean(sums: NDArray[np.float64]) -> float:
    return float(sums[0] / sums[1])


def _score(
    name: str,
    total: _Sum,
    compute: Callable[[NDArray[np.float64]], float],
    signature: str,
    note: str,
) -> Score:
    interval = None
    if total.documents >= MIN_DOCUMENTS and len(total.replicates):
        # A replicate that drew no document at all has no score.
        values = [compute(r) for r in total.replicates if r.any()]
        low, high = np.percentile(values, [2.5, 97.5])
        interval = round(float(low), 4), round(float(high), 4)
    return Score(name, round(compute(total.total), 4), interval, signature, note)
