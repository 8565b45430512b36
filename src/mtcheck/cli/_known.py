"""What is said of a baseline, of suppressions and of decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtcheck.cli._say import note

__all__ = ["say_known"]

_SHOWN = 10  # lines on stderr before the rest is counted


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def say_known(summary: Mapping[str, object]) -> None:
    """Tell on stderr what was suppressed, held against the baseline, or is out of date."""
    suppressions, baseline = _table(summary.get("suppressions")), _table(summary.get("baseline"))
    for entry in _listed(suppressions.get("expired")):
        note(f"mtcheck: warning: suppression expired: {entry}")
    for entry in _listed(suppressions.get("unused")):
        note(f"mtcheck: warning: suppression matched nothing: {entry}")
    if suppressions.get("findings") or suppressions.get("settled"):
        note(
            f"mtcheck: suppressed findings: {suppressions['findings']}; "
            f"segments accepted by a reviewer: {suppressions['settled']}"
        )
    if baseline:
        note(
            f"mtcheck: baseline {baseline['path']}: {baseline['known']} known, "
            f"{baseline['new']} new, {baseline['worse']} worse, {baseline['fixed']} fixed"
        )
        fixed = [_table(f) for f in _listed(baseline.get("fixed_findings"))]
        for f in fixed[:_SHOWN]:
            note(f"mtcheck: fixed: {f['doc_id']}: {f['code']} {f['text']}")
        if len(fixed) > _SHOWN:
            note(f"mtcheck: fixed: and {len(fixed) - _SHOWN} more")
        if fixed:
            note("mtcheck: take the fixed ones out with `mtcheck baseline update`")
