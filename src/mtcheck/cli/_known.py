"""Options for what is known already (baseline, suppressions, decisions), and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

__all__ = ["BaselineFile", "Decisions", "Suppressions", "say_known"]

KNOWN = "Leaving out what is known"
_SHOWN = 10  # lines on stderr before the rest is counted

BaselineFile = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="File of `mtcheck baseline write`: only findings that are new or worse fail.",
        rich_help_panel=KNOWN,
    ),
]
Suppressions = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="TOML file of [[suppress]] tables: rule, doc_id, segment_id, reason, expires.",
        rich_help_panel=KNOWN,
    ),
]
Decisions = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE",
        help="Decisions exported from a report: their false alarms are silent wherever the same "
        "pair of texts stands. May be given several times.",
        rich_help_panel=KNOWN,
    ),
]


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
