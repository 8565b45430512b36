"""Options that several commands share, and how their values become a Config."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtcheck import config as settings
from mtcheck.cli._app import ERROR
from mtcheck.config import Config, Setting
from mtcheck.errors import UsageError

if TYPE_CHECKING:
    from mtcheck.pipeline import OnBatch

__all__ = [
    "FORWARD",
    "BackColumn",
    "BadRows",
    "Budget",
    "CalibrationFile",
    "ConfigFile",
    "Encoder",
    "Encoding",
    "FailOn",
    "Glossary",
    "HypothesisColumn",
    "IdColumn",
    "Ignore",
    "Inputs",
    "Layout",
    "MinSimilarity",
    "NoRisk",
    "Preview",
    "ReferenceColumn",
    "ReviewRisk",
    "RiskModelFolder",
    "Select",
    "SourceColumn",
    "config_of",
    "finish",
    "names",
    "progress",
    "share",
    "stderr",
]

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders or globs: saved pages (.txt, .html), .csv, .tsv, .jsonl, .json.",
        show_default=False,
    ),
]

READING, RULES, SCORING = "Reading the input", "Choosing rules", "Scoring and judging"


ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Settings file. Default: the closest mtcheck.toml or pyproject.toml."
    ),
]
Layout = Annotated[
    bool | None,
    typer.Option(
        "--aligned/--documents",
        help="Rows are aligned sentence pairs, or whole abstracts. Default: told by the columns.",
        rich_help_panel=READING,
        show_default=False,
    ),
]
SourceColumn = Annotated[
    str | None,
    typer.Option(help="Column with the English source.", rich_help_panel=READING),
]
HypothesisColumn = Annotated[
    str | None,
    typer.Option(help="Column with the translation to check.", rich_help_panel=READING),
]
ReferenceColumn = Annotated[
    str | None,
    typer.Option(
        help="Column with a human translation; turns on BLEU, chrF and TER.",
        rich_help_panel=READING,
    ),
]
BackColumn = Annotated[
    str | None,
    typer.Option(
        "--back-translation-column",
        help="Column with the translation turned back into English, for round-trip scores.",
        rich_help_panel=READING,
    ),
]
IdColumn = Annotated[
    str | None,
    typer.Option(help="Column with the id of the document or row.", rich_help_panel=READING),
]
BadRows = Annotated[
    str | None,
    typer.Option(
        help="'fail' at the first bad row, or 'skip' it: it is kept in rejected.jsonl and counted.",
        rich_help_panel=READING,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        help="Encoding of the input, e.g. gb18030. Default: UTF-8, or as its byte order mark says.",
        rich_help_panel=READING,
    ),
]
Select = Annotated[
    str | None,
    typer.Option(
        help="Only these rules: codes, prefixes or names, e.g. ACC,half-width-punctuation.",
        rich_help_panel=RULES,
    ),
]
Ignore = Annotated[
    str | None, typer.Option(help="All rules but these, written alike.", rich_help_panel=RULES)
]
Preview = Annotated[
    bool | None,
    typer.Option("--preview", help="Also run the rules in preview.", rich_help_panel=RULES),
]
Glossary = Annotated[
    str | None,
    typer.Option(
        help="Terms to hold to: a .csv with source,target,forbidden,note, or a .tbx.",
        rich_help_panel=RULES,
    ),
]
Encoder = Annotated[
    str | None,
    typer.Option(
        help="'embedded', or a sentence-transformers model by name or local folder.",
        rich_help_panel=SCORING,
    ),
]
MinSimilarity = Annotated[
    float | None,
    typer.Option(
        help="Review segments below this cosine. Default: the encoder's own threshold.",
        rich_help_panel=SCORING,
    ),
]
NoRisk = Annotated[
    bool | None,
    typer.Option(
        "--risk/--no-risk",
        help="Estimate the risk of each segment. Default: yes.",
        rich_help_panel=SCORING,
        show_default=False,
    ),
]
Budget = Annotated[
    str | None,
    typer.Option(
        help="Also review the riskiest share of all segments, e.g. 20%.",
        rich_help_panel=SCORING,
    ),
]
ReviewRisk = Annotated[
    float | None,
    typer.Option(help="Also review segments from this risk on, 0 to 1.", rich_help_panel=SCORING),
]
CalibrationFile = Annotated[
    str | None,
    typer.Option(
        "--calibration",
        help="File of `mtcheck calibrate`, for the probabilities and limits of your domain.",
        rich_help_panel=SCORING,
    ),
]
RiskModelFolder = Annotated[
    str | None,
    typer.Option(
        "--risk-model",
        help="Folder of `mtcheck train finetune`. Default: the model installed.",
        rich_help_panel=SCORING,
    ),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        help="Lowest severity that fails: neutral, minor, major or critical; or none, to let "
        "only the other gates count. Default: major.",
        rich_help_panel="Gates",
    ),
]

FORWARD = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
"""For commands with many flags of their own, which their modules tell about: ``… --help``."""


def names(text: str | None) -> tuple[str, ...] | None:
    """A comma-separated flag as a tuple; None when the flag was not given."""
    return None if text is None else tuple(t for t in (p.strip() for p in text.split(",")) if t)


def share(text: str | None) -> float | None:
    """``20%`` or ``0.2`` as 0.2. Raises UsageError."""
    if text is None:
        return None
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise UsageError(f"{text!r} is no share; write 20% or 0.2") from None


def config_of(file: Path | None, aligned: bool | None, **changes: Setting) -> Config:
    layout = None if aligned is None else ("aligned" if aligned else "documents")
    return settings.load(file).replace(layout=layout, **changes)


def stderr() -> Callable[..., None]:
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print


@contextmanager
def progress() -> Iterator[OnBatch]:
    """A bar on stderr, if that is a terminal and the work takes more than a moment."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    began = time.monotonic()
    task = bar.add_task("auditing", total=1.0, counts="", start=True)

    def on_batch(batch: object, tally: object) -> None:
        counts = f"{getattr(tally, 'segments', 0):,} segments"
        bar.update(task, completed=getattr(batch, "fraction", 0.0), counts=counts)
        if time.monotonic() - began > 1 and not bar.live.is_started and console.is_terminal:
            bar.start()

    try:
        yield on_batch
    finally:
        bar.stop()


def _crashed(summary: Mapping[str, object]) -> bool:
    from mtcheck.rules import CRASH_CODE

    counts = summary["counts"]
    codes = counts.get("codes") if isinstance(counts, Mapping) else None
    return isinstance(codes, Mapping) and CRASH_CODE in codes


def finish(summary: Mapping[str, object], code: int) -> None:
    if _crashed(summary):
        stderr()("mtcheck: a rule crashed (INT001 in the findings); please report it")
        code = ERROR
    raise typer.Exit(code)
