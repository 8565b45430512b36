"""``mtcheck evaluate``: scores and rules against human judgements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.core import TyperGroup

from mtcheck.cli import _say
from mtcheck.cli._app import app
from mtcheck.cli._options import (
    AsJson,
    ExcludeSystems,
    HypothesisColumn,
    LabelColumn,
    OnlySystems,
    Resamples,
    SourceColumn,
)
from mtcheck.cli._settings import names, takes
from mtcheck.config import Config
from mtcheck.errors import UsageError

if TYPE_CHECKING:
    from mtcheck.lab.labels import Labelled
    from mtcheck.lab.risk.judge import Direction
    from mtcheck.lab.rules.mutations import MutationFigures, PlaceFigures

__all__ = [
    "evaluate_evidence",
    "evaluate_mutations",
    "evaluate_planted",
    "evaluate_rules",
    "evaluate_scores",
]


class _ScoresByDefault(TyperGroup):
    """``mtcheck evaluate LABELS`` is short for ``mtcheck evaluate scores LABELS``."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in (*self.commands, "--help"):
            args = ["scores", *args]
        return super().parse_args(ctx, args)


evaluate = typer.Typer(
    cls=_ScoresByDefault,
    no_args_is_help=True,
    help="Hold scores or rules against human judgements, or rules against planted errors.\n\n"
    "`mtcheck evaluate LABELS` is short for `mtcheck evaluate scores LABELS`.",
)
app.add_typer(evaluate, name="evaluate")

LabelFile = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="JSONL, CSV, TSV or Parquet of aligned rows."),
]


@evaluate.command("rules")
@takes("select", "ignore", "preview", file=False)
def evaluate_rules(
    files: LabelFile,
    clean: Annotated[
        bool, typer.Option("--clean", help="The translations are right: only count fires.")
    ] = False,
    as_is: Annotated[
        bool,
        typer.Option("--as-is", help="Don't mend misplaced marks, nor join readings of a text."),
    ] = False,
    only_systems: OnlySystems = None,
    exclude_systems: ExcludeSystems = None,
    source_column: SourceColumn = "",
    hypothesis_column: HypothesisColumn = "",
    adjudications: Annotated[
        Path | None,
        typer.Option(
            metavar="JSONL",
            help="Verdicts on findings that were read: segment, code, fingerprint, verdict "
            "(right or wrong), reason. Prints both precisions.",
        ),
    ] = None,
    unread: Annotated[
        bool,
        typer.Option(
            "--unread", help="List the findings without a mark or verdict instead, as JSONL."
        ),
    ] = False,
    show: Annotated[
        str | None, typer.Option(metavar="CODE", help="List the findings of one rule instead.")
    ] = None,
    show_wrong: Annotated[
        str | None, typer.Option(metavar="CODE", help="The same, only those that are wrong.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The table as JSON.")] = False,
    *,
    config: Config,
) -> None:
    """Tell how often each rule is right, on segments in which humans marked the errors.

    Marks are read in the form of Bio-MQM (`errors`) and of WMT (`spans`). On right translations
    (--clean) the fires are counted instead. Experts leave errors unmarked: with --adjudications
    the share of findings that are right in the eyes of who read them stands beside.

    Example: mtcheck evaluate rules bio_mqm.jsonl --exclude-systems reference
    """
    from mtcheck.lab.rules import adjudications as verdicts
    from mtcheck.lab.rules import judge as evaluation

    shown = show or show_wrong
    result = evaluation.evaluate_rules(
        files,
        config.replace(select=(shown,)) if shown else config,
        clean=clean,
        as_is=as_is,
        only_systems=names(only_systems) or (),
        exclude_systems=names(exclude_systems) or (),
        source_column=source_column,
        hypothesis_column=hypothesis_column,
        verdicts=verdicts.read_adjudications(adjudications) if adjudications else None,
    )
    if shown:
        for line in evaluation.examples(result, shown, wrong_only=bool(show_wrong)):
            _say.out(line)
    elif unread:
        for row in verdicts.to_read(result.judged):
            _say.data(row, indent=None)
    elif as_json:
        _say.data(result.as_dict())
    else:
        _say.out(result.markdown().rstrip("\n"))


@evaluate.command("mutations")
@takes("glossary", "preview", file=False)
def evaluate_mutations(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="JSONL, CSV or TSV of aligned rows."),
    ] = None,
    split: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A file of whole texts, to be aligned; repeatable."),
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Also the right translations that mtcheck brings.")
    ] = False,
    source_column: SourceColumn = "",
    hypothesis_column: Annotated[
        str, typer.Option(help="Column with the right translation.")
    ] = "reference",
    only_systems: OnlySystems = None,
    encoder: Annotated[
        str, typer.Option(help="Also errors that only similarities show: 'embedded'.")
    ] = "",
    all_positions: Annotated[
        bool,
        typer.Option(
            "--all-positions", help="Plant at every place, whatever the rules claim to see."
        ),
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(help="Pairs per kind. Default: 300; with --all-positions, all.", min=1),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the choice of places.")] = 1,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="This kind alone; repeatable.")
    ] = None,
    misses: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="List the uncaught pairs of one kind instead."),
    ] = None,
    form: Annotated[
        Literal["markdown", "json"], typer.Option("--format", help="Form of the table.")
    ] = "markdown",
    *,
    config: Config,
) -> None:
    """Plant errors in right translations, one kind at a time, and count those caught.

    Without a file, in the right translations that mtcheck brings. With --all-positions every
    place counts at which good Chinese can say something else, not only those that the rules
    claim; caught is what brings a finding of severity major or above.

    Example: mtcheck evaluate mutations pairs.jsonl --hypothesis-column reference --preview
    """
    from mtcheck.lab.labels import read_labelled
    from mtcheck.lab.planting.clean_pairs import clean_rows
    from mtcheck.lab.rules import mutations
    from mtcheck.models import EMBEDDED, load_encoder
    from mtcheck.models.remembering import Remembering

    def read(paths: list[Path] | None) -> list[Labelled]:
        return [
            row
            for path in paths or ()
            for row in read_labelled(
                path, source_column=source_column, hypothesis_column=hypothesis_column, clean=True
            )
        ]

    model = Remembering(load_encoder(encoder)) if encoder else None
    rows = read(files)
    if split:
        rows += mutations.split(read(split), model or load_encoder(EMBEDDED))
    if own or not rows:
        rows += clean_rows()
    systems = names(only_systems)
    rows = [row for row in rows if not systems or row.system in systems]
    kinds = [misses] if misses else kind or []
    if all_positions:
        places = mutations.evaluate_places(rows, config, kinds=kinds, limit=limit, encoder=model)
        _told(places, mutations.place_table(places), form, pairs=bool(misses))
    else:
        planted = mutations.evaluate_mutations(
            rows, config, kinds=kinds, limit=limit or 300, seed=seed, encoder=model
        )
        _told(planted, mutations.table(planted), form, pairs=bool(misses))


def _told(
    figures: Sequence[MutationFigures | PlaceFigures], table: str, form: str, *, pairs: bool
) -> None:
    if pairs:
        for source, hypothesis in (pair for f in figures for pair in f.misses):
            _say.out(f"{source}\n{hypothesis}\n")
    elif form == "json":
        _say.data([f.as_dict() for f in figures])
    else:
        _say.out(table.rstrip("\n"))


@evaluate.command("planted")
@takes("glossary", "preview")
def evaluate_planted(
    data: Annotated[Path, typer.Argument(help="Documents, as for `mtcheck audit`.")],
    labels: Annotated[Path, typer.Argument(help="The planted errors; see data/README.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Only the totals, as JSON.")] = False,
    *,
    config: Config,
) -> None:
    """Tell how many planted errors an audit finds, and what it flags beside them.

    Example: mtcheck evaluate planted data/abstracts.csv data/labels.csv
    """
    from mtcheck.api import audit as api
    from mtcheck.lab.rules import planted

    result = planted.evaluate_planted(api.audit(data, config=config), planted.read_planted(labels))
    if as_json:
        _say.data(result.totals(), indent=None)
    else:
        _say.out(result.markdown())


@evaluate.command("evidence")
def evaluate_evidence(
    data: Annotated[Path, typer.Argument(help="Folder with human/ and mt_systems/.")],
) -> None:
    """Measure every rule anew and write the figures into the package: for who changes a rule."""
    from mtcheck.lab.rules import figures

    for line in figures.record(data):
        _say.out(line)


@evaluate.command("scores")
@takes()
def evaluate_scores(
    labels: Annotated[Path, typer.Argument(help="JSONL, CSV, TSV or Parquet with human labels.")],
    scores: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="More scores, joined by segment_id.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(help="Columns to judge, separated by commas. Default: all.")
    ] = None,
    span_columns: Annotated[
        str | None, typer.Option(help="Columns of spans, besides risk_spans and findings.")
    ] = None,
    direction: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=better|worse", help="What a higher score means."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=NUMBER", help="From where on a segment is flagged, for MCC."),
    ] = None,
    scorer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Also judge a model: a cross-encoder by name or folder, or comet:NAME.",
        ),
    ] = None,
    audit: Annotated[
        bool | None,
        typer.Option("--audit/--no-audit", help="Also judge mtcheck's own scores."),
    ] = None,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Also ridge regressions on one side alone.")
    ] = False,
    human: Annotated[
        str,
        typer.Option(
            help="Column of the human score. Default: da_z, mqm, esa_z, esa_mean, da_mean."
        ),
    ] = "",
    label: LabelColumn = "",
    source_column: SourceColumn = "",
    hypothesis_column: HypothesisColumn = "",
    only_systems: OnlySystems = None,
    exclude_systems: ExcludeSystems = None,
    with_references: Annotated[
        bool, typer.Option("--with-references", help="Keep systems called reference….")
    ] = False,
    as_is: Annotated[
        bool, typer.Option("--as-is", help="Keep segments whose marks are of another text.")
    ] = False,
    join_han: Annotated[
        bool, typer.Option("--join-han", help="Drop the spaces between Chinese words.")
    ] = False,
    resamples: Resamples = 1000,
    seed: Annotated[int, typer.Option(help="Of the resamples and folds.")] = 0,
    as_json: AsJson = False,
    *,
    config: Config,
) -> None:
    """Judge scores against human labels: segments, words and systems, with intervals.

    Without a column of scores in the file, mtcheck's own are judged.

    Example: mtcheck evaluate labels.jsonl --scores reports/june/segments.jsonl
    """
    from mtcheck.lab.labels import read_labels
    from mtcheck.lab.risk import judge as quality

    read = read_labels(
        labels,
        human=human,
        label=label,
        source_column=source_column,
        hypothesis_column=hypothesis_column,
        only_systems=names(only_systems) or (),
        exclude_systems=names(exclude_systems) or (),
        with_references=with_references,
        as_is=as_is,
        join_han=join_han,
    )
    result = quality.evaluate(
        read,
        scores=scores,
        columns=names(columns) or (),
        span_names=names(span_columns) or (),
        directions=_directions(direction or []),
        thresholds=_thresholds(threshold or []),
        scorers=scorer or [],
        audit=audit,
        baselines=baselines,
        config=config,
        resamples=resamples,
        seed=seed,
    )
    if as_json:
        _say.data(result.as_dict())
    else:
        _say.out(result.markdown().rstrip("\n"))


def _assigned(items: list[str], flag: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for item in items:
        name, sign, value = item.rpartition("=")
        if not sign or not name:
            raise UsageError(f"{flag} {item!r}: write COLUMN=VALUE")
        out[name] = value
    return out


def _directions(items: list[str]) -> dict[str, Direction]:
    found: dict[str, Direction] = {}
    for name, value in _assigned(items, "--direction").items():
        if value not in ("worse", "better"):
            raise UsageError(f"--direction {name}={value}: a higher score is 'better' or 'worse'")
        found[name] = "worse" if value == "worse" else "better"
    return found


def _thresholds(items: list[str]) -> dict[str, float]:
    found = {}
    for name, value in _assigned(items, "--threshold").items():
        try:
            found[name] = float(value)
        except ValueError:
            raise UsageError(f"--threshold {name}={value}: not a number") from None
    return found
