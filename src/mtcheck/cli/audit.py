"""``mtcheck audit``: the report folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mtcheck.cli._app import CLEAN, app
from mtcheck.cli._known import BaselineFile, Decisions, Suppressions, say_known
from mtcheck.cli._options import (
    BackColumn,
    BadRows,
    Budget,
    CalibrationFile,
    ConfigFile,
    Encoder,
    Encoding,
    Glossary,
    HypothesisColumn,
    IdColumn,
    Ignore,
    Inputs,
    Layout,
    MinSimilarity,
    NoRisk,
    Preview,
    ReferenceColumn,
    ReviewRisk,
    RiskModelFolder,
    Select,
    SourceColumn,
    config_of,
    finish,
    names,
    progress,
    share,
    stderr,
)

__all__ = ["audit"]


@app.command()
def audit(
    inputs: Inputs,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Report folder; an earlier report there is replaced. Default: reports/<input>."
        ),
    ] = None,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(
            help="Files to write: csv,jsonl,markdown,html,xlsx,parquet. Default: the first four."
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(help="Language of report.html: en or zh (Simplified Chinese). Default: en."),
    ] = None,
    config: ConfigFile = None,
    aligned: Layout = None,
    source_column: SourceColumn = None,
    hypothesis_column: HypothesisColumn = None,
    reference_column: ReferenceColumn = None,
    back_translation_column: BackColumn = None,
    id_column: IdColumn = None,
    bad_rows: BadRows = None,
    encoding: Encoding = None,
    select: Select = None,
    ignore: Ignore = None,
    preview: Preview = None,
    glossary: Glossary = None,
    encoder: Encoder = None,
    min_similarity: MinSimilarity = None,
    risk: NoRisk = None,
    budget: Budget = None,
    review_risk: ReviewRisk = None,
    risk_model: RiskModelFolder = None,
    calibration: CalibrationFile = None,
    baseline: BaselineFile = None,
    suppressions: Suppressions = None,
    decisions: Decisions = None,
) -> None:
    """Audit translations and write a report folder.

    The folder holds flagged.csv (what a human must look at, worst first), segments.csv,
    findings.csv, documents.csv, segments.jsonl, summary.json, report.md and report.html.

    Example: mtcheck audit abstracts.csv --out reports/june
    """
    from rich.console import Console

    from mtcheck.api import audit as api
    from mtcheck.reporters._terminal import Worst, print_summary

    chosen = config_of(
        config,
        aligned,
        formats=names(format),
        lang=lang,
        source_column=source_column,
        hypothesis_column=hypothesis_column,
        reference_column=reference_column,
        back_translation_column=back_translation_column,
        id_column=id_column,
        bad_rows=bad_rows,
        encoding=encoding,
        select=names(select),
        ignore=names(ignore),
        preview=preview,
        glossary=glossary,
        encoder=encoder,
        min_similarity=min_similarity,
        risk=risk,
        budget=share(budget),
        review_risk=review_risk,
        risk_model=risk_model,
        calibration=calibration,
        baseline=baseline,
        suppressions=suppressions,
        decisions=tuple(decisions) if decisions else None,
    )
    folder = out or api.default_folder(inputs)
    worst = Worst()
    with progress() as on_batch:
        _, summary = api.report(list(inputs), folder, chosen, writers=[worst], on_batch=on_batch)
    print_summary(summary, Console(highlight=False), worst=worst, folder=folder)
    say_known(stderr(), summary)
    finish(summary, CLEAN)
