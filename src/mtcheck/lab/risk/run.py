"""The steps that rebuild the risk model, or go on training it with labels of one's own.

Rebuild; every step can be repeated on its own:

    mtcheck train network DATA --work DIR --seed 1
    mtcheck train network DATA --work DIR --seed 2
    mtcheck train export DATA --work DIR
    mtcheck train stack DATA --work DIR
    mtcheck train judge DATA --work DIR

``network`` trains (a run that was stopped goes on from its last checkpoint); ``export``
averages the seeds' weights and writes the package's files; ``stack`` fits and calibrates;
``judge`` tells the figures of the model card.

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

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mtcheck.errors import MtcheckError
from mtcheck.lab.labels import Labels
from mtcheck.lab.risk.data import items
from mtcheck.lab.risk.e5 import E5, read_e5, read_pieces
from mtcheck.lab.risk.experts import items_on
from mtcheck.lab.risk.vocabulary import keep_list
from mtcheck.models import load_encoder
from mtcheck.models.risk import EMBEDDINGS, TOKENIZER
from mtcheck.models.tokens import PieceReader, tokenizer

if TYPE_CHECKING:
    from mtcheck.lab.risk.finetune import Outcome

__all__ = ["export", "judge", "network", "own", "stack"]

_exact = np.errstate(all="raise", under="ignore")
"""A step stops at the first number that is none."""


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


def _pieces(path: Path) -> list[str]:
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


@_exact
def network(
    data: Path, work: Path, *, seed: int, steps: int, threads: int, base: Path | None
) -> None:
    """Train one seed's network; checkpoints, and in the end the weights, go to ``work``.

    ``base``: the folder of a finished model to go on from, instead of from the encoder.
    """
    import torch

    from mtcheck.lab.risk.export import restore
    from mtcheck.lab.risk.net import RiskNet, load_e5, load_weights
    from mtcheck.lab.risk.train import Loaded, Reading, Settings, train

    torch.set_num_threads(threads)
    e5 = read_e5()
    whole = PieceReader(tokenizer(e5.pieces, e5.scores))
    if base:
        place = {piece: i for i, piece in reversed(list(enumerate(e5.pieces)))}
        keep = [place[piece] for piece in _pieces(base / TOKENIZER)]
        reading = Reading(PieceReader.load(base / TOKENIZER), keep, whole)
    else:
        keep = _vocabulary(data, work, e5)
        kept = tokenizer([e5.pieces[i] for i in keep], [e5.scores[i] for i in keep])
        reading = Reading(PieceReader(kept), keep, whole)

    def epoch(number: int) -> list[Loaded]:
        drawn = items_on(data, seed, number) if base else items(data, 1000 * seed + number)
        return [(item, tuple(reading.read(row) for row in item.rows)) for item in drawn]

    if base:
        start = restore(base)
        net = load_weights(start.weights, heads=start.heads, epsilon=start.epsilon)
        settings = Settings(
            steps=steps, frozen=4, tokens=2800, rate=8e-5, head_rate=3e-4, seed=seed
        )
    else:
        torch.manual_seed(1)  # the same heads to begin with, so that seeds can be averaged
        encoder = load_e5(e5.tensors, layers=e5.layers, heads=e5.heads, epsilon=e5.epsilon)
        net = RiskNet(encoder, e5.hidden)
        settings = Settings(steps=steps, seed=seed)
    train(net, epoch, e5.rows, settings, work / f"seed{seed}")


@_exact
def export(
    data: Path, work: Path, out: Path, *, base: Path | None, share: float
) -> dict[str, object]:
    """Average the seeds' weights and write the files of the package to ``out``.

    With ``base``, the network alone is written, of which ``share`` is new. Returns the number
    of seeds and the sizes of the files in bytes. Raises MtcheckError when nothing was trained.
    """
    import torch

    from mtcheck.lab.risk.export import restore, save_model, save_network

    paths = sorted(work.glob("seed*/checkpoint.pt"))
    states = [torch.load(path, weights_only=True)["net"] for path in paths]
    if not states:
        raise MtcheckError(f"{work}: no trained network; run the step `network` first")
    mean = {
        name: torch.stack([state[name].float() for state in states]).mean(0).numpy()
        for name in states[0]
    }
    if base:
        start = restore(base)
        mean = {n: share * w + (1 - share) * start.weights[n] for n, w in mean.items()}
        out.mkdir(parents=True, exist_ok=True)
        for name in (EMBEDDINGS, TOKENIZER):
            if out.resolve() != base.resolve():
                shutil.copyfile(base / name, out / name)
        save_network(out, mean, heads=start.heads, epsilon=start.epsilon)
    else:
        e5 = read_e5()
        keep = _vocabulary(data, work, e5)
        save_model(
            out,
            mean,
            heads=e5.heads,
            epsilon=e5.epsilon,
            rows=e5.rows[keep],
            pieces=[e5.pieces[i] for i in keep],
            scores=[e5.scores[i] for i in keep],
        )
    sizes = {p.name: p.stat().st_size for p in sorted(out.iterdir())}
    return {"seeds": len(states), "bytes": sizes, "total": sum(sizes.values())}


@_exact
def stack(data: Path, work: Path, out: Path) -> tuple[dict[str, float], str]:
    """Fit and calibrate the stack in ``out``.

    Returns the figures of the encoder's ridge and the table of the stack's, out of fold.
    """
    from mtcheck.lab.risk.figures import fit_stack
    from mtcheck.lab.risk.witnesses import Remembered, fit_encoder

    encoder = Remembered(load_encoder("embedded"), work / "vectors.npz")
    ridge = fit_encoder(data, encoder, out)
    told = fit_stack(data, out, encoder)
    encoder.save()
    return ridge, told


@_exact
def judge(data: Path, work: Path, out: Path) -> str:
    """The figures of the model in ``out`` on data that nothing was trained on, as Markdown."""
    from mtcheck.lab.risk import figures
    from mtcheck.lab.risk.witnesses import Remembered

    encoder = Remembered(load_encoder("embedded"), work / "vectors.npz")
    told = figures.judge(data, out, encoder)
    encoder.save()
    return told


@_exact
def own(
    labels: Labels,
    *,
    work: Path,
    out: Path,
    base: Path,
    steps: int | None,
    seed: int,
    threads: int,
    say: Callable[[str], None],
) -> Outcome:
    """:func:`mtcheck.lab.risk.finetune.finetune` with so many threads."""
    import torch

    from mtcheck.lab.risk.finetune import finetune

    torch.set_num_threads(threads)
    return finetune(labels, work=work, out=out, base=base, steps=steps, seed=seed, say=say)
