"""What is said of a baseline, of suppressions and of decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mtcheck.cli._say import note

if TYPE_CHECKING:
    from mtcheck.summary import Summary

__all__ = ["say_known"]

_SHOWN = 10  # lines on stderr before the rest is counted


def say_known(summary: Summary) -> None:
    """Tell on stderr what was suppressed, held against the baseline, or is out of date."""
    if suppressions := summary.get("suppressions"):
        for entry in suppressions["expired"]:
            note(f"mtcheck: warning: suppression expired: {entry}")
        for entry in suppressions["unused"]:
            note(f"mtcheck: warning: suppression matched nothing: {entry}")
        if suppressions["findings"] or suppressions["settled"]:
            note(
                f"mtcheck: suppressed findings: {suppressions['findings']}; "
                f"segments accepted by a reviewer: {suppressions['settled']}"
            )
    if baseline := summary.get("baseline"):
        note(
            f"mtcheck: baseline {baseline['path']}: {baseline['known']} known, "
            f"{baseline['new']} new, {baseline['worse']} worse, {baseline['fixed']} fixed"
        )
        fixed = baseline["fixed_findings"]
        for f in fixed[:_SHOWN]:
            note(f"mtcheck: fixed: {f['doc_id']}: {f['code']} {f['text']}")
        if len(fixed) > _SHOWN:
            note(f"mtcheck: fixed: and {len(fixed) - _SHOWN} more")
        if fixed:
            note("mtcheck: take the fixed ones out with `mtcheck baseline update`")
