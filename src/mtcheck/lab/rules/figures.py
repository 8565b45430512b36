"""Measure all rules anew and record the result beside them.

    mtcheck evaluate evidence ../shared/data

writes ``rules/evidence.json`` (figures, no text of the data) and ``rules/README.md`` (the
table) into the package's source. Precision is judged on Bio-MQM dev, false alarms on its human
references and those of FLORES dev, planted errors in the FLORES references, in those of the
checkout's own samples and in :mod:`mtcheck.lab.planting.clean_pairs`. Figures on WMT24 and on the
post-edits of MLQE-PE train, where rules were tuned, stand beside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import mtcheck.rules
from mtcheck.config import Config
from mtcheck.lab import markdown
from mtcheck.lab.labels import Labelled, read_labelled
from mtcheck.lab.planting.catalogue import catalogue
from mtcheck.lab.planting.clean_pairs import clean_rows
from mtcheck.lab.rules.judge import RuleEvaluation, evaluate_rows, evaluate_rules
from mtcheck.lab.rules.mutations import evaluate_mutations, split
from mtcheck.models import EMBEDDED, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.rules import TrackRecord, all_rules

__all__ = ["measure", "record", "table"]

_REFERENCES = ("reference", "reference_r1")
_PREVIEW = Config(preview=True)
_SAMPLES = Path(mtcheck.rules.__file__).parents[3] / "data"
_CASES = _SAMPLES.parent / "tests" / "cases"
_IN_NUMBER = re.compile(r"(?<=\d) ?([.,:]) ?(?=\d)")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


def measure(
    data: Path,
) -> tuple[dict[str, TrackRecord], dict[str, RuleEvaluation]]:
    """The figures of every rule, and the evaluations they come from.

    ``data`` is the folder with ``human/`` and ``mt_systems/``. Raises DataError when a file is
    missing.
    """
    bio, flores = data / "human/bio_mqm_dev.jsonl", data / "mt_systems/flores_dev_en_zh.jsonl"
    wmt = evaluate_rules([data / "human/wmt24_esa_train.jsonl"], _PREVIEW, as_is=True)
    edits = evaluate_rows(
        _post_edits(data / "human/mlqe_pe_train.parquet"),
        _PREVIEW,
        clean=True,
        encoder=load_encoder(EMBEDDED),
    )
    tuned = {r.code: r for r in wmt.rules}
    edited = {r.code: r.fires for r in edits.rules}
    machine = evaluate_rules([bio], _PREVIEW, exclude_systems=_REFERENCES)
    strict = evaluate_rules([bio], _PREVIEW, exclude_systems=_REFERENCES, as_is=True)
    human = evaluate_rules([bio], _PREVIEW, clean=True, as_is=True, only_systems=_REFERENCES)
    other = evaluate_rules([flores], _PREVIEW, clean=True, hypothesis_column="reference")
    planted = _planted(flores)
    fired = {
        run: {r.code: r.fires for r in result.rules}
        for run, result in (("human", human), ("other", other))
    }
    single = {r.code: r for r in strict.rules}
    found = {}
    for r in machine.rules:
        low, high = r.interval or (None, None)
        n, caught = planted.get(r.code, (0, 0))
        found[r.code] = TrackRecord(
            fires=r.fires,
            segments=machine.segments,
            precision=_rounded(r.precision),
            low=_rounded(low),
            high=_rounded(high),
            strict_fires=single[r.code].fires,
            strict_precision=_rounded(single[r.code].precision),
            by_segment=r.by_segment if r.precision is not None else 0,
            clean_fires=fired["human"][r.code] + fired["other"][r.code],
            clean=human.segments + other.segments,
            planted=n,
            caught=caught,
            wmt_fires=tuned[r.code].fires,
            wmt_precision=_rounded(tuned[r.code].precision),
            edit_fires=edited[r.code],
            edits=edits.segments,
        )
    return found, {
        "machine": machine,
        "strict": strict,
        "human": human,
        "other": other,
        "wmt": wmt,
        "edits": edits,
    }


def _planted(flores: Path) -> dict[str, tuple[int, int]]:
    """By rule: how many errors were planted for it in right translations, and how many caught.

    Kinds that a rule's page claims in part count only where it has no others.
    """
    encoder = Remembering(load_encoder(EMBEDDED))
    samples = read_labelled(_SAMPLES / "abstracts.csv", hypothesis_column="reference", clean=True)
    rows = [
        *read_labelled(flores, hypothesis_column="reference", clean=True),
        *split(samples, encoder),
        *clean_rows(),
    ]
    config = _PREVIEW.replace(glossary=str(_SAMPLES / "glossary.csv"))
    kinds = catalogue(_CASES)["rules"]
    figures = evaluate_mutations(rows, config, encoder=encoder, mutations=kinds)
    counts: dict[str, tuple[int, int]] = {}
    for claimed in (True, False):
        whole = set(counts)
        for f in figures:
            if f.claimed is claimed and f.aims[0] not in whole:
                n, caught = counts.get(f.aims[0], (0, 0))
                counts[f.aims[0]] = n + f.planted, caught + f.caught
    return counts


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _post_edits(path: Path) -> list[Labelled]:
    """The corrected translations, their tokens joined: Chinese is written without spaces."""
    rows = []
    for row in read_labelled(path, hypothesis_column="post_edit_tokenised", clean=True):
        target = _IN_NUMBER.sub(r"\1", _BETWEEN_HAN.sub("", row.segment.hypothesis))
        segment = replace(row.segment, hypothesis=target, hypothesis_end=len(target))
        rows.append(replace(row, segment=segment))
    return rows


def table(found: Mapping[str, TrackRecord]) -> str:
    """The rules with their figures, as Markdown."""
    lines = [
        "# The rules",
        "",
        "Made by `make evidence`; do not edit. `mtcheck rules CODE` prints a rule's page.",
        "*Precision*: share of findings on Bio-MQM dev (machine translations of Medline",
        "abstracts) whose marked text overlaps an expert's error mark; where a finding marks",
        "nothing in the translation, the segment must hold a mark. A text that several experts",
        "read counts once, with the marks of all; marks a few characters off are mended. *Strict*",
        "counts every reading by itself, marks where the file has them: there a fault that one of",
        "two experts marked is half a false alarm. *Alarms*: fires per 1,000 human references",
        "(Bio-MQM, FLORES dev). *Caught*: share of errors planted in FLORES references, in our",
        "samples and in pairs of our own, where the rule's page says it sees them. A rule is",
        "on by default when its precision is at least 0.7 on 10 fires or more, or, firing more",
        "rarely, when it fires on fewer than 1 in 1,000 references. The last two columns are on",
        "data the rules were tuned on: precision of the fires on WMT24 (whose annotators left",
        "plain number errors unmarked), and fires per 1,000 post-edits of MLQE-PE train (whose",
        "punctuation its engine made). `mtcheck evaluate rules` and `mtcheck evaluate mutations`",
        "give the full tables for any file. Notes and exceptions:",
        "",
        *(f"- {code} {NOTES[code]}." for code in sorted(NOTES)),
        "",
        *markdown.table(
            "code | name | category | severity | on |> precision |> fires |> strict |> alarms "
            "|> caught |> WMT24 |> post-edits",
            (
                (
                    *(rule.key, rule.name, rule.category, rule.severity.label),
                    "preview" if rule.preview else "yes",
                    *(_cells(found[rule.key]) if rule.key in found else "–––––––"),
                )
                for rule in all_rules().values()
            ),
        ),
    ]
    return "\n".join(lines) + "\n"


NOTES: Mapping[str, str] = {
    "ACC004": "is on: its alarms are words that a translator chose to keep",
    "ACC017": "is on: of its five alarms three are negations that the reference does drop",
    "ACC028": "marks texts that do stop in mid-sentence; most annotators saw them whole",
    "LNG001": "is on: both alarms are faults of the references",
    "LNG002": "is on: its alarms, read one by one, are faults of the references",
    "LNG003": "is in preview: few alarms, but as few marks that confirm it",
    "LNG008": "is on: each finding, read one by one, is a misspelling; most annotators let it pass",
    "LNG013": "is on: ASCII quotes and dots in Chinese, which most annotators let pass",
    "SRC006": "is on: a remark on the source, where experts mark nothing",
    "STR007": "fires in one abstract; of its two annotators one marked nearly every fire",
    "ACC026": "and ACC027 promise no more than a part of the clauses left out or added",
    "TER005": "is in preview: right as it may be, a run with it waits for its last row",
    "TER003": "is in preview: silent on references, but no annotator marked its findings",
}
"""What the figures of a rule do not say. A rule whose state differs from them is here."""


def _cells(e: TrackRecord) -> list[str]:
    precision = "–" if e.precision is None else f"{e.precision:.2f}"
    strict = "–" if e.strict_precision is None else f"{e.strict_precision:.2f} of {e.strict_fires}"
    caught = f"{e.caught / e.planted:.2f} of {e.planted}" if e.planted else "–"
    wmt = "–" if e.wmt_precision is None else f"{e.wmt_precision:.2f} of {e.wmt_fires}"
    edits = f"{1000 * e.edit_fires / e.edits:.1f}"
    return [precision, str(e.fires), strict, f"{e.per_thousand:.1f}", caught, wmt, edits]


def record(data: Path) -> Iterator[str]:
    """Measure every rule, write both files of the package, and tell the aggregate line by line.

    ``data``: folder with ``human`` and ``mt_systems``. Raises DataError.
    """
    found, runs = measure(data)
    home = Path(mtcheck.rules.__file__).parent
    content = {"rules": {code: asdict(e) for code, e in sorted(found.items())}}
    (home / "evidence.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    (home / "README.md").write_text(table(found), encoding="utf-8")
    for name, run in runs.items():
        for group in run.groups:
            share = None if run.clean else group.precision
            precision = "" if share is None else f", precision {share:.2f}"
            yield f"{name}: {group.name}: {group.fires} fires on {run.segments}{precision}"
    for category, (hit, marks) in list(runs["machine"].categories.items())[:4]:
        yield f"machine: {category}: {hit} of {marks} marks found"
    for rule in all_rules().values():
        if rule.key in found and found[rule.key].earned == rule.preview:
            state = "in preview" if rule.preview else "on"
            yield f"{rule.key} {rule.name} is {state}, against its figures"
