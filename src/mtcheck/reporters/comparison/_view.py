"""What every report of a comparison shows: its tables in words, segments with their changes."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from mtcheck.comparison.passages import PassageChange
from mtcheck.comparison.result import Compared
from mtcheck.comparison.tables import scores_shown
from mtcheck.comparison.words import interval, label, metric, number, p_value, signed
from mtcheck.records import FindingRecord, plain

__all__ = [
    "ScoreRow",
    "TextPiece",
    "View",
    "chosen",
    "findings",
    "matrix",
    "plain_rows",
    "ranking",
    "score_rows",
    "signatures",
    "title",
    "verdict",
    "view",
]  # fmt: skip

_DIFF = 2000
"""Longer texts are shown without marks; comparing them would take seconds."""

Cells = Mapping[str, object]


def plain_rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows as plain values, a missing one as None."""
    return [{str(k): plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def floating(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


@dataclass(frozen=True)
class TextPiece:
    text: str
    changed: bool


def diff(old: str, new: str) -> tuple[list[TextPiece], list[TextPiece]]:
    """Both texts in pieces, told apart by whether the other text has them."""
    if max(len(old), len(new)) > _DIFF or not old or not new:
        return [TextPiece(old, False)], [TextPiece(new, False)]
    left: list[TextPiece] = []
    right: list[TextPiece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if a < b:
            left.append(TextPiece(old[a:b], kind != "equal"))
        if c < d:
            right.append(TextPiece(new[c:d], kind != "equal"))
    return left, right


@dataclass(frozen=True)
class View:
    """What a page shows of a change."""

    system: str
    id: str
    where: str
    verdict: str
    change: str
    source: str
    reference: str
    old: list[TextPiece]
    new: list[TextPiece]
    scores: list[tuple[str, str, str]]
    """Name, value under the baseline, value under the system."""
    new_findings: Sequence[FindingRecord]
    fixed_findings: Sequence[FindingRecord]


def view(change: PassageChange) -> View:
    passage = change.passage
    old, new = diff(change.old.hypothesis, change.new.hypothesis)
    scores = []
    for name in scores_shown():
        values = [side.score(name) for side in (change.old, change.new)]
        if any(v is not None for v in values):
            shown = "MQM points" if name == "penalty" else label(name)
            before, after = (
                "–" if v is None else f"{v:.0f}" if name == "penalty" else number(name, v)
                for v in values
            )
            scores.append((shown, before, after))
    return View(
        system=change.system,
        id=passage.segment_id,
        where=f"{passage.path}:{passage.line}" if passage.path and passage.line else passage.path,
        verdict=change.verdict,
        change=f"{change.score:+.1f}",
        source=passage.source,
        reference=passage.reference or "",
        old=old,
        new=new,
        scores=scores,
        new_findings=change.new_findings,
        fixed_findings=change.fixed_findings,
    )


def chosen(comparison: Compared, verdict: str, limit: int) -> list[PassageChange]:
    """Changes of one verdict, the largest first; of several systems each gets its share."""
    each = max(1, limit // (len(comparison.systems) - 1))
    ordered = comparison.changes if verdict == "worse" else comparison.changes[::-1]
    found = []
    for system in comparison.systems[1:]:
        found += [c for c in ordered if c.system == system and c.verdict == verdict][:each]
    return found


@dataclass(frozen=True)
class ScoreRow:
    """A difference ready to print; what is not known is a dash."""

    system: str
    label: str
    baseline: str
    value: str
    difference: str
    interval: str
    bootstrap: str
    randomisation: str
    p: str
    """The one that decides."""
    verdict: str


def _p(value: float | None) -> str:
    """A p-value for a column of them."""
    return p_value(value).removeprefix("p ").removeprefix("= ") or "–"


def score_rows(comparison: Compared) -> list[ScoreRow]:
    verdicts = comparison.scores["verdict"].tolist()
    return [
        ScoreRow(
            d.system,
            label(d.score),
            number(d.score, d.baseline),
            number(d.score, d.value),
            signed(d.score, d.difference),
            interval(d) or "–",
            _p(d.p_bootstrap),
            _p(d.p_randomisation),
            _p(d.p),
            # What is no quality score is not better when there is more of it.
            verdict if metric(d.score).quality else "–",
        )
        for d, verdict in zip(comparison.differences, verdicts, strict=True)
    ]


_COUNTED = ("flagged", "critical", "major", "minor")


def ranking(comparison: Compared) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the ranking, without scores that nobody has."""
    rows = plain_rows(comparison.ranking)
    known = [s for s in scores_shown() if any(r[s] is not None for r in rows)]
    heads = ["Cluster", "System", *map(label, known), *(c.capitalize() for c in _COUNTED)]
    return heads, [
        [
            str(r["cluster"]),
            str(r["system"]),
            *(number(s, floating(r[s])) for s in known),
            *(str(r[c]) for c in _COUNTED),
        ]
        for r in rows
    ]


def findings(comparison: Compared) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the counts by code: side by side for any number of systems."""
    first, *others = comparison.systems
    by_code: dict[str, dict[str, Cells]] = {}
    for row in plain_rows(comparison.findings):
        by_code.setdefault(str(row["code"]), {})[str(row["system"])] = row
    two = len(others) == 1
    heads = ["Code", "Name", first, *others] + (["New", "Fixed"] if two else [])
    table = []
    for code, systems in by_code.items():
        some = next(iter(systems.values()))
        cells = [code, some["name"], some["baseline"], *(systems[o]["count"] for o in others)]
        if two:
            cells += [some["new"], some["fixed"]]
        table.append([str(c) for c in cells])
    return heads, table


def matrix(comparison: Compared) -> list[tuple[str, list[tuple[str, bool]]]]:
    """P-values of every system (a row) against every other, in the order of the ranking."""
    order = [str(s) for s in comparison.ranking["system"]]
    known: dict[frozenset[str], Cells] = {
        frozenset((str(r["better"]), str(r["worse"]))): r for r in plain_rows(comparison.pairs)
    }
    table = []
    for a in order:
        cells = []
        for b in order:
            row = known.get(frozenset((a, b)), {}) if a != b else {}
            cells.append((_p(floating(row.get("p"))), bool(row.get("differ"))))
        table.append((a, cells))
    return table


def title(comparison: Compared) -> str:
    if len(comparison.systems) == 2:
        return f"{comparison.systems[1]} against {comparison.baseline}"
    return f"{len(comparison.systems)} systems, {comparison.baseline} as the baseline"


def verdict(comparison: Compared) -> str:
    if len(comparison.systems) == 2:
        if not comparison.verdict.passed:
            return "Worse"
        told = {r.verdict for r in score_rows(comparison)}
        return "Not worse" if "better" in told else "No clear difference"
    worse = [name for name, reasons in comparison.reasons.items() if reasons]
    if not worse:
        return f"None is worse than {comparison.baseline}"
    return f"Worse than {comparison.baseline}: {', '.join(worse)}"


def signatures(comparison: Compared) -> list[tuple[str, str]]:
    found = {label(d.score): d.signature for d in comparison.differences if d.signature}
    return list(found.items())
