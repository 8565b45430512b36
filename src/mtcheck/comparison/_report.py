"""A comparison as HTML, Markdown, CSV and JSON, on the terminal and in a notebook.

The page asks nothing of the network and has no script at all; its content security policy
allows its own style alone. Text of the input is escaped, and control, direction and zero-width
characters are written out.
"""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd
from markupsafe import Markup
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mtcheck import reporters
from mtcheck.api.notebook import STYLE
from mtcheck.comparison._result import Comparison
from mtcheck.comparison._units import Change
from mtcheck.comparison._words import in_words, interval, label, number, p_value, signed
from mtcheck.errors import UsageError
from mtcheck.reporters import FindingRecord, Record
from mtcheck.reporters._page import environment, load, policy_hash
from mtcheck.reporters._words import plural, terminal, visible
from mtcheck.reporters.csv import cell
from mtcheck.reporters.markdown import escape

__all__ = ["FILES", "check_folder", "html", "markdown", "notebook", "print_summary", "write"]

FILES = (
    "comparison.html",
    "comparison.md",
    "segments.csv",
    "segments.jsonl",
    "scores.csv",
    "findings.csv",
    "ranking.csv",
    "pairs.csv",
    "unmatched.csv",
    reporters.SUMMARY,
)
PAGE_WORSE, PAGE_BETTER, PAGE_UNMATCHED = 200, 50, 100
MARKDOWN_SEGMENTS, MARKDOWN_UNMATCHED = 15, 20
_SHORT = 300
"""Characters of a text in Markdown: a comment on a pull request holds 65,536 in all."""
_DIFF = 2000
"""Longer texts are shown without marks; comparing them would take seconds."""

Cells = Mapping[str, object]


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows as plain values, a missing one as None."""
    return [
        {str(k): reporters.plain(v) for k, v in row.items()} for row in frame.to_dict("records")
    ]


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


# --- what the pages show -------------------------------------------------------------------


@dataclass(frozen=True)
class _Piece:
    text: str
    changed: bool


def _diff(old: str, new: str) -> tuple[list[_Piece], list[_Piece]]:
    """Both texts in pieces, told apart by whether the other text has them."""
    if max(len(old), len(new)) > _DIFF or not old or not new:
        return [_Piece(old, False)], [_Piece(new, False)]
    left: list[_Piece] = []
    right: list[_Piece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if a < b:
            left.append(_Piece(old[a:b], kind != "equal"))
        if c < d:
            right.append(_Piece(new[c:d], kind != "equal"))
    return left, right


@dataclass(frozen=True)
class _View:
    """What a page shows of a change."""

    system: str
    id: str
    where: str
    verdict: str
    change: str
    source: str
    reference: str
    old: list[_Piece]
    new: list[_Piece]
    scores: list[tuple[str, str, str]]
    """Name, value under the baseline, value under the system."""
    new_findings: Sequence[FindingRecord]
    fixed_findings: Sequence[FindingRecord]


def _view(change: Change) -> _View:
    unit = change.unit
    old, new = _diff(change.old.hypothesis, change.new.hypothesis)
    scores = []
    for name in ("risk", "penalty", "chrf", "similarity"):
        values = [_float(getattr(side, name)) for side in (change.old, change.new)]
        if any(v is not None for v in values):
            shown = "MQM points" if name == "penalty" else label(name)
            before, after = (
                "–" if v is None else f"{v:.0f}" if name == "penalty" else number(name, v)
                for v in values
            )
            scores.append((shown, before, after))
    return _View(
        system=change.system,
        id=unit.segment_id,
        where=f"{unit.path}:{unit.line}" if unit.path and unit.line else unit.path,
        verdict=change.verdict,
        change=f"{change.score:+.1f}",
        source=unit.source,
        reference=unit.reference or "",
        old=old,
        new=new,
        scores=scores,
        new_findings=change.new_findings,
        fixed_findings=change.fixed_findings,
    )


def _chosen(comparison: Comparison, verdict: str, limit: int) -> list[Change]:
    """Changes of one verdict, the largest first; of several systems each gets its share."""
    each = max(1, limit // (len(comparison.systems) - 1))
    ordered = comparison.changes if verdict == "worse" else comparison.changes[::-1]
    found = []
    for system in comparison.systems[1:]:
        found += [c for c in ordered if c.system == system and c.verdict == verdict][:each]
    return found


@dataclass(frozen=True)
class _Score:
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


def _scores(comparison: Comparison) -> list[_Score]:
    verdicts = comparison.scores["verdict"].tolist()
    return [
        _Score(
            d.system,
            label(d.score),
            number(d.score, d.baseline),
            number(d.score, d.value),
            signed(d.score, d.difference),
            interval(d) or "–",
            _p(d.p_bootstrap),
            _p(d.p_randomisation),
            _p(d.p),
            # Similarity is no quality score: more of it is not better.
            "–" if d.score == "similarity" else verdict,
        )
        for d, verdict in zip(comparison.differences, verdicts, strict=True)
    ]


_RANKED = ("bleu", "chrf", "ter", "risk", "penalty", "similarity")
_COUNTED = ("flagged", "critical", "major", "minor")


def _ranking(comparison: Comparison) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the ranking, without scores that nobody has."""
    rows = _rows(comparison.ranking)
    known = [s for s in _RANKED if any(r[s] is not None for r in rows)]
    heads = ["Cluster", "System", *map(label, known), *(c.capitalize() for c in _COUNTED)]
    return heads, [
        [
            str(r["cluster"]),
            str(r["system"]),
            *(number(s, _float(r[s])) for s in known),
            *(str(r[c]) for c in _COUNTED),
        ]
        for r in rows
    ]


def _findings(comparison: Comparison) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the counts by code: side by side for any number of systems."""
    first, *others = comparison.systems
    by_code: dict[str, dict[str, Cells]] = {}
    for row in _rows(comparison.findings):
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


def _matrix(comparison: Comparison) -> list[tuple[str, list[tuple[str, bool]]]]:
    """P-values of every system (a row) against every other, in the order of the ranking."""
    order = [str(s) for s in comparison.ranking["system"]]
    known: dict[frozenset[str], Cells] = {
        frozenset((str(r["better"]), str(r["worse"]))): r for r in _rows(comparison.pairs)
    }
    table = []
    for a in order:
        cells = []
        for b in order:
            row = known.get(frozenset((a, b)), {}) if a != b else {}
            cells.append((_p(_float(row.get("p"))), bool(row.get("differ"))))
        table.append((a, cells))
    return table


def _counts(comparison: Comparison) -> Mapping[str, object]:
    return cast("Mapping[str, object]", comparison.summary["counts"])


def _title(comparison: Comparison) -> str:
    if len(comparison.systems) == 2:
        return f"{comparison.systems[1]} against {comparison.baseline}"
    return f"{len(comparison.systems)} systems, {comparison.baseline} as the baseline"


def _verdict(comparison: Comparison) -> str:
    if len(comparison.systems) == 2:
        return "Not worse" if comparison.verdict.passed else "Worse"
    worse = [name for name, reasons in comparison.reasons.items() if reasons]
    if not worse:
        return f"None is worse than {comparison.baseline}"
    return f"Worse than {comparison.baseline}: {', '.join(worse)}"


def _notes(comparison: Comparison) -> list[str]:
    return cast("list[str]", comparison.summary["notes"])


# --- HTML ----------------------------------------------------------------------------------


def html(comparison: Comparison) -> str:
    """The whole page."""
    style = load("compare.css")
    changes = comparison.changes
    worse = _chosen(comparison, "worse", PAGE_WORSE)
    better = _chosen(comparison, "better", PAGE_BETTER)
    unmatched = _rows(comparison.unmatched)
    return (
        environment(plural=plural)
        .get_template("compare.html.j2")
        .render(
            c=comparison,
            title=_title(comparison),
            verdict=_verdict(comparison),
            two=len(comparison.systems) == 2,
            counts=_counts(comparison),
            verdicts={v: sum(c.verdict == v for c in changes) for v in ("worse", "better", "same")},
            scores=_scores(comparison),
            signatures=_signatures(comparison),
            ranking=_ranking(comparison),
            order=[str(s) for s in comparison.ranking["system"]],
            matrix=_matrix(comparison),
            rank_by=label(str(comparison.summary["rank_by"])),
            findings=_findings(comparison),
            worse=[_view(c) for c in worse],
            better=[_view(c) for c in better],
            unmatched=unmatched[:PAGE_UNMATCHED],
            unmatched_left=max(0, len(unmatched) - PAGE_UNMATCHED),
            notes=_notes(comparison),
            style=Markup(style),
            policy=f"default-src 'none'; style-src '{policy_hash(style)}'; base-uri 'none'; "
            "form-action 'none'",
        )
    )


def _signatures(comparison: Comparison) -> list[tuple[str, str]]:
    found = {label(d.score): d.signature for d in comparison.differences if d.signature}
    return list(found.items())


def _notebook(comparison: Comparison) -> Iterator[Markup]:
    yield STYLE
    yield Markup('<div class="mtcheck"><p><b>{}</b> {}</p>').format(
        visible(_verdict(comparison)), visible(f"{_title(comparison)}: {comparison.sentence}")
    )
    heads = ("System", "Score", comparison.baseline, "Value", "Difference", "95% interval", "p")
    head = Markup().join(Markup('<th scope="col">{}</th>').format(visible(h)) for h in heads)
    yield Markup("<table><thead><tr>{}</tr></thead><tbody>").format(head)
    for s in _scores(comparison):
        cells = (s.system, s.label, s.baseline, s.value, s.difference, s.interval, s.p)
        row = Markup().join(Markup("<td>{}</td>").format(visible(c)) for c in cells)
        yield Markup("<tr>{}</tr>").format(row)
    yield Markup("</tbody></table>")
    worst = _chosen(comparison, "worse", 10)
    if worst:
        yield Markup(
            '<table><caption>Got worse, worst first</caption><thead><tr><th scope="col">Segment'
            '</th><th scope="col">{}</th><th scope="col">New</th></tr></thead><tbody>'
        ).format(visible(comparison.baseline))
        for c in worst:
            yield Markup(
                '<tr><th scope="row">{}</th><td lang="zh-CN">{}</td><td lang="zh-CN">{}</td></tr>'
            ).format(*map(visible, (c.unit.segment_id, c.old.hypothesis, c.new.hypothesis)))
        yield Markup("</tbody></table>")
    yield Markup("</div>")


def notebook(comparison: Comparison) -> str:
    """The sentence, the scores and the ten worst segments, safe with any text."""
    return str(Markup().join(_notebook(comparison)))


# --- Markdown ------------------------------------------------------------------------------


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int) -> Iterator[str]:
    """A Markdown table; the first ``texts`` columns are text, the others numbers."""
    yield f"| {' | '.join(escape(h) for h in heads)} |\n"
    yield "|" + "---|" * texts + "--:|" * (len(heads) - texts) + "\n"
    for row in rows:
        yield f"| {' | '.join(escape(c) for c in row)} |\n"


def _short(text: str) -> str:
    return escape(text if len(text) <= _SHORT else text[: _SHORT - 1] + "…")


def _segment(place: int, view: _View, *, two: bool) -> Iterator[str]:
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


def _markdown(comparison: Comparison) -> Iterator[str]:
    two = len(comparison.systems) == 2
    yield f"# mtcheck: {escape(_title(comparison))}\n\n"
    yield f"<b>{escape(_verdict(comparison))}</b>. {escape(comparison.sentence)}\n"
    if comparison.verdict.reasons:
        yield "\n" + "".join(f"- {escape(r)}\n" for r in comparison.verdict.reasons)
    if not two:
        yield f"\n## Ranking by {escape(label(str(comparison.summary['rank_by'])))}\n\n"
        heads, rows = _ranking(comparison)
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
        for s in _scores(comparison)
    ]
    yield from _table(heads if two else ["System", *heads], rows, texts=1 if two else 2)
    for note in _notes(comparison):
        yield f"\nNote: {escape(note)}\n"
    yield "\n## Findings by code\n\n"
    heads, rows = _findings(comparison)
    yield from _table(heads, rows, texts=2) if rows else ["None.\n"]
    worse = _chosen(comparison, "worse", MARKDOWN_SEGMENTS)
    total = sum(c.verdict == "worse" for c in comparison.changes)
    than = "got worse" if two else f"are worse than under {comparison.baseline}"
    yield f"\n## Segments that {escape(than)}, worst first\n"
    for place, change in enumerate(worse, start=1):
        yield from _segment(place, _view(change), two=two)
    if total > len(worse):
        yield f"\nand {total - len(worse):,} more.\n"
    elif not total:
        yield "\nNone.\n"
    if len(comparison.unmatched):
        rows = [
            [str(r["system"]), str(r["segment_id"] or r["doc_id"]), str(r["why"])]
            for r in _rows(comparison.unmatched)
        ]
        yield "\n## Rows without a partner\n\n"
        yield from _table(["System", "Row", "Why"], rows[:MARKDOWN_UNMATCHED], texts=3)
        if len(rows) > MARKDOWN_UNMATCHED:
            yield f"\nand {len(rows) - MARKDOWN_UNMATCHED:,} more.\n"
    version = str(comparison.summary["mtcheck_version"])
    yield f"\n---\n\nmtcheck {escape(version)}. A finding is a machine's, unconfirmed.\n"


def markdown(comparison: Comparison) -> str:
    """The whole report."""
    return "".join(_markdown(comparison))


# --- the folder ----------------------------------------------------------------------------


class _Folder(reporters.Folder):
    """A report folder that may replace an earlier comparison as well."""

    def _check(self) -> None:
        if not self._is_comparison():
            super()._check()
            return
        foreign = sorted({p.name for p in self._out.iterdir()} - set(FILES))
        if foreign:
            raise UsageError(
                f"{self._out.name}: holds files that are not the comparison's "
                f"({', '.join(foreign[:3])}); move them away, or choose another folder with --out"
            )

    def _is_comparison(self) -> bool:
        try:
            summary = json.loads((self._out / reporters.SUMMARY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(summary, dict) and summary.get("comparison") is True


def check_folder(out: Path) -> None:
    """Raise UsageError for a folder that :func:`write` would refuse."""
    _Folder(out)._check()


def _flat(row: Record) -> Record:
    """Findings as their codes, for a spreadsheet."""
    found = {k: v for k, v in row.items() if k.endswith("_findings")}
    codes = {
        k: ";".join(f["code"] for f in cast("list[FindingRecord]", v)) for k, v in found.items()
    }
    return {**row, **codes}


def _csv(path: Path, frame: pd.DataFrame) -> None:
    columns = [str(c) for c in frame.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([cell(c) for c in columns])
        for row in _rows(frame):
            flat = _flat(cast("Record", row))
            out.writerow([cell(flat[c]) for c in columns])


def write(comparison: Comparison, out: Path) -> Path:
    """Write the report folder. Raises UsageError when ``out`` is something else."""
    tables = {
        "scores": comparison.scores,
        "findings": comparison.findings,
        "ranking": comparison.ranking,
        "pairs": comparison.pairs,
        "unmatched": comparison.unmatched,
    }
    with _Folder(out) as folder:
        for name, text in (
            ("comparison.html", html(comparison)),
            ("comparison.md", markdown(comparison)),
        ):
            # newline="": what is written is what was made, on every system.
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                file.write(text)
        for name, frame in (("segments", comparison.segments), *tables.items()):
            _csv(folder / f"{name}.csv", frame)
        with (folder / "segments.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(
                reporters.dump(reporters.plain(r)) + "\n" for r in _rows(comparison.segments)
            )
        parts = {name: _rows(frame) for name, frame in tables.items()}
        reporters.write_summary(folder, {**comparison.summary, **parts})
    return out


# --- terminal ------------------------------------------------------------------------------


def _safe(value: str, style: str = "") -> Text:
    return Text(terminal(value), style=style)


def _terminal_table(heads: Sequence[str], rows: Sequence[Sequence[str]], texts: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for at, head in enumerate(heads):
        table.add_column(
            _safe(head), justify="left" if at < texts else "right", no_wrap=at >= texts
        )
    for row in rows:
        table.add_row(*map(_safe, row))
    return table


def print_summary(comparison: Comparison, console: Console) -> None:
    """Sentence, reasons, scores, findings that changed, and the ten worst segments."""
    passed = comparison.verdict.passed
    head = _safe(_verdict(comparison), "bold green" if passed else "bold red")
    head.append(f"  {terminal(_title(comparison))}: ", "not bold default")
    console.print(head.append(terminal(comparison.sentence), "not bold default"))
    for reason in comparison.verdict.reasons:
        console.print(_safe(f"- {reason}"))
    two = len(comparison.systems) == 2
    if two:
        rows = [
            [s.label, s.baseline, s.value, s.difference, s.interval, s.p]
            for s in _scores(comparison)
        ]
        heads = ["Score", *comparison.systems, "Difference", "95% interval", "p"]
        console.print(_terminal_table(heads, rows, 1))
    else:
        heads, rows = _ranking(comparison)
        console.print(_terminal_table(heads, rows, 2))
        for d in comparison.differences:
            if d.score == comparison.summary["rank_by"]:
                console.print(_safe(f"{d.system} against {comparison.baseline}: {in_words(d)}"))
    heads, rows = _findings(comparison)
    differing = [r for r in rows if len(set(r[2 : 2 + len(comparison.systems)])) > 1]
    if differing:
        console.print(_terminal_table(heads, differing, 2))
    worst = _chosen(comparison, "worse", 10)
    if worst:
        rows = [
            [
                c.unit.segment_id,
                *([] if two else [c.system]),
                " ".join(dict.fromkeys(f["code"] for f in c.new_findings)),
                c.new.hypothesis[:30] or "(empty)",
                f"{c.score:+.1f}",
            ]
            for c in worst
        ]
        heads = ["Got worse", *([] if two else ["System"]), "New findings", "Text", "Change"]
        console.print(_terminal_table(heads, rows, len(heads) - 1))
    for row in _rows(comparison.unmatched.head(10)):
        name = row["segment_id"] or row["doc_id"]
        console.print(_safe(f"Left out: {row['system']}, {name}: {row['why']}", "yellow"))
    if len(comparison.unmatched) > 10:
        console.print(_safe(f"and {len(comparison.unmatched) - 10} more rows left out", "yellow"))
    for note in _notes(comparison):
        console.print(_safe(f"Note: {note}", "dim"))
