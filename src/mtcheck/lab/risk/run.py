"""Rebuild the risk model, step by step, or go on training it with labels of one's own.

Rebuild; every step can be repeated on its own:

    mtcheck train network DATA --work DIR --seed 1
    mtcheck train network DATA --work DIR --seed 2
    mtcheck train export DATA --work DIR
    mtcheck train stack DATA --work DIR
    mtcheck train judge DATA --work DIR

``network`` trains (a run that was stopped goes on from its last checkpoint); ``export``
averages the seeds' weights and writes the package's files; ``stack`` fits and calibrates;
``judge`` prints the figures of the model card.

With ``--base MODEL``, ``network`` goes on from a finished network, with expert judgements of
several translations of one source; ``export`` then replaces the network alone.

Fine-tune:

    mtcheck train finetune own.jsonl --work DIR --out own-model
    mtcheck audit abstracts.csv --risk-model own-model

``finetune`` reads labels as ``mtcheck evaluate`` and ``mtcheck calibrate`` do, holds a quarter of
the documents out, and says whether it helped there. It wants about 1,000 labelled rows and
refuses fewer than 100; with 100 to 200, ``mtcheck calibrate`` is the thing to do.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mtcheck.errors import MtcheckError
from mtcheck.lab.risk.data import items
from mtcheck.lab.risk.e5 import E5, read_e5, read_pieces
from mtcheck.lab.risk.experts import items_on
from mtcheck.lab.risk.vocabulary import keep_list
from mtcheck.models import load_encoder
from mtcheck.models.risk import EMBEDDINGS, TOKENIZER, WEIGHTS
from mtcheck.models.tokens import PieceReader, tokenizer

__all__ = ["main"]


def _texts(data: Path) -> Iterator[str]:
    """English and Chinese text to cover with pieces, whatever its labels."""
    for name in ("mlqe_pe_train", "critical_errors_train"):
        frame = pd.read_parquet(data / f"{name}.parquet")
        for column in ("source", "hypothesis", "post_edit_tokenised"):
            if column in frame:
                yield from frame[column]
    other = pd.read_parquet(data / "mlqe_pe_train_other_pairs.parquet")
    yield from other["source"][other["language_pair"].str.startswith("en")]
    mqm = pd.read_json(data / "bio_mqm_dev_other_pairs.jsonl", lines=True)
    yield from mqm["source"][mqm["language_pair"].str.startswith("en")]
    yield from mqm["hypothesis"][mqm["language_pair"].str.endswith("en")]


def vocabulary_of(path: Path) -> list[str]:
    """The pieces of a ``tokenizer.json``, by id."""
    model = json.loads(path.read_text(encoding="utf-8"))["model"]
    return [piece for piece, _ in model["vocab"]]


def _vocabulary(data: Path, work: Path, e5: E5) -> list[int]:
    path = work / "keep.json"
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        whole = PieceReader(tokenizer(e5.pieces, e5.scores))
        path.write_text(json.dumps(keep_list(e5.pieces, read_pieces(), whole, _texts(data))))
    kept: list[int] = json.loads(path.read_text())
    return kept


def _network(options: argparse.Namespace) -> None:
    import torch

    from mtcheck.lab.risk.export import restore
    from mtcheck.lab.risk.net import RiskNet, load_e5, load_weights
    from mtcheck.lab.risk.train import Loaded, Reading, Settings, train

    torch.set_num_threads(options.threads)
    data, seed = options.data, options.seed
    e5 = read_e5()
    whole = PieceReader(tokenizer(e5.pieces, e5.scores))
    if options.base:
        place = {piece: i for i, piece in reversed(list(enumerate(e5.pieces)))}
        keep = [place[piece] for piece in vocabulary_of(options.base / TOKENIZER)]
        reading = Reading(PieceReader.load(options.base / TOKENIZER), keep, whole)
    else:
        keep = _vocabulary(data, options.work, e5)
        kept = tokenizer([e5.pieces[i] for i in keep], [e5.scores[i] for i in keep])
        reading = Reading(PieceReader(kept), keep, whole)

    def epoch(number: int) -> list[Loaded]:
        on = options.base is not None
        drawn = items_on(data, seed, number) if on else items(data, 1000 * seed + number)
        return [(item, tuple(reading.read(row) for row in item.rows)) for item in drawn]

    folder = options.work / f"seed{seed}"
    if options.base:
        start = restore(options.base)
        net = load_weights(start.weights, heads=start.heads, epsilon=start.epsilon)
        settings = Settings(
            steps=options.steps, frozen=4, tokens=2800, rate=8e-5, head_rate=3e-4, seed=seed
        )
    else:
        torch.manual_seed(1)  # the same heads to begin with, so that seeds can be averaged
        encoder = load_e5(e5.tensors, layers=e5.layers, heads=e5.heads, epsilon=e5.epsilon)
        net = RiskNet(encoder, e5.hidden)
        settings = Settings(steps=options.steps, seed=seed)
    train(net, epoch, e5.rows, settings, folder)


def _export(options: argparse.Namespace) -> None:
    import torch

    from mtcheck.lab.risk.export import restore, save_model, save_network

    paths = sorted(options.work.glob("seed*/checkpoint.pt"))
    states = [torch.load(path, weights_only=True)["net"] for path in paths]
    if not states:
        raise MtcheckError(f"{options.work}: no trained network; run the step `network` first")
    mean = {
        name: torch.stack([state[name].float() for state in states]).mean(0).numpy()
        for name in states[0]
    }
    if options.base:
        start = restore(options.base)
        share = options.share
        mean = {n: share * w + (1 - share) * start.weights[n] for n, w in mean.items()}
        options.out.mkdir(parents=True, exist_ok=True)
        for name in (EMBEDDINGS, TOKENIZER):
            if options.out.resolve() != options.base.resolve():
                shutil.copyfile(options.base / name, options.out / name)
        save_network(options.out, mean, heads=start.heads, epsilon=start.epsilon)
    else:
        e5 = read_e5()
        keep = _vocabulary(options.data, options.work, e5)
        save_model(
            options.out,
            mean,
            heads=e5.heads,
            epsilon=e5.epsilon,
            rows=e5.rows[keep],
            pieces=[e5.pieces[i] for i in keep],
            scores=[e5.scores[i] for i in keep],
        )
    sizes = {p.name: p.stat().st_size for p in sorted(options.out.iterdir())}
    print(json.dumps({"seeds": len(states), "bytes": sizes, "total": sum(sizes.values())}))


def _stack(options: argparse.Namespace) -> None:
    from mtcheck.lab.risk.figures import fit_stack
    from mtcheck.lab.risk.witnesses import Remembered, fit_encoder

    encoder = Remembered(load_encoder("embedded"), options.work / "vectors.npz")
    print(json.dumps(fit_encoder(options.data, encoder, options.out)))
    print(fit_stack(options.data, options.out, encoder))
    encoder.save()


def _judge(options: argparse.Namespace) -> None:
    from mtcheck.lab.risk.figures import judge
    from mtcheck.lab.risk.witnesses import Remembered

    encoder = Remembered(load_encoder("embedded"), options.work / "vectors.npz")
    print(judge(options.data, options.out, encoder))
    encoder.save()


def _finetune(options: argparse.Namespace) -> None:
    import torch

    from mtcheck.lab.labels import read_labels
    from mtcheck.lab.risk.finetune import finetune

    torch.set_num_threads(options.threads)
    labels = read_labels(
        options.data,
        label=options.label,
        source_column=options.source_column,
        hypothesis_column=options.hypothesis_column,
    )
    outcome = finetune(
        labels,
        work=options.work,
        out=options.out,
        base=options.base,
        steps=options.steps,
        seed=options.seed,
    )
    print(outcome.markdown())
    print(f'Written to {options.out}; set risk-model = "{options.out}" in mtcheck.toml.')


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mtcheck train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)

    def step(
        name: str,
        run: Callable[[argparse.Namespace], None],
        help: str,  # noqa: A002
    ) -> argparse.ArgumentParser:
        made = steps.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
        made.set_defaults(run=run)
        made.add_argument("--seed", type=int, default=1)
        made.add_argument("--threads", type=int, default=1)
        made.add_argument(
            "--work", type=Path, required=True, help="folder for checkpoints and what is in between"
        )
        return made

    for name, run, help in (  # noqa: A001
        ("network", _network, "train one seed's network"),
        ("export", _export, "average the seeds and write the files of the package"),
        ("stack", _stack, "fit and calibrate the stack"),
        ("judge", _judge, "print the figures on data that nothing was trained on"),
    ):
        made = step(name, run, help)
        made.add_argument("data", type=Path, help="folder of the labelled files")
        made.add_argument("--out", type=Path, default=WEIGHTS, help="folder for the finished files")
        made.add_argument("--steps", type=int, default=1100, help="optimiser steps of `network`")
        made.add_argument(
            "--base",
            type=Path,
            help="model that `network` goes on from, and `export` averages with",
        )
        made.add_argument(
            "--share", type=float, default=1.0, help="of the new weights in that average"
        )
    own = step("finetune", _finetune, "go on training with labels of one's own")
    own.add_argument(
        "data", type=Path, metavar="LABELS", help="JSONL, CSV, TSV or Parquet with human labels"
    )
    own.add_argument("--out", type=Path, required=True, help="folder for the new model")
    own.add_argument(
        "--base", type=Path, default=WEIGHTS, help="model to begin with; default: the installed"
    )
    own.add_argument("--steps", type=int, help="of the optimiser; default: three passes")
    own.add_argument("--label", default="", help="yes-or-no column: has a major or critical error")
    own.add_argument("--source-column", default="")
    own.add_argument("--hypothesis-column", default="")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command; returns the exit code (0, or 2 after an error on stderr)."""
    options = _parser().parse_args(arguments)
    np.seterr(all="raise", under="ignore")
    try:
        options.run(options)
    except (MtcheckError, FileNotFoundError, ModuleNotFoundError) as error:
        hint = "; pip install 'mtcheck[train]'" if isinstance(error, ImportError) else ""
        print(f"mtcheck: error: {error}{hint}", file=sys.stderr)
        return 2
    return 0
