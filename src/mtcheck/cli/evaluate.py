"""``mtcheck evaluate``: scores and rules against human judgements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from mtcheck.cli._app import app
from mtcheck.cli._options import FORWARD
from mtcheck.cli._settings import names, takes
from mtcheck.config import Config

__all__ = ["evaluate_mutations", "evaluate_planted", "evaluate_rules", "evaluate_scores"]


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

Labels = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="JSONL, CSV, TSV or Parquet of aligned rows."),
]


@evaluate.command("rules")
@takes("select", "ignore", "preview", file=False)
def evaluate_rules(
    files: Labels,
    clean: Annotated[
        bool, typer.Option("--clean", help="The translations are right: only count fires.")
    ] = False,
    as_is: Annotated[
        bool,
        typer.Option("--as-is", help="Don't mend misplaced marks, nor join readings of a text."),
    ] = False,
    only_systems: Annotated[
        str | None, typer.Option(help="Rows of these systems alone, separated by commas.")
    ] = None,
    exclude_systems: Annotated[
        str | None, typer.Option(help="All systems but these, e.g. reference.")
    ] = None,
    source_column: Annotated[str, typer.Option(help="Column with the source.")] = "source",
    hypothesis_column: Annotated[
        str, typer.Option(help="Column with the translation.")
    ] = "hypothesis",
    as_json: Annotated[bool, typer.Option("--json", help="The table as JSON.")] = False,
    *,
    config: Config,
) -> None:
    """Tell how often each rule is right, on segments in which humans marked the errors.

    Marks are read in the form of Bio-MQM (`errors`) and of WMT (`spans`). On right translations
    (--clean) the fires are counted instead.

    Example: mtcheck evaluate rules bio_mqm.jsonl --exclude-systems reference
    """
    from mtcheck.lab.rules import judge as evaluation

    result = evaluation.evaluate_rules(
        files,
        config,
        clean=clean,
        as_is=as_is,
        only_systems=names(only_systems) or (),
        exclude_systems=names(exclude_systems) or (),
        source_column=source_column,
        hypothesis_column=hypothesis_column,
    )
    if as_json:
        typer.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(result.markdown(), nl=False)


@evaluate.command("mutations", context_settings=FORWARD)
def evaluate_mutations(context: typer.Context) -> None:
    """Plant errors in right translations, one kind at a time, and count those caught.

    Without a file, in the right translations that mtcheck brings.

    Example: mtcheck evaluate mutations pairs.jsonl --hypothesis-column reference --preview
    """
    from mtcheck.lab.rules import mutations

    raise typer.Exit(mutations.main(context.args, prog="mtcheck evaluate mutations"))


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

    result = planted.evaluate_planted(api.audit(data, config=config), planted.read_labels(labels))
    typer.echo(json.dumps(result.totals()) if as_json else result.markdown())


@evaluate.command("scores", context_settings=FORWARD)
def evaluate_scores(context: typer.Context) -> None:
    """Judge scores against human labels: segments, words and systems, with intervals.

    Without a column of scores in the file, mtcheck's own are judged.

    Example: mtcheck evaluate labels.jsonl --scores reports/june/segments.jsonl
    """
    from mtcheck.lab.risk import judge as quality

    raise typer.Exit(quality.main(context.args, prog="mtcheck evaluate scores"))
