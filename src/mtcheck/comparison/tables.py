"""The tables of a comparison: their columns, and their rows from what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from mtcheck import schema
from mtcheck.comparison.paired import Difference, SystemPair
from mtcheck.comparison.passages import Passage, PassageChange, Rendered
from mtcheck.comparison.rows import Unmatched
from mtcheck.comparison.words import PENALTY
from mtcheck.scorers import columns
from mtcheck.types import Severity

__all__ = [
    "FINDINGS",
    "PAIRS",
    "SCORES",
    "SEGMENTS",
    "UNMATCHED",
    "findings",
    "pair_rows",
    "ranking",
    "scores",
    "scores_shown",
    "segments",
    "unmatched",
]

PAIRS: Mapping[str, str] = {
    "score": "string",
    "better": "string",
    "worse": "string",
    "difference": "float64",
    "p_bootstrap": "float64",
    "p_randomisation": "float64",
    "p": "float64",
    "differ": "bool",
}
SCORES: Mapping[str, str] = {
    "system": "string",
    "score": "string",
    "baseline": "float64",
    "value": "float64",
    "difference": "float64",
    "low": "float64",
    "high": "float64",
    "p_bootstrap": "float64",
    "p_randomisation": "float64",
    "p": "float64",
    "verdict": "string",
    "signature": "string",
}
FINDINGS: Mapping[str, str] = {
    "system": "string",
    "code": "string",
    "name": "string",
    "baseline": "Int64",
    "count": "Int64",
    "new": "Int64",
    "fixed": "Int64",
}
UNMATCHED: Mapping[str, str] = {
    "system": "string",
    "doc_id": "string",
    "segment_id": "string",
    "path": "string",
    "line": "Int64",
    "why": "string",
    "source": "string",
}
SEGMENTS: Mapping[str, str] = {
    "system": "string",
    "verdict": "string",
    "change": "float64",
    "doc_id": "string",
    "segment_id": "string",
    "path": "string",
    "line": "Int64",
    "source": "string",
    "reference": "string",
}
"""The first columns of the segments; old and new texts and scores, and findings, follow."""


def scores_shown() -> tuple[str, ...]:
    """The scores of a comparison, in the order of its tables: corpus scores and the penalty."""
    first = ("bleu", "chrf", "ter", "risk", PENALTY.key, "similarity")
    known = [n for n, c in columns().items() if c.of_documents and c.route != "round_trip"]
    ordered = [n for n in first if n in known or n == PENALTY.key]
    return (*ordered, *(n for n in known if n not in ordered))


def _of_segments() -> dict[str, str]:
    first = ("risk", PENALTY.key, "chrf", "similarity")
    scores = (*first, *(n for n in scores_shown() if n not in first))
    kinds = {"hypothesis": "string", "status": "string"} | dict.fromkeys(scores, "float64")
    sides = {f"{age}_{name}": kind for name, kind in kinds.items() for age in ("old", "new")}
    return {**SEGMENTS, **sides, "new_findings": "object", "fixed_findings": "object"}


def segments(everything: Sequence[PassageChange]) -> pd.DataFrame:
    """One row a change, worst first."""
    rows = []
    for c in sorted(everything, key=lambda c: -c.score):
        passage = c.passage
        row: dict[str, object] = {
            "system": c.system,
            "verdict": c.verdict,
            "change": c.score,
            "doc_id": passage.doc_id,
            "segment_id": passage.segment_id,
            "path": passage.path,
            "line": passage.line,
            "source": passage.source,
            "reference": passage.reference,
            "new_findings": list(c.new_findings),
            "fixed_findings": list(c.fixed_findings),
        }
        for age, side in (("old", c.old), ("new", c.new)):
            row |= {f"{age}_hypothesis": side.hypothesis, f"{age}_status": side.status}
            row |= {f"{age}_{name}": side.score(name) for name in scores_shown()}
        rows.append(row)
    return schema.frame(rows, _of_segments())


def scores(differences: Sequence[Difference], alpha: float) -> pd.DataFrame:
    """One row a corpus score and system."""
    rows = []
    for d in differences:
        low, high = d.interval or (None, None)
        changed = d.significant(alpha) and d.difference != 0
        rows.append(
            {
                "system": d.system,
                "score": d.score,
                "baseline": d.baseline,
                "value": d.value,
                "difference": d.difference,
                "low": low,
                "high": high,
                "p_bootstrap": d.p_bootstrap,
                "p_randomisation": d.p_randomisation,
                "p": d.p,
                "verdict": ("worse" if d.worse else "better") if changed else "same",
                "signature": d.signature,
            }
        )
    return schema.frame(rows, SCORES)


def unmatched(rows: Sequence[Unmatched]) -> pd.DataFrame:
    """One row a row without a partner."""
    return schema.frame(
        (
            {
                "system": u.system,
                "doc_id": u.row.doc_id,
                "segment_id": u.row.segment_id,
                "path": u.row.path,
                "line": u.row.line,
                "why": u.why,
                "source": u.row.texts["source"],
            }
            for u in rows
        ),
        UNMATCHED,
    )


def findings(
    found: Sequence[Passage], everything: Sequence[PassageChange], systems: Sequence[str]
) -> pd.DataFrame:
    """One row a code and system: counts, and what is new or fixed against the baseline."""
    names = {f["code"]: f["name"] for u in found for s in u.sides for f in s.findings}
    counts = [
        Counter(f["code"] for u in found for f in u.sides[i].findings) for i in range(len(systems))
    ]
    rows = []
    for at, system in enumerate(systems[1:], start=1):
        own = [c for c in everything if c.system == system]
        new = Counter(f["code"] for c in own for f in c.new_findings)
        fixed = Counter(f["code"] for c in own for f in c.fixed_findings)
        rows += [
            {
                "system": system,
                "code": code,
                "name": names[code],
                "baseline": counts[0][code],
                "count": counts[at][code],
                "new": new[code],
                "fixed": fixed[code],
            }
            for code in sorted(names)
        ]
    return schema.frame(rows, FINDINGS)


def pair_rows(pairs: Sequence[SystemPair], score: str, alpha: float) -> pd.DataFrame:
    """One row a pair of systems; ``differ`` tells whether they do significantly."""
    rows = (
        {
            "score": score,
            "better": p.better,
            "worse": p.worse,
            "difference": p.difference,
            "p_bootstrap": p.p_bootstrap,
            "p_randomisation": p.p_randomisation,
            "p": p.p,
            "differ": p.differ(alpha),
        }
        for p in pairs
    )
    return schema.frame(rows, PAIRS)


def ranking(
    order: Sequence[str],
    clusters: Mapping[str, int],
    means: Mapping[str, Mapping[str, float | None]],
    sides: Mapping[str, Sequence[Rendered]],
) -> pd.DataFrame:
    """One row a system, best first. ``means`` holds its scores by name and system."""
    rows = []
    for place, name in enumerate(order, start=1):
        severities = Counter(f["severity"] for side in sides[name] for f in side.findings)
        statuses = Counter(side.status for side in sides[name])
        rows.append(
            {
                "place": place,
                "cluster": clusters[name],
                "system": name,
                **{score: values[name] for score, values in means.items()},
                "flagged": statuses["review"] + statuses["reject"],
                **{s.label: severities[s.label] for s in Severity},
            }
        )
    counts = ("flagged", *(s.label for s in sorted(Severity, reverse=True)))
    columns_ = {
        "place": "Int64",
        "cluster": "Int64",
        "system": "string",
        **dict.fromkeys(scores_shown(), "float64"),
        **dict.fromkeys(counts, "Int64"),
    }
    return schema.frame(rows, columns_)
