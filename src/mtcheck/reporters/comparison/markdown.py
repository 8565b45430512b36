"""``comparison.md``: short enough for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.comparison.result import Compared
from mtcheck.comparison.words import label
from mtcheck.reporters.comparison._view import (
    View,
    chosen,
    findings,
    plain_rows,
    ranking,
    score_rows,
    title,
    verdict,
    view,
)
from mtcheck.reporters.folder.markdown import escape

__all__ = ["markdown"]

MARKDOWN_SEGMENTS, MARKDOWN_UNMATCHED = 15, 20
_SHORT = 300
"""Characters of a text: a comment on a pull request holds 65,536 in all."""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int) -> Iterator[str]:
    """A Markdown table; the first ``texts`` columns are text, the others numbers."""
    yield f"| {' | '.join(escape(h) for h in heads)} |\n"
    yield "|" + "---|" * texts + "--:|" * (len(heads) - texts) + "\n"
    for row in rows:
        yield f"| {' | '.join(escape(c) for c in row)} |\n"


def _short(text: str) -> str:
    return escape(text if len(text) <= _SHORT else text[: _SHORT - 1] + "…")


def _segment(place: int, view: View, *, two: bool) -> Iterator[str]:
    head = [view.id] + ([] if two else [view.system]) + [f"change {view.change}"]
    yield f"\n### {place}. {' · '.join(escape(h) for h in head)}\n\n"
    if view.where:
        yield f"- Where: {escape(view.where)}\n"
    if view.scores:
        told = (f"{escape(n)} {escape(a)} → {escape(b)}" for n, a, b in view.scores)
        yield f"- Scores: {', '.join(told)}\n"
    yield f"- Source: {_short(view.source) or '*(empty)*'}\n"
    for name, pieces in (("Old", view.old), ("New", view.new)):
        text = "".join(p.text for p in pieces)
        yield f"- {name}: {_short(text) or '*(empty)*'}\n"
    if view.reference:
        yield f"- Reference: {_short(view.reference)}\n"
    for kind, found in (("New finding", view.new_findings), ("Fixed", view.fixed_findings)):
        for f in found:
            yield (
                f"- {kind}: {escape(f['code'])} {escape(f['severity'])}: {_short(f['message'])}\n"
            )


def _markdown(comparison: Compared) -> Iterator[str]:
    two = len(comparison.systems) == 2
    yield f"# mtcheck: {escape(title(comparison))}\n\n"
    yield f"<b>{escape(verdict(comparison))}</b>. {escape(comparison.sentence)}\n"
    if comparison.verdict.reasons:
        yield "\n" + "".join(f"- {escape(r)}\n" for r in comparison.verdict.reasons)
    if not two:
        yield f"\n## Ranking by {escape(label(comparison.summary['rank_by']))}\n\n"
        heads, rows = ranking(comparison)
        yield from _table(heads, rows, texts=2)
        yield "\nEvery system of a cluster differs significantly from every one below it.\n"
    yield "\n## Scores\n\n"
    heads = ["Score", comparison.baseline, "Value", "Difference", "95% interval"]
    heads += ["p, bootstrap", "p, randomisation", "Verdict"]
    rows = [
        [
            *([] if two else [s.system]),
            s.label,
            s.baseline,
            s.value,
            s.difference,
            s.interval,
            s.bootstrap,
            s.randomisation,
            s.verdict,
        ]
        for s in score_rows(comparison)
    ]
    yield from _table(heads if two else ["System", *heads], rows, texts=1 if two else 2)
    for note in comparison.summary["notes"]:
        yield f"\nNote: {escape(note)}\n"
    yield "\n## Findings by code\n\n"
    heads, rows = findings(comparison)
    yield from _table(heads, rows, texts=2) if rows else ["None.\n"]
    worse = chosen(comparison, "worse", MARKDOWN_SEGMENTS)
    total = sum(c.verdict == "worse" for c in comparison.changes)
    than = "got worse" if two else f"are worse than under {comparison.baseline}"
    yield f"\n## Segments that {escape(than)}, worst first\n"
    for place, change in enumerate(worse, start=1):
        yield from _segment(place, view(change), two=two)
    if total > len(worse):
        yield f"\nand {total - len(worse):,} more.\n"
    elif not total:
        yield "\nNone.\n"
    if len(comparison.unmatched):
        rows = [
            [str(r["system"]), str(r["segment_id"] or r["doc_id"]), str(r["why"])]
            for r in plain_rows(comparison.unmatched)
        ]
        yield "\n## Rows without a partner\n\n"
        yield from _table(["System", "Row", "Why"], rows[:MARKDOWN_UNMATCHED], texts=3)
        if len(rows) > MARKDOWN_UNMATCHED:
            yield f"\nand {len(rows) - MARKDOWN_UNMATCHED:,} more.\n"
    version = comparison.summary["mtcheck_version"]
    yield f"\n---\n\nmtcheck {escape(version)}. A finding is a machine's, unconfirmed.\n"


def markdown(comparison: Compared) -> str:
    """The whole report."""
    return "".join(_markdown(comparison))
