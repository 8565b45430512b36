"""How often each rule is right, on human error marks: the table behind ``mtcheck evaluate rules``.

A finding is right when one of its hypothesis spans overlaps a mark that a human made in the
segment; every mark counts, also a neutral one. Where a finding has no hypothesis span, or its
rule speaks of something that is not there (:data:`BY_SEGMENT`), it is right when the segment
has any mark at all; the table says how many findings were judged so. That second test is
easy to pass by chance where most segments have a mark, so the share of marked segments is
printed above the table.

On a file of right translations (``clean``) nothing can be right; there the table counts how
often a rule fires.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mtcheck.alignment.coverage import with_uncovered
from mtcheck.config import Config
from mtcheck.errors import MtcheckError
from mtcheck.lab.marks import (
    OMISSION,
    HumanError,
    Labelled,
    documents,
    merged,
    read_labelled,
)
from mtcheck.models import EMBEDDED, Encoder, load_encoder
from mtcheck.rules import CRASH_CODE, Rule, selected
from mtcheck.scoring import with_similarity
from mtcheck.types import Finding, Severity

__all__ = [
    "AIMS",
    "BY_SEGMENT",
    "Judged",
    "RuleEvaluation",
    "RuleFigures",
    "evaluate_rows",
    "evaluate_rules",
    "main",
    "wilson",
]

AIMS: Mapping[str, tuple[str, ...]] = {
    "ACC001": (OMISSION,),
    "ACC002": ("Addition",),
    "ACC003": ("Untranslated",),
    "ACC004": ("Untranslated",),
    "ACC008": ("Number_format",),
    "ACC021": ("Untranslated",),
    "LNG001": ("Punctuation",),
    "LNG002": ("Punctuation",),
    "LNG003": ("Punctuation",),
    "LNG004": ("Punctuation",),
    "LNG008": ("Spelling",),
    "LNG009": ("Spelling",),
    "LNG010": ("Spelling",),
    "LNG011": ("Spelling",),
    "ACC028": (OMISSION,),
    "ACC029": ("Spelling",),
    "STR007": ("Spelling",),
    "TER001": ("Wrong_term",),
    "TER002": ("Wrong_term",),
    "TER003": ("Inconsistent",),
}
"""The human subcategories a rule aims at. A rule that covers only a corner of one (a number is
a small part of Mistranslation) is not listed: its recall would say nothing."""

BY_SEGMENT = frozenset({"ACC001", "ACC007", "ACC022", "ACC023", "ACC026", "ACC028"})
"""Rules about what is missing or about the segment as a whole: their span, if any, only says
where to look."""

CORE = ("Punctuation", "Untranslated", "Number_format", "Spelling")
"""The human categories that rules, rather than a model, ought to find."""

_SOURCE_SIDE = "SRC"
_Key = tuple[str, int | None]


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """The 95% interval of a proportion (Wilson 1927), 0 to 1; None without observations."""
    if not n:
        return None
    z = 1.959964
    p = hits / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the verdict of the human marks."""

    row: Labelled
    finding: Finding
    by_segment: bool
    right: bool
    right_major: bool


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """One row of the table. Proportions are 0 to 1, None where nothing could be counted.

    ``precision`` counts any mark, ``precision_major`` those of severity major or critical.
    ``recall`` is the share of the marks of ``aims`` that a finding overlaps.
    """

    code: str
    name: str
    preview: bool
    fires: int
    segments: int
    per_thousand: float
    by_segment: int
    precision: float | None
    interval: tuple[float, float] | None
    precision_major: float | None
    aims: tuple[str, ...]
    aimed: int
    recall: float | None


@dataclass(frozen=True)
class RuleEvaluation:
    """The table: a row per rule, aggregates, and recall by human category.

    ``groups`` holds the default-on rules taken together, all their findings and those of
    severity major and above. ``marked`` and ``marked_major`` are the shares of segments with
    any mark and with a major or critical one: what a finding judged by segment gets by chance.
    """

    files: tuple[str, ...]
    clean: bool
    segments: int
    set_aside: int
    moved: int
    marks: int
    marked: float
    marked_major: float
    rules: tuple[RuleFigures, ...]
    groups: tuple[RuleFigures, ...]
    categories: Mapping[str, tuple[int, int]]
    crashes: int
    judged: tuple[Judged, ...] = field(repr=False, default=())

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON, without the single findings."""

        def row(r: RuleFigures) -> dict[str, object]:
            return {
                "code": r.code,
                "name": r.name,
                "preview": r.preview,
                "fires": r.fires,
                "segments": r.segments,
                "fires_per_1000": r.per_thousand,
                "judged_by_segment": r.by_segment,
                "precision": r.precision,
                "precision_95": list(r.interval) if r.interval else None,
                "precision_major": r.precision_major,
                "aims": list(r.aims),
                "aimed": r.aimed,
                "recall": r.recall,
            }

        return {
            "files": list(self.files),
            "clean": self.clean,
            "segments": self.segments,
            "set_aside": self.set_aside,
            "marks": self.marks,
            "marks_moved": self.moved,
            "segments_marked": self.marked,
            "segments_marked_major": self.marked_major,
            "crashes": self.crashes,
            "rules": [row(r) for r in self.rules],
            "groups": [row(r) for r in self.groups],
            "recall": {k: {"found": f, "marks": n} for k, (f, n) in self.categories.items()},
        }

    def markdown(self) -> str:
        """The tables as Markdown, with the sentences that say how they were counted."""
        lines = [f"{', '.join(self.files)}: {self.segments} segments" + self._preamble(), ""]
        if self.crashes:
            lines += [f"**{self.crashes} findings are crashes of a rule ({CRASH_CODE}).**", ""]
        if self.clean:
            lines += [
                "| rule | name | on | fires | segments | fires per 1,000 segments |",
                "|---|---|---|---:|---:|---:|",
            ]
            lines += [
                f"| {r.code} | {r.name} | {_on(r)} | {r.fires} | {r.segments} "
                f"| {r.per_thousand:.1f} |"
                for r in (*self.rules, *self.groups)
            ]
            return "\n".join(lines) + "\n"
        lines += [
            "| rule | name | on | fires | precision | 95% | major+ | judged by "
            "| aims at | recall | fires per 1,000 |",
            "|---|---|---|---:|---:|---|---:|---|---|---:|---:|",
        ]
        lines += [
            f"| {r.code} | {r.name} | {_on(r)} | {r.fires} | {_share(r.precision)} "
            f"| {_interval(r.interval)} | {_share(r.precision_major)} | {_criterion(r)} "
            f"| {', '.join(r.aims) or '–'} | {_recall(r)} | {r.per_thousand:.1f} |"
            for r in (*self.rules, *self.groups)
        ]
        if self.categories:
            lines += [
                "",
                "Marks found by the default-on rules together, by human category:",
                "",
                "| category | marks | found | recall |",
                "|---|---:|---:|---:|",
            ]
            lines += [
                f"| {name} | {n} | {found} | {_share(found / n if n else None)} |"
                for name, (found, n) in self.categories.items()
            ]
        return "\n".join(lines) + "\n"

    def _preamble(self) -> str:
        if self.clean:
            return ", taken as right."
        text = (
            f", {self.marks} human marks; {self.marked:.0%} of the segments have one, "
            f"{self.marked_major:.0%} a major or critical one."
        )
        if self.moved:
            text += f" {self.moved} marks were up to three characters off and moved."
        if self.set_aside:
            text += (
                f" {self.set_aside} more segments were set aside: their marks are of another text."
            )
        return text


def evaluate_rules(
    paths: Sequence[Path],
    config: Config | None = None,
    *,
    clean: bool = False,
    as_is: bool = False,
    only_systems: Collection[str] = (),
    exclude_systems: Collection[str] = (),
    source_column: str = "source",
    hypothesis_column: str = "hypothesis",
) -> RuleEvaluation:
    """Run the rules of ``config`` over labelled files and judge their findings.

    ``clean``: the translations are right and have no marks. ``as_is``: do not mend misplaced
    marks, and judge each annotator's reading of a text by itself. Raises DataError for an
    unreadable file or a filter that leaves no row, RuleError for an unknown rule in the config.
    """
    rows: list[Labelled] = []
    for path in paths:
        rows += read_labelled(
            path,
            source_column=source_column,
            hypothesis_column=hypothesis_column,
            clean=clean,
            as_is=as_is,
        )
    rows = [
        row
        for row in rows
        if (not only_systems or row.system in only_systems) and row.system not in exclude_systems
    ]
    return evaluate_rows(
        rows if as_is else merged(rows),
        config,
        files=[p.name for p in paths],
        clean=clean,
        encoder=load_encoder(EMBEDDED),
    )


def evaluate_rows(
    rows: Sequence[Labelled],
    config: Config | None = None,
    *,
    files: Sequence[str] = (),
    clean: bool = False,
    encoder: Encoder | None = None,
) -> RuleEvaluation:
    """The same for rows already read. Rows that are not usable give context but no counts.

    Without an ``encoder`` the rules that go by similarity or coverage are silent.
    """
    config = config or Config()
    rules = selected(config)
    counted = [row for row in rows if row.usable]
    judged, crashes = _judge(rows, rules, config, encoder)
    on = [j for j in judged if _counts(j.finding.code, rules)]
    grave = [j for j in on if j.finding.severity >= Severity.MAJOR]
    n = len(counted)
    by_code: dict[str, list[Judged]] = {rule.key: [] for rule in rules}
    for item in judged:
        by_code[item.finding.code].append(item)
    marks: Counter[str] = Counter(e.category for row in counted for e in row.errors)
    return RuleEvaluation(
        files=tuple(files),
        clean=clean,
        segments=n,
        set_aside=len(rows) - n,
        moved=sum(row.moved for row in counted),
        marks=sum(len(row.errors) for row in counted),
        marked=_ratio(sum(bool(row.errors) for row in counted), n) or 0.0,
        marked_major=_ratio(sum(_marked(row, Severity.MAJOR) for row in counted), n) or 0.0,
        rules=tuple(
            _figures(
                by_code[r.key],
                counted,
                code=r.key,
                name=r.name,
                preview=r.preview,
                aims=AIMS.get(r.key, ()),
            )
            for r in rules
        ),
        groups=(
            _figures(on, counted, code="all", name="default-on rules"),
            _figures(grave, counted, code="major", name="of these, findings major or above"),
        ),
        categories={
            name: (_found(on, counted, (name,)), marks[name])
            for name in (*CORE, *sorted(m for m in marks if m and m not in CORE))
        }
        if any(marks)
        else {},
        crashes=crashes,
        judged=tuple(judged),
    )


def _counts(code: str, rules: Sequence[Rule]) -> bool:
    """Whether a rule belongs in the aggregate: on by default and about the translation."""
    return any(r.key == code and not r.preview for r in rules) and not code.startswith(_SOURCE_SIDE)


def _judge(
    rows: Sequence[Labelled], rules: Sequence[Rule], config: Config, encoder: Encoder | None
) -> tuple[list[Judged], int]:
    judged: list[Judged] = []
    crashes = 0
    # What batch rules count, of each system apart as in a run.
    totals: dict[tuple[str, str], Counter[str]] = {}
    for rule in (r for r in rules if r.scope == "batch"):
        for row in rows:
            counted = totals.setdefault((row.system, rule.key), Counter())
            counted.update(rule.count([row.segment], config))
    for document in documents(rows):
        segments = [row.segment for row in document]
        if encoder is not None:
            segments = with_uncovered(with_similarity(segments, encoder), encoder)
        for rule in rules:
            known = totals.get((document[0].system, rule.key))
            for at, finding in rule.run(segments, config, known):
                if finding.code == CRASH_CODE:
                    crashes += 1
                elif document[at].usable:
                    judged.append(_judge_one(document[at], finding))
    return judged, crashes


def _judge_one(row: Labelled, finding: Finding) -> Judged:
    by_segment = finding.code in BY_SEGMENT or not any(
        s.side == "hypothesis" for s in finding.spans
    )
    hit = [e for e in row.errors if by_segment or _overlaps(finding, e)]
    return Judged(
        row, finding, by_segment, bool(hit), any(e.severity >= Severity.MAJOR for e in hit)
    )


def _overlaps(finding: Finding, error: HumanError) -> bool:
    return any(s.side == "hypothesis" and error.overlaps(s.start, s.end) for s in finding.spans)


def _marked(row: Labelled, severity: Severity) -> bool:
    return any(e.severity >= severity for e in row.errors)


def _found(judged: Iterable[Judged], rows: Sequence[Labelled], aims: Collection[str]) -> int:
    """How many marks of these categories a finding overlaps, or (omissions) shares a segment."""
    by_row: dict[_Key, list[Finding]] = {}
    for item in judged:
        by_row.setdefault(_key(item.row), []).append(item.finding)
    return sum(
        any(e.start is None or _overlaps(f, e) for f in by_row.get(_key(row), ()))
        for row in rows
        for e in row.errors
        if e.category in aims
    )


def _figures(
    judged: Sequence[Judged],
    rows: Sequence[Labelled],
    *,
    code: str,
    name: str,
    preview: bool = False,
    aims: tuple[str, ...] = (),
) -> RuleFigures:
    fires = len(judged)
    # a flaw of the source is no claim about the translation, so no mark can confirm it
    n = 0 if code.startswith(_SOURCE_SIDE) else fires
    hits = sum(j.right for j in judged)
    aimed = sum(e.category in aims for row in rows for e in row.errors)
    return RuleFigures(
        code=code,
        name=name,
        preview=preview,
        fires=fires,
        segments=len({_key(j.row) for j in judged}),
        per_thousand=1000 * fires / len(rows) if rows else 0.0,
        by_segment=sum(j.by_segment for j in judged),
        precision=_ratio(hits, n),
        interval=wilson(hits, n),
        precision_major=_ratio(sum(j.right_major for j in judged), n),
        aims=aims,
        aimed=aimed,
        recall=_ratio(_found(judged, rows, aims), aimed),
    )


def _key(row: Labelled) -> _Key:
    """What tells a row from all others: its place in its file."""
    return row.segment.path, row.segment.line


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _on(r: RuleFigures) -> str:
    return "preview" if r.preview else "yes"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _interval(value: tuple[float, float] | None) -> str:
    return "–" if value is None else f"{value[0]:.2f}–{value[1]:.2f}"


def _criterion(r: RuleFigures) -> str:
    if r.precision is None:
        return "–"
    if not r.by_segment:
        return "span"
    return "segment" if r.by_segment == r.fires else f"span, {r.by_segment} by segment"


def _recall(r: RuleFigures) -> str:
    return "–" if r.recall is None else f"{r.recall:.2f} of {r.aimed}"


def _examples(evaluation: RuleEvaluation, code: str, *, wrong_only: bool) -> Iterator[str]:
    """The findings of one rule, a block of lines each, for the rule's author to look at."""
    for item in evaluation.judged:
        if item.finding.code != code or (wrong_only and item.right):
            continue
        row = item.row.segment
        verdict = "right" if item.right else "WRONG" if not evaluation.clean else "fires"
        marked = [f"{s.side}: {row.text(s.side)[s.start : s.end]!r}" for s in item.finding.spans]
        yield f"{verdict} {item.row.system} {row.segment_id}: {item.finding.message}"
        yield f"  {'; '.join(marked)}"
        yield f"  {row.source}"
        yield f"  {row.hypothesis}"
        for e in item.row.errors:
            text = row.hypothesis[e.start : e.end] if e.start is not None else ""
            yield f"  human: {e.severity.label} {e.category} {text!r}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mtcheck.lab.rules.judge",
        description="How often each rule is right on human error marks, or fires on right text.",
    )
    add = parser.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="JSONL, CSV or TSV of aligned rows")
    add("--clean", action="store_true", help="the translations are right: only count fires")
    add("--as-is", action="store_true", help="do not mend marks, nor join the readings of one text")
    add("--only-systems", default="", help="names, separated by commas")
    add("--exclude-systems", default="", help="names, separated by commas")
    add("--source-column", default="source")
    add("--hypothesis-column", default="hypothesis")
    add("--select", default="", help="only these rules: codes, prefixes or names")
    add("--ignore", default="", help="all but these rules")
    add("--preview", action="store_true", help="also run rules still in preview")
    add("--format", choices=("markdown", "json"), default="markdown")
    add("--show", default="", metavar="CODE", help="list the findings of one rule instead")
    add("--show-wrong", default="", metavar="CODE", help="the same, only those that are wrong")
    return parser


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command; returns the exit code (0, or 2 after an error on stderr)."""
    options = _parser().parse_args(arguments)
    shown: str = options.show or options.show_wrong
    try:
        evaluation = evaluate_rules(
            options.files,
            Config(
                select=(shown,) if shown else _list(options.select),
                ignore=_list(options.ignore),
                preview=options.preview,
            ),
            clean=options.clean,
            as_is=options.as_is,
            only_systems=_list(options.only_systems),
            exclude_systems=_list(options.exclude_systems),
            source_column=options.source_column,
            hypothesis_column=options.hypothesis_column,
        )
    except MtcheckError as error:
        print(error, file=sys.stderr)
        return 2
    if shown:
        for line in _examples(evaluation, shown, wrong_only=bool(options.show_wrong)):
            print(line)
    elif options.format == "json":
        print(json.dumps(evaluation.as_dict(), ensure_ascii=False, indent=2))
    else:
        print(evaluation.markdown(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
