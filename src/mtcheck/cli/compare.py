"""``mtcheck compare``: two batches, or several systems, over the same texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mtcheck.cli._app import CLEAN, FINDINGS, app
from mtcheck.cli._options import finish, progress
from mtcheck.cli._say import console, note
from mtcheck.cli._settings import CHECKING, names, takes
from mtcheck.config import READING, SCORING, Config

__all__ = ["compare"]


@app.command()
@takes(
    *(n for n in CHECKING if n not in {"reference_column", "back_translation_column"}),
    "risk",
    "risk_model",
    "calibration",
)
def compare(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="OLD NEW...",
            help="Files, folders or globs, one a system, the baseline first; or one file that "
            "holds several systems.",
            show_default=False,
        ),
    ],
    reference: Annotated[
        str | None,
        typer.Option(
            help="Human translations: a column, a table with source and reference, or a .txt "
            "with one a line. Turns on BLEU, chrF and TER.",
            rich_help_panel=READING,
        ),
    ] = None,
    systems: Annotated[
        str | None,
        typer.Option(
            help="Of one input: its hypothesis columns, or values of its column 'system'. "
            "Of several: their names. E.g. google,nllb.",
            rich_help_panel=READING,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Report folder: pages, CSV, JSON. Default: none is written."),
    ] = None,
    fail_if_worse: Annotated[
        bool,
        typer.Option(
            "--fail-if-worse",
            help="Exit 1 when a system is worse than the baseline: a score significantly so, "
            "more critical findings or more of major and above than chance gives, or fewer rows.",
        ),
    ] = False,
    alpha: Annotated[
        float, typer.Option(help="Level of significance.", rich_help_panel=SCORING)
    ] = 0.05,
    metrics: Annotated[
        str | None,
        typer.Option(
            help="Of bleu,chrf,ter. Default: all, but no TER for whole documents (it is slow).",
            rich_help_panel=SCORING,
        ),
    ] = None,
    rank_by: Annotated[
        str | None,
        typer.Option(
            help="bleu, chrf, ter, risk or penalty (MQM points). Default: chrf with references, "
            "else risk.",
            rich_help_panel=SCORING,
        ),
    ] = None,
    *,
    config: Config,
) -> None:
    """Compare two batches of translations, or several systems, over the same texts.

    Rows are matched by source text, and by id where texts repeat; rows without a partner are
    named and left out. p-values are sacreBLEU's; intervals resample whole documents.

    Example: mtcheck compare may.jsonl june.jsonl --reference reference --fail-if-worse
    """
    from mtcheck.api import compare as api

    with progress() as on_batch:
        found = api.run(
            *inputs,
            systems=names(systems) or (),
            reference=reference,
            metrics=names(metrics),
            rank_by=rank_by or "",
            alpha=alpha,
            out=out,
            config=config,
            on_batch=on_batch,
        )
    found.print(console())
    if out is not None:
        note(f"Report: {out}")
    failed = fail_if_worse and not found.verdict.passed
    finish(found.summary["counts"]["codes"], FINDINGS if failed else CLEAN)
