"""``mtcheck check``: the gate of a build."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, cast

import typer

from mtcheck.cli._app import CLEAN, FINDINGS, app
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
    say_timings,
)
from mtcheck.cli._say import Guarded, note
from mtcheck.cli._settings import CHECKING, of, takes
from mtcheck.config import GATES, JUDGE, KNOWN, Config
from mtcheck.errors import UsageError
from mtcheck.files import whole

if TYPE_CHECKING:
    from mtcheck.cli._options import Given
    from mtcheck.inspected import Inspected
    from mtcheck.reporters import Writer
    from mtcheck.reporters.stream import Stream
    from mtcheck.summary import Summary
    from mtcheck.types import Verdict

__all__ = ["check"]


@app.command()
@takes(
    *of(GATES, JUDGE, KNOWN),
    *CHECKING,
    "similarity",
    "min_similarity",
    "review_risk",
    "risk_model",
    "calibration",
)
def check(
    inputs: MaybeInputs = None,
    format: Annotated[  # noqa: A002
        str,
        typer.Option(
            help="Output: text, json, github, gitlab, azure, junit, checkstyle, rdjson, sarif."
        ),
    ] = "text",
    output: Annotated[
        Path | None, typer.Option(help="File to write the output to, in place of stdout.")
    ] = None,
    diff_base: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|REF",
            help="Check only the rows that changed since: their texts stand neither in this file "
            "nor, of a git commit or branch, in the inputs as they were.",
        ),
    ] = None,
    jobs: Jobs = None,
    cache_dir: CacheDir = None,
    no_cache: NoCache = False,
    timings: WithTimings = False,
    source: SourceFile = None,
    hypothesis: HypothesisFile = None,
    reference: ReferenceFile = None,
    ids: IdsFile = None,
    *,
    config: Config,
) -> None:
    """Check translations in a build: one line a finding, exit 1 when one is severe enough.

    A line is `path:row: CODE severity message`. Notes go to stderr. `--format` writes what a
    build server reads instead: annotations, SARIF, JUnit or Checkstyle XML, a report. Every
    gate that does not hold is told with what was measured. With a baseline, known findings are
    neither printed nor counted; the other gates look at all segments.

    Example: mtcheck check translations.jsonl --format sarif --output mtcheck.sarif
    """
    from mtcheck.api import audit as api
    from mtcheck.reporters.stream import stream

    given = gathered(inputs, source, hypothesis, reference, ids)
    form = stream(format)
    chosen = _without_idle_risk(config)
    if not form.scores:
        chosen = dataclasses.replace(chosen, metrics=("none",))

    def on_batch(batch: object, tally: object) -> None:  # noqa: ARG001
        for file in getattr(batch, "unread", ()):
            note(f"{file.path}: not read: {file.reason}")
        for row in getattr(batch, "rejected", ()):
            where = row.path if row.line is None else f"{row.path}:{row.line}"
            note(f"{where}: set aside: {row.problem}; {row.mend}")

    with _opened(output, given, form) as out:
        writer = form.open(out, api.told(chosen, Path.cwd()))
        if chosen.baseline:
            writer = _OnlyNew(writer)
        verdict, summary = api.report(
            given,
            None,
            chosen,
            writers=[writer],
            on_batch=on_batch,
            since=diff_base,
            means=means(jobs, cache_dir, no_cache=no_cache),
        )
    say_known(summary)
    _say_verdict(verdict, summary)
    if timings:
        say_timings(summary)
    finish(summary["counts"]["codes"], CLEAN if verdict.passed else FINDINGS)


def _without_idle_risk(config: Config) -> Config:
    """The settings with the risk off, unless a gate looks at it: it takes most of the time.

    A budget flags its share of any input, so it has no say in a gate.
    """
    limited = config.review_risk is not None or bool(config.calibration)
    held = config.max_risk is not None or "risk" in config.score_limits
    if held or (config.max_flagged is not None and limited):
        return dataclasses.replace(config, budget=None)
    return dataclasses.replace(config, budget=None, review_risk=None, risk=False)


class _OnlyNew:
    """A writer that hands on the findings that the baseline does not know."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def add(self, inspected: Inspected) -> None:
        from mtcheck.review.baseline import only_new

        self._writer.add(only_new(inspected))

    def end(self, summary: Summary) -> None:
        self._writer.end(summary)


@contextmanager
def _opened(path: Path | None, inputs: Given, form: Stream) -> Iterator[TextIO]:
    """The stream to write to: stdout, or a file that appears whole or not at all."""
    if path is None or str(path) == "-":
        if (reconfigure := getattr(sys.stdout, "reconfigure", None)) is not None:
            reconfigure(encoding="utf-8")  # what every format is in, whatever the locale
        # Plain lines for people go the way of all lines; the others escape for who reads them.
        yield cast("TextIO", Guarded(sys.stdout)) if form.key == "text" else sys.stdout
        return
    _not_an_input(path, inputs)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a pipe or a device can only be written to
            with path.open("w", encoding="utf-8", newline="\n") as file:
                yield file
            return
        with whole(path) as file:
            yield file
    except OSError as error:
        raise UsageError(f"{path}: can't write the output ({error.strerror})") from None


def _not_an_input(path: Path, inputs: Given) -> None:
    from mtcheck.readers import expand

    if path.exists() and any(path.samefile(file) for file in expand(inputs)):
        raise UsageError(f"{path}: is an input; name another file with --output")


def _say_verdict(verdict: Verdict, summary: Summary) -> None:
    counts = summary["counts"]
    reasons = "; ".join(verdict.reasons) or "nothing over the gate"
    rejected = f", {counts['rejected']} rows set aside" if counts["rejected"] else ""
    note(
        f"mtcheck: {verdict.label}: {reasons} "
        f"(segments: {counts['segments']}, documents: {counts['documents']}{rejected})"
    )
