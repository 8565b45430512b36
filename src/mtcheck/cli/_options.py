"""What several commands share: their input, a progress bar, the way out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtcheck.cli._app import ERROR
from mtcheck.cli._say import console, note
from mtcheck.errors import UsageError

if TYPE_CHECKING:
    from mtcheck.pipeline import Means, OnBatch
    from mtcheck.readers import Parallel
    from mtcheck.summary import Summary

    Given = list[str | Path | Parallel]

__all__ = [
    "AsJson",
    "CacheDir",
    "ExcludeSystems",
    "HypothesisColumn",
    "HypothesisFile",
    "IdsFile",
    "Inputs",
    "Jobs",
    "LabelColumn",
    "MaybeInputs",
    "NoCache",
    "OnlySystems",
    "ReferenceFile",
    "Resamples",
    "SourceColumn",
    "SourceFile",
    "WithTimings",
    "finish",
    "gathered",
    "means",
    "progress",
    "say_timings",
]

_INPUT = typer.Argument(
    metavar="INPUT...",
    help="Files, folders or globs: tables, workbooks, JSON, saved pages, XLIFF, TMX, PO; also "
    "compressed. - is stdin.",
    show_default=False,
)
Inputs = Annotated[list[str], _INPUT]
MaybeInputs = Annotated[list[str] | None, _INPUT]
"""Where ``--source`` and ``--hypothesis`` may stand in their place."""

_PAIR = "Two files in place of INPUT"


def _file(help: str) -> object:  # noqa: A002
    return typer.Option(help=help, rich_help_panel=_PAIR, show_default=False, metavar="FILE")


SourceFile = Annotated[
    Path | None, _file("English text, a segment a line, or texts by key (JSON, YAML, ARB).")
]
HypothesisFile = Annotated[Path | None, _file("Its translation, of the same lines or keys.")]
ReferenceFile = Annotated[Path | None, _file("A human translation, alike.")]
IdsFile = Annotated[Path | None, _file("The document of each line.")]


def gathered(
    inputs: list[str] | None,
    source: Path | None,
    hypothesis: Path | None,
    reference: Path | None,
    ids: Path | None,
) -> Given:
    """The inputs and the pair of files, whichever are given. Raises UsageError for half a pair."""
    from mtcheck.readers import Parallel

    given: Given = [*(inputs or ())]
    if source is not None and hypothesis is not None:
        return [*given, Parallel(source, hypothesis, reference, ids)]
    if any(f is not None for f in (source, hypothesis, reference, ids)):
        raise UsageError("parallel text needs two files: --source FILE and --hypothesis FILE")
    if not given:
        raise UsageError(
            "Missing argument INPUT: name a file, a folder or a glob, or --source and --hypothesis"
        )
    return given


SourceColumn = Annotated[str, typer.Option(help="Column with the source.")]
HypothesisColumn = Annotated[str, typer.Option(help="Column with the translation.")]
LabelColumn = Annotated[
    str, typer.Option("--label", help="Yes-or-no column: has a major or critical error.")
]
OnlySystems = Annotated[
    str | None, typer.Option(help="Rows of these systems alone, separated by commas.")
]
ExcludeSystems = Annotated[str | None, typer.Option(help="All systems but these, e.g. reference.")]
Resamples = Annotated[int, typer.Option(help="For the intervals; 0: none.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of Markdown.")]

WithTimings = Annotated[
    bool, typer.Option("--timings", help="Tell on stderr how long each stage of the run took.")
]

Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", min=1, help="Processes that share the work. Default: as many as there are cores."
    ),
]
CacheDir = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir",
        help="Folder in which finished documents are kept. Default: the user's cache folder.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Neither take documents from the cache nor keep any.")
]


def means(jobs: int | None, cache_dir: Path | None, *, no_cache: bool) -> Means:
    """What a run may use."""
    from mtcheck.pipeline import Means
    from mtcheck.pipeline.cache import Cache, default_folder
    from mtcheck.pipeline.jobs import cores

    folder = None if no_cache else cache_dir or default_folder()
    return Means(jobs or cores(), Cache(folder) if folder else None)


def say_timings(summary: Summary) -> None:
    """Tell the seconds and the share of each stage, the longest first."""
    told = summary["timings"]
    note(
        f"mtcheck: {told['seconds']:.2f} s, {told['segments_per_second']:,.1f} segments/s; "
        "by stage, over all processes:"
    )
    for stage in told["stages"]:
        note(f"mtcheck: {stage['name']}: {stage['seconds']:.2f} s ({stage['share']:.0%})")


@contextmanager
def progress() -> Iterator[OnBatch]:
    """A bar on stderr, if that is a terminal and the work takes more than a moment."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    terminal = console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=terminal,
        transient=True,
        disable=not terminal.is_terminal,
    )
    began = time.monotonic()
    task = bar.add_task("auditing", total=1.0, counts="", start=True)

    def on_batch(batch: object, tally: object) -> None:
        counts = f"{getattr(tally, 'segments', 0):,} segments"
        bar.update(task, completed=getattr(batch, "fraction", 0.0), counts=counts)
        if time.monotonic() - began > 1 and not bar.live.is_started and terminal.is_terminal:
            bar.start()

    try:
        yield on_batch
    finally:
        bar.stop()


def finish(codes: Mapping[str, int], code: int) -> None:
    """Leave with this exit code; ``codes`` counts the findings, among which a crash may be."""
    from mtcheck.rules import CRASH_CODE

    if CRASH_CODE in codes:
        note("mtcheck: a rule crashed (INT001 in the findings); please report it")
        code = ERROR
    raise typer.Exit(code)
