"""``mtcheck rules``: the list, and the page of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mtcheck.cli._app import app
from mtcheck.cli._say import console, data, out

if TYPE_CHECKING:
    from mtcheck.rules import Rule

__all__ = ["rules"]


@app.command()
def rules(
    code: Annotated[
        str | None, typer.Argument(help="A rule's code or name: print its page.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
) -> None:
    """List the rules, or print the page of one.

    Example: mtcheck rules ACC005
    """
    from rich.table import Table

    from mtcheck.rules import all_rules, find

    if code is not None:
        rule = find(code)
        state = "; in preview: runs with --preview or when named" if rule.preview else ""
        out(f"{rule.key} {rule.name}\n{rule.category}, {rule.severity.label}{state}\n")
        out(rule.page)
        return
    listed = [_listed(r) for r in all_rules().values()]
    if as_json:
        data(listed)
        return
    terminal = console()
    columns = ["code", "name", "category", "severity", "on", "precision", "fires", "alarms"]
    if terminal.width >= _WIDE:
        columns.append("summary")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=name in ("code", "severity", "on"), overflow="fold")
    for r in listed:
        table.add_row(*("–" if r[c] is None else str(r[c]) for c in columns))
    terminal.print(table)
    terminal.print(
        "precision: on Bio-MQM dev, with the number of findings; fires: per 1,000 segments there; "
        "alarms: per 1,000 human references. `mtcheck rules CODE` prints a rule's page.",
        style="dim",
    )


_WIDE = 140  # columns of a terminal that hold the summaries too


def _listed(rule: Rule) -> dict[str, object]:
    """A rule as the list shows it; figures are None where nothing was measured."""
    e = rule.evidence
    precision = f"{e.precision:.2f} of {e.fires}" if e and e.precision is not None else None
    return {
        "code": rule.key,
        "name": rule.name,
        "category": rule.category,
        "severity": rule.severity.label,
        "on": "preview" if rule.preview else "yes",
        "precision": precision,
        "fires": f"{1000 * e.fires / e.segments:.1f}" if e else None,
        "alarms": f"{e.per_thousand:.1f}" if e else None,
        "summary": rule.summary,
    }
