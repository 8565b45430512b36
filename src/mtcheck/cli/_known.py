"""What is said of a baseline, of suppressions and of decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

__all__ = ["say_known"]

_SHOWN = 10  # lines on stderr before the rest is counted


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def say_known(say: Callable[..., None], summary: Mapping[str, object]) -> None:
    """Tell on stderr what was suppressed, held against the baseline, or is out of date."""
    from mtcheck.reporters._words import terminal

    suppressions, baseline = _table(summary.get("suppressions")), _table(summary.get("baseline"))
    for entry in _listed(suppressions.get("expired")):
        say(terminal(f"mtcheck: warning: suppression expired: {entry}"))
    for entry in _listed(suppressions.get("unused")):
        say(terminal(f"mtcheck: warning: suppression matched nothing: {entry}"))
    if suppressions.get("findings") or suppressions.get("settled"):
        say(
            f"mtcheck: suppressed findings: {suppressions['findings']}; "
            f"segments accepted by a reviewer: {suppressions['settled']}"
        )
    if baseline:
        say(
            terminal(
                f"mtcheck: baseline {baseline['path']}: {baseline['known']} known, "
                f"{baseline['new']} new, {baseline['worse']} worse, {baseline['fixed']} fixed"
            )
        )
        fixed = [_table(f) for f in _listed(baseline.get("fixed_findings"))]
        for f in fixed[:_SHOWN]:
            say(terminal(f"mtcheck: fixed: {f['doc_id']}: {f['code']} {f['text']}"))
        if len(fixed) > _SHOWN:
            say(f"mtcheck: fixed: and {len(fixed) - _SHOWN} more")
        if fixed:
            say("mtcheck: take the fixed ones out with `mtcheck baseline update`")
