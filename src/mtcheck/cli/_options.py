"""What several commands share: their input, a progress bar, the way out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from mtcheck.cli._app import ERROR
from mtcheck.cli._say import console, note

if TYPE_CHECKING:
    from mtcheck.pipeline import OnBatch
    from mtcheck.summary import Summary

__all__ = [
    "AsJson",
    "ExcludeSystems",
    "HypothesisColumn",
    "Inputs",
    "LabelColumn",
    "OnlySystems",
    "Resamples",
    "SourceColumn",
    "WithTimings",
    "finish",
    "progress",
    "say_timings",
]

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders or globs: tables, workbooks, JSON, saved pages; also compressed.",
        show_default=False,
    ),
]

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
