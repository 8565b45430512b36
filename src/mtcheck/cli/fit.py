"""``mtcheck calibrate``, ``calibrate-alignment`` and ``train``: what is fitted to data."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from mtcheck.cli._app import app
from mtcheck.cli._options import FORWARD, Inputs
from mtcheck.cli._settings import takes
from mtcheck.config import Config

__all__ = ["calibrate", "calibrate_alignment", "train"]


@app.command(context_settings=FORWARD)
def calibrate(context: typer.Context) -> None:
    """Fit probabilities and thresholds on 100 to 200 labelled rows of your own.

    Example: mtcheck calibrate own.jsonl --review budget=20% --reject precision=0.8
    """
    from mtcheck.lab.risk import calibrate as calibration

    raise typer.Exit(calibration.main(context.args, prog="mtcheck calibrate"))


@app.command("calibrate-alignment")
@takes("encoder", "source_column", "hypothesis_column", "id_column")
def calibrate_alignment(
    inputs: Inputs,
    out: Annotated[Path, typer.Option(help="File to write; name it as `alignment-file`.")],
    *,
    config: Config,
) -> None:
    """Fit the aligner to an encoder, on right translations that are aligned sentence by sentence.

    Rows of one document share its id and stand in order; a few hundred rows will do.

    Example: mtcheck calibrate-alignment pairs.csv --encoder ./my-model --out my-model.json
    """
    from mtcheck import readers
    from mtcheck.alignment.documents import from_frame, grouped
    from mtcheck.lab.alignment import calibrate as alignment
    from mtcheck.models import load_encoder

    model = load_encoder(config.encoder)
    documents = [
        [(row.texts["source"] or "", row.texts["hypothesis"] or "") for row in rows]
        for batch in readers.batches(list(inputs), dataclasses.replace(config, layout="aligned"))
        for rows in grouped(from_frame(batch.frame)).values()
    ]
    alignment.write_calibration(out, alignment.calibrate(documents, model), model)
    typer.echo(f"fitted on {sum(map(len, documents))} pairs in {len(documents)} documents: {out}")


@app.command(context_settings=FORWARD)
def train(context: typer.Context) -> None:
    """Go on training the risk model with your own labels, or rebuild it from labelled data.

    A run that was stopped goes on from its checkpoint. Needs `pip install 'mtcheck[train]'`.

    Example: mtcheck train finetune own.jsonl --work DIR --out own-model
    """
    from mtcheck.lab.risk import run

    raise typer.Exit(run.main(context.args))
