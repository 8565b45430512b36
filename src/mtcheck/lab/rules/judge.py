"""How often each rule is right, on human error marks: the table behind ``mtcheck evaluate rules``.

A finding is right when one of its hypothesis spans overlaps a mark that a human made in the
segment; every mark counts, also a neutral one. Where a finding has no hypothesis span, or its
rule speaks of something that is not there (``Rule.by_segment``), it is right when the segment
has any mark at all; the table says how many findings were judged so. That second test is
easy to pass by chance where most segments have a mark, so the share of marked segments is
printed above the table.

Marks alone understate: experts leave errors unmarked. With verdicts on findings that were read
(:mod:`mtcheck.lab.rules.adjudications`) there are two precisions: *marked*, by the marks alone,
and *adjudicated*, in which a verdict has the last word and an unmarked finding that nobody read
counts as wrong.

On a file of right translations (``clean``) nothing can be right; there the table counts how
often a rule fires.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mtcheck.alignment.prepare import prepare
from mtcheck.config import Config
from mtcheck.lab.labels import Labelled, documents, merged, read_labelled
from mtcheck.lab.markdown import interval, share, table
from mtcheck.lab.marks import HumanError
from mtcheck.lab.rules.adjudications import Verdicts, named
from mtcheck.lab.statistics import wilson
from mtcheck.models import EMBEDDED, Encoder, load_encoder
from mtcheck.rules import CRASH_CODE, Rule, SharedDocument, needed, selected
from mtcheck.types import Finding, Severity

__all__ = [
    "Judged",
    "RuleEvaluation",
    "RuleFigures",
    "evaluate_rows",
    "evaluate_rules",
    "examples",
]

CORE = ("Punctuation", "Untranslated", "Number_format", "Spelling")
"""The human categories that rules, rather than a model, ought to find."""

_SOURCE_SIDE = "SRC"
_Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what the human marks say of it, and the verdict of who read it, if any."""

    row: Labelled
    finding: Finding
    by_segment: bool
    right: bool
    right_major: bool
    verdict: bool | None = None

    @property
    def holds(self) -> bool:
        """Whether it is right by its verdict, or by the marks where nobody read it."""
        return self.right if self.verdict is None else self.verdict


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """One row of the table. Proportions are 0 to 1, None where nothing could be counted.

    ``precision`` counts any mark, ``precision_major`` those of severity major or critical.
    ``recall`` is the share of the marks of ``aims`` that a finding overlaps. ``adjudicated``
    is the precision by verdicts and marks together, ``unread`` the number of findings that
    have neither a mark nor a verdict.
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
    adjudicated: float | None
    adjudicated_interval: tuple[float, float] | None
    unread: int


@dataclass(frozen=True)
class RuleEvaluation:
    """The table: a row per rule, aggregates, and recall by human category.

    ``groups`` holds the default-on rules taken together, all their findings and those of
    severity major and above. ``marked`` and ``marked_major`` are the shares of segments with
    any mark and with a major or critical one: what a finding judged by segment gets by chance.
    ``verdicts``: how many findings were read; None where no verdicts were given.
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
    verdicts: int | None = None
    judged: tuple[Judged, ...] = field(repr=False, default=())

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON, without the single findings."""

        def read(r: RuleFigures) -> dict[str, object]:
            return {
                "adjudicated": r.adjudicated,
                "adjudicated_95": list(r.adjudicated_interval) if r.adjudicated_interval else None,
                "unread": r.unread,
            }

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
                **(read(r) if self.verdicts is not None else {}),
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
        every = (*self.rules, *self.groups)
        if self.clean:
            lines += table(
                "rule | name | on |> fires |> segments |> fires per 1,000 segments",
                (
                    (r.code, r.name, _on(r), r.fires, r.segments, f"{r.per_thousand:.1f}")
                    for r in every
                ),
            )
            return "\n".join(lines) + "\n"
        both = self.verdicts is not None
        precision = "marked | 95% |> adjudicated | 95% |> unread" if both else "precision | 95%"
        lines += table(
            f"rule | name | on |> fires |> {precision} |> major+ | judged by | aims at |> recall "
            "|> fires per 1,000",
            (
                (
                    *(r.code, r.name, _on(r), r.fires, share(r.precision), interval(r.interval)),
                    *(_read(r) if both else ()),
                    *(share(r.precision_major), _criterion(r), ", ".join(r.aims) or "–"),
                    *(_recall(r), f"{r.per_thousand:.1f}"),
                )
                for r in every
            ),
        )
        if self.categories:
            lines += ["", "Marks found by the default-on rules together, by human category:", ""]
            lines += table(
                "category |> marks |> found |> recall",
                (
                    (name, n, found, share(found / n if n else None))
                    for name, (found, n) in self.categories.items()
                ),
            )
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
        if self.verdicts is not None:
            text += f" {self.verdicts} findings have the verdict of someone who read them."
        return text


def evaluate_rules(
    paths: Sequence[Path],
    config: Config | None = None,
    *,
    clean: bool = False,
    as_is: bool = False,
    only_systems: Collection[str] = (),
    exclude_systems: Collection[str] = (),
    source_column: str = "",
    hypothesis_column: str = "",
    verdicts: Verdicts | None = None,
) -> RuleEvaluation:
    """Run the rules of ``config`` over labelled files and judge their findings.

    ``clean``: the translations are right and have no marks. ``as_is``: do not mend misplaced
    marks, and judge each annotator's reading of a text by itself. ``verdicts``: on findings
    that somebody read. Raises DataError for an
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
        verdicts=verdicts,
    )


def evaluate_rows(
    rows: Sequence[Labelled],
    config: Config | None = None,
    *,
    files: Sequence[str] = (),
    clean: bool = False,
    encoder: Encoder | None = None,
    verdicts: Verdicts | None = None,
) -> RuleEvaluation:
    """The same for rows already read. Rows that are not usable give context but no counts.

    Without an ``encoder`` the rules that go by similarity or coverage are silent.
    """
    config = config or Config()
    rules = selected(config)
    counted = [row for row in rows if row.usable]
    judged, crashes = _judge(rows, rules, config, encoder, verdicts or {})
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
                aims=r.aims,
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
        verdicts=None if verdicts is None else sum(j.verdict is not None for j in judged),
        judged=tuple(judged),
    )


def _counts(code: str, rules: Sequence[Rule]) -> bool:
    """Whether a rule belongs in the aggregate: on by default and about the translation."""
    return any(r.key == code and not r.preview for r in rules) and not code.startswith(_SOURCE_SIDE)


def _judge(
    rows: Sequence[Labelled],
    rules: Sequence[Rule],
    config: Config,
    encoder: Encoder | None,
    verdicts: Verdicts,
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
            segments = prepare(segments, encoder, needs=needed(rules))
        reading = SharedDocument(segments)
        for rule in rules:
            known = totals.get((document[0].system, rule.key))
            for at, finding in rule.run(reading, config, known):
                if finding.code == CRASH_CODE:
                    crashes += 1
                elif document[at].usable:
                    verdict = verdicts.get(named(document[at].segment.segment_id, finding))
                    judged.append(_judge_one(document[at], finding, rule, verdict))
    return judged, crashes


def _judge_one(row: Labelled, finding: Finding, rule: Rule, verdict: bool | None) -> Judged:
    by_segment = rule.by_segment or not any(s.side == "hypothesis" for s in finding.spans)
    hit = [e for e in row.errors if by_segment or _overlaps(finding, e)]
    return Judged(
        row,
        finding,
        by_segment,
        right=bool(hit),
        right_major=any(e.severity >= Severity.MAJOR for e in hit),
        verdict=verdict,
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
    held = sum(j.holds for j in judged)
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
        adjudicated=_ratio(held, n),
        adjudicated_interval=wilson(held, n),
        unread=sum(not j.right and j.verdict is None for j in judged) if n else 0,
    )


def _key(row: Labelled) -> _Key:
    """What tells a row from all others: its place in its file."""
    return row.segment.path, row.segment.line


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _on(r: RuleFigures) -> str:
    return "preview" if r.preview else "yes"


def _read(r: RuleFigures) -> tuple[str, str, int]:
    return share(r.adjudicated), interval(r.adjudicated_interval), r.unread


def _criterion(r: RuleFigures) -> str:
    if r.precision is None:
        return "–"
    if not r.by_segment:
        return "span"
    return "segment" if r.by_segment == r.fires else f"span, {r.by_segment} by segment"


def _recall(r: RuleFigures) -> str:
    return "–" if r.recall is None else f"{r.recall:.2f} of {r.aimed}"


def examples(evaluation: RuleEvaluation, code: str, *, wrong_only: bool) -> Iterator[str]:
    """The findings of one rule, a block of lines each, for the rule's author to look at."""
    for item in evaluation.judged:
        if item.finding.code != code or (wrong_only and item.holds):
            continue
        row = item.row.segment
        verdict = "right" if item.holds else "WRONG" if not evaluation.clean else "fires"
        marked = [f"{s.side}: {row.text(s.side)[s.start : s.end]!r}" for s in item.finding.spans]
        yield f"{verdict} {item.row.system} {row.segment_id}: {item.finding.message}"
        yield f"  {'; '.join(marked)}"
        yield f"  {row.source}"
        yield f"  {row.hypothesis}"
        for e in item.row.errors:
            text = row.hypothesis[e.start : e.end] if e.start is not None else ""
            yield f"  human: {e.severity.label} {e.category} {text!r}"
