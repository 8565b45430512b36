"""From matched rows and their segments to a comparison."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtcheck import schema
from mtcheck._version import __version__
from mtcheck.comparison import tables, words
from mtcheck.comparison.paired import (
    MAX_TESTED,
    MIN_TESTED,
    Difference,
    Paired,
    SystemPair,
    of_means,
)
from mtcheck.comparison.passages import Passage, PassageChange, Rendered, changes, passages
from mtcheck.comparison.result import Compared, ComparisonSummary
from mtcheck.comparison.rows import System, SystemRow, Unmatched
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.records import Record
from mtcheck.scorers import Additive, SegmentMetric, additive
from mtcheck.tally import MIN_DOCUMENTS, listed
from mtcheck.types import Severity, Verdict

__all__ = [
    "Asked",
    "FromAudits",
    "against_reference",
    "by_default",
    "clusters",
    "make",
    "means",
    "reference_of",
]


def means() -> tuple[str, ...]:
    """Scores of segments that are compared by their means."""
    return tuple(n for n in tables.scores_shown() if isinstance(words.metric(n), SegmentMetric))


def by_default(*, aligned: bool) -> tuple[str, ...]:
    """The metrics of a comparison: of whole documents those that can take them whole."""
    return tuple(k for k, m in against_reference().items() if aligned or m.whole)


def _in_time(
    metrics: Sequence[str], rows: Sequence[tuple[SystemRow, ...]], config: Config
) -> tuple[str, ...]:
    """Those of the metrics that take no text of the rows for too long."""
    known, language = against_reference(), config.hypothesis_language
    texts = [r.texts[n] or "" for row in rows for r in row for n in ("hypothesis", "reference")]
    return tuple(m for m in metrics if known[m].within(config, language, *texts))


def against_reference() -> dict[str, Additive]:
    """The metrics that are tested on summed statistics, by key."""
    return {k: m for k, m in additive().items() if "reference" in m.routes}


@dataclass(frozen=True)
class Asked:
    """What the caller chose: metrics and ranking (empty: by default), and the level."""

    metrics: tuple[str, ...]
    rank_by: str
    alpha: float


@dataclass(frozen=True)
class FromAudits:
    """What the audits gave: segments by row and system, findings by code, score signatures."""

    segments: Sequence[Sequence[Sequence[Record]]]
    codes: Mapping[str, int]
    signatures: Mapping[str, str]


def reference_of(row: Sequence[SystemRow]) -> str | None:
    """The reference of a matched row: that of the first system that has one."""
    return next((r.texts["reference"] for r in row if r.texts["reference"]), None)


def make(
    systems: Sequence[System],
    rows: Sequence[tuple[SystemRow, ...]],
    unmatched: Sequence[Unmatched],
    audited: FromAudits,
    *,
    config: Config,
    asked: Asked,
) -> Compared:
    """Put a comparison together.

    Raises UsageError for a ranking that these rows can't give.
    """
    names = tuple(s.name for s in systems)
    aligned = rows[0][0].segment_id is not None
    usual = by_default(aligned=aligned)
    wanted = asked.metrics or _in_time(usual, rows, config)
    slow = [] if asked.metrics else [m for m in usual if m not in wanted]
    paired = _paired(names, rows, wanted, config.hypothesis_language)
    found = _passages(names, rows, audited.segments, paired if aligned else {})
    tests = _Tests(names, paired, found, audited.signatures)
    rank_by = tests.ranking(asked.rank_by)
    everything = changes(found, names)
    differences = tests.differences()
    pairs = tests.pairs(rank_by)
    order = list(dict.fromkeys(n for p in pairs for n in (p.better, p.worse)))
    placed = clusters(order, pairs, asked.alpha)
    sizes = [len(s.rows) for s in systems]
    reasons = _reasons(names, found, differences, sizes, asked.alpha)
    every = [f"{name}: {r}" if len(names) > 2 else r for name, own in reasons.items() for r in own]
    verdict = Verdict(not every, tuple(every))
    if len(names) == 2:
        by = [d for d in differences if d.score == rank_by]
        sentence = _of_two(names[1], everything, by, asked.alpha)
    else:
        sentence = _of_many(placed, pairs, rank_by, tests.values()[rank_by])
    if unmatched:
        rows_have = "1 row has" if len(unmatched) == 1 else f"{len(unmatched)} rows have"
        sentence += f"; {rows_have} no partner and are left out"
    summary: ComparisonSummary = {
        "schema_version": schema.VERSION,
        "mtcheck_version": __version__,
        "comparison": True,
        "systems": list(names),
        "sentence": sentence,
        "verdict": {
            "passed": verdict.passed,
            "label": verdict.label,
            "reasons": list(verdict.reasons),
        },
        "counts": {
            "rows": len(rows),
            "segments": len(found),
            "documents": len({u.document for u in found}),
            "unmatched": {s.name: sum(u.system == s.name for u in unmatched) for s in systems},
            "rejected": {s.name: s.rejected for s in systems},
            "changes": {name: _verdicts(everything, name) for name in names[1:]},
            "codes": dict(sorted(audited.codes.items())),
        },
        "alpha": asked.alpha,
        "rank_by": rank_by,
        "notes": _notes(systems, rows, found, paired, aligned=aligned, slow=slow),
        "config": config.as_dict(),
    }
    return Compared(
        names,
        sentence,
        verdict,
        reasons,
        segments=tables.segments(everything),
        scores=tables.scores(differences, asked.alpha),
        findings=tables.findings(found, everything, names),
        ranking=tables.ranking(
            order,
            placed,
            tests.values(),
            {name: [u.sides[i] for u in found] for i, name in enumerate(names)},
        ),
        pairs=tables.pair_rows(pairs, rank_by, asked.alpha),
        unmatched=tables.unmatched(unmatched),
        summary=summary,
        changes=tuple(sorted(everything, key=lambda c: -c.score)),
        differences=tuple(differences),
    )


# --- scores --------------------------------------------------------------------------------


def _paired(
    names: Sequence[str],
    rows: Sequence[tuple[SystemRow, ...]],
    metrics: Sequence[str],
    language: str,
) -> dict[str, Paired]:
    """The metrics over all rows with a reference; none without one."""
    referred = [(row, r) for row in rows if (r := reference_of(row))]
    if not referred:
        return {}
    texts = {
        name: [row[i].texts["hypothesis"] or "" for row, _ in referred]
        for i, name in enumerate(names)
    }
    documents = [(row[0].path, row[0].doc_id) for row, _ in referred]
    known, references = against_reference(), [r for _, r in referred]
    return {m: Paired(known[m], texts, references, documents, language) for m in metrics}


def _passages(
    names: Sequence[str],
    rows: Sequence[tuple[SystemRow, ...]],
    segments: Sequence[Sequence[Sequence[Record]]],
    paired: Mapping[str, Paired],
) -> list[Passage]:
    """All passages; those of aligned rows (``paired`` is given) get reference and scores here."""
    found = [(at, passage) for at, row in enumerate(segments) for passage in passages(row)]
    if not paired:
        return [passage for _, passage in found]
    every, some = dict(paired), next(iter(paired.values()))
    if "chrf" not in every:  # with which the change of a segment is reckoned, whatever was asked
        every["chrf"] = Paired(
            against_reference()["chrf"],
            some.texts,
            some.references,
            some.references,
            some.language,
        )
    with_reference = [at for at, row in enumerate(rows) if reference_of(row)]
    of_rows = {m: [p.of_rows(name) for name in names] for m, p in every.items()}
    places = {at: n for n, at in enumerate(with_reference)}

    def scored(side: Rendered, system: int, at: int) -> Rendered:
        own = {m: round(rows[system][places[at]], 4) for m, rows in of_rows.items()}
        return dataclasses.replace(side, scores={**side.scores, **own})

    return [
        dataclasses.replace(
            passage,
            reference=reference_of(rows[at]),
            sides=tuple(scored(side, i, at) for i, side in enumerate(passage.sides)),
        )
        if at in places
        else passage
        for at, passage in found
    ]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return round(sum(known) / len(known), 4) if known else None


class _Tests:
    """Every score of every system, and the tests between them."""

    def __init__(
        self,
        names: Sequence[str],
        paired: Mapping[str, Paired],
        found: Sequence[Passage],
        signatures: Mapping[str, str],
    ) -> None:
        self._names = names
        self._paired = paired
        self._documents = [u.document for u in found]
        self._signatures = signatures
        self._means = {
            score: {n: [u.sides[i].score(score) for u in found] for i, n in enumerate(names)}
            for score in means()
        }

    def values(self) -> dict[str, dict[str, float | None]]:
        """The corpus scores by name and system."""
        strings: dict[str, dict[str, float | None]] = {
            m: {n: round(p.score(n), 4) for n in self._names} for m, p in self._paired.items()
        }
        return strings | {
            s: {n: _mean(v) for n, v in by_system.items()} for s, by_system in self._means.items()
        }

    def ranking(self, asked: str) -> str:
        """The score to rank by. Raises UsageError when the one asked for is not there."""
        known = [*self._paired]
        known += [s for s in self._means if _mean(self._means[s][self._names[0]]) is not None]
        if asked and asked not in known:
            raise UsageError(f"can't rank by {asked}; there is {', '.join(known)}")
        preferred = ("chrf", *self._paired, "risk", words.PENALTY.key)
        return asked or next(s for s in preferred if s in known)

    def _mean_difference(self, score: str, first: str, second: str) -> Difference | None:
        return of_means(
            score,
            second,
            self._means[score][first],
            self._means[score][second],
            self._documents,
            higher_is_better=words.metric(score).higher_is_better,
            signature=self._signatures.get(score, ""),
        )

    def differences(self) -> list[Difference]:
        """Each score of each system against the first."""
        first, *others = self._names
        made: list[Difference] = []
        for name in others:
            made += [p.difference(first, name) for p in self._paired.values()]
            means = (self._mean_difference(score, first, name) for score in self._means)
            made += [d for d in means if d]
        return made

    def pairs(self, score: str) -> list[SystemPair]:
        """Every two systems by one score, best first."""
        if score in self._paired:
            return self._paired[score].pairs()
        means = {n: _mean(self._means[score][n]) or 0.0 for n in self._names}
        higher = words.metric(score).higher_is_better
        order = sorted(self._names, key=lambda n: -means[n] if higher else means[n])
        found = []
        for a, b in itertools.combinations(order, 2):
            one = self._mean_difference(score, a, b)
            difference, p = (one.difference, one.p) if one else (0.0, None)
            found.append(SystemPair(a, b, difference, p))
        return found


def clusters(order: Sequence[str], pairs: Sequence[SystemPair], alpha: float) -> dict[str, int]:
    """Clusters from 1, as at WMT: every system of one differs from every system below it."""
    apart = {(p.better, p.worse) for p in pairs if p.differ(alpha)}
    found: dict[str, int] = {}
    number = 1
    for at, name in enumerate(order):
        if at and all((a, b) in apart for a in order[:at] for b in order[at:]):
            number += 1
        found[name] = number
    return found


# --- words ---------------------------------------------------------------------------------


def _at_least(found: Sequence[Passage], at: int, level: Severity) -> list[int]:
    """How many findings of a severity or above each passage has under a system."""
    return [
        sum(Severity.parse(f["severity"]) >= level for f in passage.sides[at].findings)
        for passage in found
    ]


def _chance(more: int, fewer: int) -> float:
    """The probability that as many of the passages that differ go one way by chance: sign test."""
    trials = more + fewer
    ways = sum(math.comb(trials, k) for k in range(more, trials + 1))
    return float(ways / 2**trials)


def _reasons(
    names: Sequence[str],
    found: Sequence[Passage],
    differences: Sequence[Difference],
    sizes: Sequence[int],
    alpha: float,
) -> dict[str, tuple[str, ...]]:
    """Why each system is worse than the first, if it is; the definition heads the package."""
    reasons: dict[str, tuple[str, ...]] = {}
    for at, name in enumerate(names[1:], start=1):
        own = [
            f"significantly worse: {words.in_words(d)}"
            for d in differences
            if d.system == name and words.metric(d.score).quality
            if d.worse and d.significant(alpha)
        ]
        for level, kind in (
            (Severity.CRITICAL, "critical findings"),
            (Severity.MAJOR, "findings of severity major or above"),
        ):
            before, after = (_at_least(found, i, level) for i in (0, at))
            more = sum(b > a for a, b in zip(before, after, strict=True))
            p = _chance(more, sum(a > b for a, b in zip(before, after, strict=True)))
            if more and p < alpha:
                counts = f"{sum(after)}, {sum(before)} in {names[0]}"
                own.append(f"more {kind}: {counts}, {words.p_value(p)}")
                break
        if sizes[at] < sizes[0]:
            own.append(f"fewer rows: {sizes[at]}, {sizes[0]} in {names[0]}")
        reasons[name] = tuple(own)
    return reasons


def _verdicts(everything: Sequence[PassageChange], system: str) -> dict[str, int]:
    count = Counter(c.verdict for c in everything if c.system == system)
    return {v: count[v] for v in ("worse", "better", "same")}


def _of_two(
    name: str, everything: Sequence[PassageChange], scores: Sequence[Difference], alpha: float
) -> str:
    count = _verdicts(everything, name)
    worse, better = count["worse"], count["better"]
    told = f"worse on {worse} and better on {better} of {len(everything)} segments"
    if worse == better:
        told += " (a tie)"
    elif 2 * _chance(max(worse, better), min(worse, better)) >= alpha:
        told += " (may be chance)"
    parts = [told]
    return "; ".join([*parts, *map(words.in_words, scores)])


def _of_many(
    placed: Mapping[str, int],
    pairs: Sequence[SystemPair],
    rank_by: str,
    values: Mapping[str, float | None],
) -> str:
    best, second, *_ = placed
    value = words.number(rank_by, values[best])
    sentence = f"{best} is best of {len(placed)} systems by {words.label(rank_by)} ({value})"
    beside = [n for n, cluster in placed.items() if cluster == 1 and n != best]
    if beside:
        return f"{sentence}; in its cluster: {', '.join(beside)}"
    return f"{sentence}; next is {second}, {words.p_value(pairs[0].p)}"


def _notes(
    systems: Sequence[System],
    rows: Sequence[tuple[SystemRow, ...]],
    found: Sequence[Passage],
    paired: Mapping[str, Paired],
    *,
    aligned: bool,
    slow: Sequence[str],
) -> list[str]:
    """What a reader of the figures must know. ``slow``: the metrics left out for their time."""
    notes = []
    told = listed([m.label for m in against_reference().values()])
    referred = sum(reference_of(row) is not None for row in rows)
    if not paired:
        notes.append(f"No references: {told} are not computed.")
    else:
        if referred < len(rows):
            notes.append(
                f"{len(rows) - referred} of {len(rows)} rows have no reference "
                f"and are left out of {told}."
            )
        if slow:
            left_out = listed([against_reference()[m].label for m in slow])
            notes.append(f"Rows are too long for {left_out}; it is there when it is asked for.")
        if not aligned:
            notes.append("Whole documents are compared whole, each as one row of the tests.")
        if referred > MAX_TESTED:
            notes.append(
                f"More than {MAX_TESTED:,} rows: sacreBLEU's tests are left out; "
                "the interval of the difference decides."
            )
        if referred < MIN_TESTED:
            notes.append(f"Fewer than {MIN_TESTED} rows: {told} are not tested.")
    others = sum(
        len({r.texts["reference"] for r in row if r.texts["reference"]}) > 1 for row in rows
    )
    if others:
        notes.append(
            f"In {others} rows the systems' references differ; that of the first system counts."
        )
    if len({u.document for u in found}) < MIN_DOCUMENTS:
        notes.append(f"Fewer than {MIN_DOCUMENTS} documents: differences carry no interval.")
    for s in systems:
        if s.rejected:
            rows_were = "bad row was" if s.rejected == 1 else "bad rows were"
            notes.append(f"{s.name}: {s.rejected} {rows_were} set aside.")
    return notes
