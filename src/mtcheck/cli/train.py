"""``mtcheck train``: the steps that fit the risk model and the aligner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mtcheck.cli import _say
from mtcheck.cli._app import app
from mtcheck.cli._options import HypothesisColumn, LabelColumn, SourceColumn
from mtcheck.errors import MtcheckError

__all__ = [
    "train_alignment",
    "train_export",
    "train_finetune",
    "train_judge",
    "train_network",
    "train_stack",
]

train = typer.Typer(
    no_args_is_help=True,
    help="Go on training the risk model with your own labels, or rebuild it from labelled data.\n\n"
    "`finetune` is for labels of one's own. `network` (once a seed), `export`, `stack` and `judge` "
    "rebuild the model, `alignment` the aligner. A run that was stopped goes on from its "
    "checkpoint. Needs `pip install 'mtcheck[train]'`.",
    epilog="Example: mtcheck train finetune own.jsonl --work DIR --out own-model",
)
app.add_typer(train, name="train")

DataFolder = Annotated[Path, typer.Argument(help="Folder of the labelled files.")]
Work = Annotated[Path, typer.Option(help="Folder for checkpoints and what is in between.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder for the finished files. Default: the package's own.")
]
Seed = Annotated[int, typer.Option(help="Of the draws.")]
Threads = Annotated[int, typer.Option(help="Threads to compute with.", min=1)]


@contextmanager
def _told() -> Iterator[None]:
    """A missing package or file is an error of use, with what mends it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MtcheckError(f"{error}; pip install 'mtcheck[train]'") from None
    except FileNotFoundError as error:
        raise MtcheckError(str(error)) from None


def _folder(out: Path | None) -> Path:
    from mtcheck.models.risk import WEIGHTS

    return out or WEIGHTS


@train.command("finetune")
def train_finetune(
    labels: Annotated[Path, typer.Argument(help="JSONL, CSV, TSV or Parquet with human labels.")],
    work: Work,
    out: Annotated[Path, typer.Option(help="Folder for the new model.")],
    base: Annotated[
        Path | None, typer.Option(help="Model to begin with. Default: the installed.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Of the optimiser. Default: three passes.", min=1)
    ] = None,
    label: LabelColumn = "",
    source_column: SourceColumn = "",
    hypothesis_column: HypothesisColumn = "",
    seed: Seed = 1,
    threads: Threads = 1,
) -> None:
    """Go on training with labels of one's own, and tell whether it helped.

    A quarter of the documents is held out for that. It wants about 1,000 labelled rows and
    refuses fewer than 100; with 100 to 200, `mtcheck calibrate` is the thing to do.

    Example: mtcheck train finetune own.jsonl --work DIR --out own-model
    """
    with _told():
        from mtcheck.lab.labels import read_labels
        from mtcheck.lab.risk import run

        outcome = run.own(
            read_labels(
                labels,
                label=label,
                source_column=source_column,
                hypothesis_column=hypothesis_column,
            ),
            work=work,
            out=out,
            base=_folder(base),
            steps=steps,
            seed=seed,
            threads=threads,
            say=_say.note,
        )
    _say.out(outcome.markdown())
    _say.out(f'Written to {out}; set risk-model = "{out}" in mtcheck.toml.')


@train.command("network")
def train_network(
    data: DataFolder,
    work: Work,
    steps: Annotated[int, typer.Option(help="Of the optimiser.", min=1)] = 1100,
    base: Annotated[
        Path | None,
        typer.Option(
            help="Finished model to go on from, with expert judgements of several translations "
            "of one source."
        ),
    ] = None,
    seed: Seed = 1,
    threads: Threads = 1,
) -> None:
    """Train one seed's network.

    Example: mtcheck train network DATA --work DIR --seed 2
    """
    with _told():
        from mtcheck.lab.risk import run

        run.network(data, work, seed=seed, steps=steps, threads=threads, base=base)


@train.command("export")
def train_export(
    data: DataFolder,
    work: Work,
    out: Out = None,
    base: Annotated[
        Path | None, typer.Option(help="Model to average with; the network alone is written.")
    ] = None,
    share: Annotated[
        float, typer.Option(help="Of the new weights in that average.", min=0.0, max=1.0)
    ] = 1.0,
) -> None:
    """Average the seeds and write the files of the package.

    Example: mtcheck train export DATA --work DIR
    """
    with _told():
        from mtcheck.lab.risk import run

        _say.data(run.export(data, work, _folder(out), base=base, share=share), indent=None)


@train.command("stack")
def train_stack(data: DataFolder, work: Work, out: Out = None) -> None:
    """Fit and calibrate the stack.

    Example: mtcheck train stack DATA --work DIR
    """
    with _told():
        from mtcheck.lab.risk import run

        ridge, told = run.stack(data, work, _folder(out))
    _say.data(ridge, indent=None)
    _say.out(told)


@train.command("judge")
def train_judge(data: DataFolder, work: Work, out: Out = None) -> None:
    """Print the figures on data that nothing was trained on.

    Example: mtcheck train judge DATA --work DIR
    """
    with _told():
        from mtcheck.lab.risk import run

        _say.out(run.judge(data, work, _folder(out)))


@train.command("alignment")
def train_alignment(
    data: Annotated[Path, typer.Argument(help="Folder with mlqe_pe_train.parquet.")],
    write: Annotated[bool, typer.Option("--write", help="Also write the package's file.")] = False,
) -> None:
    """Fit the aligner anew and print its figures on held-out documents.

    Example: mtcheck train alignment ../shared/data/human --write
    """
    from mtcheck.lab.alignment import fit

    for line in fit.refit(data, write=write):
        _say.out(line)
