"""``mtcheck baseline``: what is wrong today and need not fail a build."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtcheck import config as settings
from mtcheck.cli._app import CLEAN, app
from mtcheck.cli._known import say_known
from mtcheck.cli._options import Inputs, finish, progress
from mtcheck.cli._say import out
from mtcheck.cli._settings import CHECKING, ConfigFile, takes
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.files import locked

if TYPE_CHECKING:
    from mtcheck.review.baseline import Collector, Known
    from mtcheck.summary import Summary

__all__ = ["baseline"]

DEFAULT = "mtcheck-baseline.json"

baseline = typer.Typer(
    no_args_is_help=True,
    help="Keep the findings of today, so that `mtcheck check --baseline` fails on new ones only.",
)
app.add_typer(baseline, name="baseline")

File = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help=f"The baseline. Default: the setting `baseline`, else {DEFAULT}.",
    ),
]


_TAKEN = takes(
    *(n for n in CHECKING if n not in {"reference_column", "back_translation_column"}),
    "suppressions",
    "decisions",
)


@baseline.command()
@_TAKEN
def write(
    inputs: Inputs,
    file: File = None,
    *,
    config: Config,
) -> None:
    """Write all findings into a new baseline. An existing one is not replaced: see `update`.

    Example: mtcheck baseline write translations.jsonl
    """
    path = _path(file, config)
    _is_new(path)
    found, summary = _found(inputs, config)
    with locked(path):
        _is_new(path)  # another run may have been quicker
        found.baseline.save(path)
    out(f"{path}: {_counts(found.baseline.listed())}")
    finish(summary["counts"]["codes"], CLEAN)


@baseline.command()
@_TAKEN
def update(
    inputs: Inputs,
    file: File = None,
    prune: Annotated[
        bool,
        typer.Option("--prune", help="Also take out documents and rules that are not in this run."),
    ] = False,
    *,
    config: Config,
) -> None:
    """Bring the baseline up to date, and print what goes in (+) and out (-).

    What it holds of other documents than these, or of rules that don't run, stays, unless
    --prune is given.

    Example: mtcheck baseline update translations.jsonl
    """
    from mtcheck.review.baseline import load_baseline
    from mtcheck.rules import selected

    path = _path(file, config)
    load_baseline(path)  # a broken one is told before the work begins
    found, summary = _found(inputs, config)
    rules = [r.key for r in selected(config)]
    with locked(path):
        before = load_baseline(path)  # as it is now: another run may have been quicker
        after, change = before.updated(found.baseline, documents=found.documents, rules=rules)
        if prune:
            after, change = found.baseline, before.change(found.baseline)
        after.save(path)
    for sign, listed in (("+", change.added), ("-", change.removed)):
        _print(listed, sign)
    went = [sum(k.count for k in listed) for listed in (change.added, change.removed)]
    out(f"{path}: {went[0]} in, {went[1]} out; {_counts(after.listed())}")
    finish(summary["counts"]["codes"], CLEAN)


@baseline.command()
def show(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help=f"Default: the setting `baseline`, else {DEFAULT}."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Print the findings in a baseline, one a line, and their counts by rule.

    Example: mtcheck baseline show mtcheck-baseline.json
    """
    from mtcheck.review.baseline import load_baseline

    path = file if file is not None else _path(None, settings.load(config, allow_models=True))
    listed = load_baseline(path).listed()
    _print(listed)
    codes: Counter[str] = Counter()
    for known in listed:
        codes[known.code] += known.count
    for code, count in sorted(codes.items(), key=lambda c: (-c[1], c[0])):
        out(f"{code} {count}")
    out(f"{path}: {_counts(listed)}")


def _is_new(path: Path) -> None:
    if path.exists():
        raise UsageError(
            f"{path}: exists; renew it with `mtcheck baseline update`, or remove it first"
        )


def _path(file: Path | None, config: Config) -> Path:
    return file if file is not None else Path(config.baseline or DEFAULT)


def _found(inputs: list[str], config: Config) -> tuple[Collector, Summary]:
    """Run over the input for its findings alone."""
    from mtcheck.api import audit as api
    from mtcheck.review.baseline import Collector

    plain = dataclasses.replace(
        config, baseline="", risk=False, budget=None, review_risk=None, max_risk=None
    )
    collector = Collector()
    with progress() as on_batch:
        _, summary = api.report(inputs, None, plain, writers=[collector], on_batch=on_batch)
    say_known(summary)
    return collector, summary


def _print(listed: Iterable[Known], sign: str = "") -> None:
    for known in listed:
        out(" ".join(f"{sign} {known}".split()))


def _counts(listed: Iterable[Known]) -> str:
    every = list(listed)
    count = sum(k.count for k in every)
    documents = len({k.document for k in every})
    return (
        f"{count} {'finding' if count == 1 else 'findings'} in "
        f"{documents} {'document' if documents == 1 else 'documents'}"
    )
