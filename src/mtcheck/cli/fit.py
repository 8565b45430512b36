"""``mtcheck calibrate`` and ``calibrate-alignment``: what is fitted to a house's own data."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Literal

import typer

from mtcheck.cli import _say
from mtcheck.cli._app import app
from mtcheck.cli._options import (
    AsJson,
    HypothesisColumn,
    Inputs,
    LabelColumn,
    Resamples,
    SourceColumn,
)
from mtcheck.cli._settings import takes
from mtcheck.config import Config

__all__ = ["calibrate", "calibrate_alignment"]


@app.command()
@takes()
def calibrate(
    labels: Annotated[Path, typer.Argument(help="JSONL, CSV, TSV or Parquet with labels.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write.")] = Path(
        "calibration.json"
    ),
    score: Annotated[
        str, typer.Option(help="Column to calibrate; a missing risk is computed.")
    ] = "risk",
    scores: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Table with the score, by segment_id.")
    ] = None,
    direction: Annotated[
        Literal["worse", "better"], typer.Option(help="What a higher score is.")
    ] = "worse",
    method: Annotated[
        Literal["auto", "platt", "isotonic", "identity"], typer.Option(help="Method of fitting.")
    ] = "auto",
    review: Annotated[
        str, typer.Option(metavar="AIM", help="budget=20% or precision=0.5.")
    ] = "budget=20%",
    reject: Annotated[
        str, typer.Option(metavar="AIM", help="The same, for rejecting.")
    ] = "precision=0.8",
    label: LabelColumn = "",
    source_column: SourceColumn = "",
    hypothesis_column: HypothesisColumn = "",
    resamples: Resamples = 1000,
    seed: Annotated[int, typer.Option(help="Of the resamples.")] = 0,
    as_json: AsJson = False,
    *,
    config: Config,
) -> None:
    """Fit probabilities and thresholds on 100 to 200 labelled rows of your own.

    Example: mtcheck calibrate own.jsonl --review budget=20% --reject precision=0.8
    """
    from mtcheck.lab.labels import read_labels
    from mtcheck.lab.risk import calibrate as calibration

    report = calibration.calibrate(
        read_labels(
            labels, label=label, source_column=source_column, hypothesis_column=hypothesis_column
        ),
        score=score,
        scores=scores,
        direction=direction,
        method=method,
        review=calibration.Aim.parse(review),
        reject=calibration.Aim.parse(reject),
        config=config,
        resamples=resamples,
        seed=seed,
    )
    report.calibration.save(out)
    if as_json:
        _say.data(report.as_dict())
    else:
        _say.out(report.markdown().rstrip("\n"))
        _say.out(f'\nWritten to {out}; set calibration = "{out}" in mtcheck.toml.')


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
    alignment.write_scale(out, alignment.calibrate(documents, model), model)
    _say.out(f"fitted on {sum(map(len, documents))} pairs in {len(documents)} documents: {out}")
