"""The terminal summary of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mtcheck.comparison.result import Compared
from mtcheck.comparison.words import in_words
from mtcheck.reporters.comparison._view import (
    chosen,
    findings,
    plain_rows,
    ranking,
    score_rows,
    title,
    verdict,
)
from mtcheck.reporters.words import terminal, told_apart

__all__ = ["print_summary"]


def _safe(value: str, style: str = "") -> Text:
    return Text(terminal(value), style=style)


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], texts: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for at, head in enumerate(heads):
        table.add_column(
            _safe(head),
            justify="left" if at < texts else "right",
            no_wrap=at >= texts,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*map(_safe, row))
    return table


def print_summary(comparison: Compared, console: Console) -> None:
    """Sentence, reasons, scores, findings that changed, and the ten worst segments."""
    passed = comparison.verdict.passed
    head = _safe(verdict(comparison), "bold green" if passed else "bold red")
    head.append(f"  {terminal(title(comparison))}: ", "not bold default")
    console.print(head.append(terminal(comparison.sentence), "not bold default"))
    for reason in comparison.verdict.reasons:
        console.print(_safe(f"- {reason}"))
    two = len(comparison.systems) == 2
    if two:
        rows = [
            [s.label, s.baseline, s.value, s.difference, s.interval, s.p]
            for s in score_rows(comparison)
        ]
        heads = ["Score", *comparison.systems, "Difference", "95% interval", "p"]
        console.print(_grid(heads, rows, 1))
    else:
        heads, rows = ranking(comparison)
        console.print(_grid(heads, rows, 2))
        for d in comparison.differences:
            if d.score == comparison.summary["rank_by"]:
                console.print(_safe(f"{d.system} against {comparison.baseline}: {in_words(d)}"))
    heads, rows = findings(comparison)
    differing = [r for r in rows if len(set(r[2 : 2 + len(comparison.systems)])) > 1]
    if differing:
        console.print(_grid(heads, differing, 2))
    worst = chosen(comparison, "worse", 10)
    if worst:
        shared, ids = told_apart([c.passage.segment_id for c in worst])
        rows = [
            [
                name,
                *([] if two else [c.system]),
                " ".join(dict.fromkeys(f["code"] for f in c.new_findings)),
                c.new.hypothesis[:30] or "(empty)",
                f"{c.score:+.1f}",
            ]
            for name, c in zip(ids, worst, strict=True)
        ]
        heads = ["Got worse", *([] if two else ["System"]), "New findings", "Text", "Change"]
        console.print(_grid(heads, rows, len(heads) - 1))
        if shared:
            console.print(_safe(f"… stands for {shared}", "dim"))
    for row in plain_rows(comparison.unmatched.head(10)):
        name = row["segment_id"] or row["doc_id"]
        console.print(_safe(f"Left out: {row['system']}, {name}: {row['why']}", "yellow"))
    if len(comparison.unmatched) > 10:
        console.print(_safe(f"and {len(comparison.unmatched) - 10} more rows left out", "yellow"))
    for note in comparison.summary["notes"]:
        console.print(_safe(f"Note: {note}", "dim"))
