"""``mtcheck audit``: the report folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtcheck.cli._app import CLEAN, app
from mtcheck.cli._known import say_known
from mtcheck.cli._options import (
    CacheDir,
    HypothesisFile,
    IdsFile,
    Jobs,
    MaybeInputs,
    NoCache,
    ReferenceFile,
    SourceFile,
    WithTimings,
    finish,
    gathered,
    means,
    progress,
    say_timings,
)
from mtcheck.cli._say import console, note
from mtcheck.cli._settings import of, takes
from mtcheck.config import JUDGE, KNOWN, READING, RULES, SCORING, Config
from mtcheck.errors import UsageError

if TYPE_CHECKING:
    from mtcheck.reporters import Writer

__all__ = ["audit"]


@app.command()
@takes("formats", "lang", *of(READING, RULES, SCORING, JUDGE, KNOWN))
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
    jobs: Jobs = None,
    cache_dir: CacheDir = None,
    no_cache: NoCache = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on where a run that was ended stopped; tell what was done by then."
        ),
    ] = False,
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

    allowed = means(jobs, cache_dir, no_cache=no_cache)
    if resume and not allowed.cache:
        raise UsageError("--resume needs the cache, which keeps what was finished")
    given = gathered(inputs, source, hypothesis, reference, ids)
    folder = out or api.default_folder(given)
    worst = Worst()
    writers: list[Writer] = [worst]
    if write_back:
        writers.append(WriteBack(given, write_back, config))
    with progress() as on_batch:
        _, summary = api.report(
            given, folder, config, writers=writers, on_batch=on_batch, means=allowed
        )
    print_summary(summary, console(), worst=worst, folder=folder)
    say_known(summary)
    if resume:
        note(f"mtcheck: resumed: documents finished before: {summary['timings']['from_cache']}")
    if timings:
        say_timings(summary)
    finish(summary["counts"]["codes"], CLEAN)
