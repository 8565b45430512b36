"""``mtcheck audit``: the report folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtcheck.cli._app import CLEAN, app
from mtcheck.cli._known import say_known
from mtcheck.cli._options import (
    HypothesisFile,
    IdsFile,
    MaybeInputs,
    ReferenceFile,
    SourceFile,
    WithTimings,
    finish,
    gathered,
    progress,
    say_timings,
)
from mtcheck.cli._say import console
from mtcheck.cli._settings import of, takes
from mtcheck.config import KNOWN, READING, RULES, SCORING, Config

if TYPE_CHECKING:
    from mtcheck.reporters import Writer

__all__ = ["audit"]


@app.command()
@takes("formats", "lang", *of(READING, RULES, SCORING, KNOWN))
def audit(
    inputs: MaybeInputs = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Report folder; an earlier one is replaced. Default: reports/NAME of the input."
        ),
    ] = None,
    write_back: Annotated[
        Path | None,
        typer.Option(
            help="Also copy the input (XLIFF, PO) to this file or folder, findings as notes in it.",
            show_default=False,
        ),
    ] = None,
    timings: WithTimings = False,
    source: SourceFile = None,
    hypothesis: HypothesisFile = None,
    reference: ReferenceFile = None,
    ids: IdsFile = None,
    *,
    config: Config,
) -> None:
    """Audit translations and write a report folder.

    The folder holds flagged.csv (what a human must look at, worst first), segments.csv,
    findings.csv, documents.csv, segments.jsonl, summary.json, report.md and report.html.

    Example: mtcheck audit abstracts.csv --out reports/june
    """
    from mtcheck.api import audit as api
    from mtcheck.api.write_back import WriteBack
    from mtcheck.reporters.terminal import Worst, print_summary

    given = gathered(inputs, source, hypothesis, reference, ids)
    folder = out or api.default_folder(given)
    worst = Worst()
    writers: list[Writer] = [worst]
    if write_back:
        writers.append(WriteBack(given, write_back, config))
    with progress() as on_batch:
        _, summary = api.report(given, folder, config, writers=writers, on_batch=on_batch)
    print_summary(summary, console(), worst=worst, folder=folder)
    say_known(summary)
    if timings:
        say_timings(summary)
    finish(summary["counts"]["codes"], CLEAN)
