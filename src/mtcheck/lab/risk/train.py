"""Train the network on items: several losses, one pass a step, resumable."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from mtcheck.lab.marks import Marks
from mtcheck.lab.risk.data import Example, TrainingItem
from mtcheck.lab.risk.net import HEADS, RiskNet
from mtcheck.models.risk import unpack
from mtcheck.models.tokens import BEGIN, END, PieceReader

__all__ = ["Loaded", "OnStep", "Read", "Reading", "Settings", "batches", "loss_of", "train"]

LONGEST = 256
"""Pieces of a pair read in training; longer ones are cut."""

WEIGHTS = {"adequacy": 1.0, "effort": 5.0, "critical": 1.0, "major": 0.6}
WORD_WEIGHT = 0.7

RANKED = {
    "contrast": (1.0, 1.0),
    "major": (-1.0, 0.4),
    "critical": (-1.0, 0.2),
    "adequacy": (1.5, 0.2),
    "effort": (-4.0, 0.2),
}
"""How much of each head's unit is a step in order, better being higher, and what a pair weighs
there, where experts say by how much one translation of a source is worse than another."""

_PLAIN = {"contrast": RANKED["contrast"]}


@dataclass(frozen=True)
class Settings:
    """How to train. ``frozen``: lower layers that keep their weights; ``tokens``: per step."""

    steps: int
    frozen: int = 6
    tokens: int = 2000
    rate: float = 1.2e-4
    head_rate: float = 6e-4
    warmup: int = 80
    seed: int = 1
    save_every: int = 100


@dataclass(frozen=True)
class Read:
    """A row as ids of the whole vocabulary; ``wrong``: 0 to 1, or -1 (unknown), per piece."""

    ids: tuple[int, ...]
    wrong: tuple[float, ...]


class Reading:
    """Turns rows into ids: Chinese by the kept pieces, other languages by all of them."""

    def __init__(self, kept: PieceReader, keep: Sequence[int], whole: PieceReader) -> None:
        self._kept, self._keep, self._whole = kept, tuple(keep), whole

    def read(self, row: Example) -> Read:
        """Ids ``<s> source </s></s> hypothesis </s>`` and the word labels."""
        reader = self._whole if row.foreign else self._kept
        source, hypothesis = reader.read(row.source), reader.read(row.hypothesis)
        wrong = _wrong(row.hypothesis, hypothesis.spans, row.marks, row.strength)
        missing = _wrong(row.source, source.spans, row.source_marks)
        ids = [BEGIN, *source.ids, END, END, *hypothesis.ids, END]
        labels = [-1.0, *missing, -1.0, -1.0, *wrong, -1.0]
        if not row.foreign:
            ids = [self._keep[i] for i in ids]
        return Read(tuple(ids[:LONGEST]), tuple(labels[:LONGEST]))


def _wrong(
    text: str,
    spans: Sequence[tuple[int, int]],
    marks: Marks | None,
    strength: Sequence[float] = (),
) -> list[float]:
    """How wrong each piece is: the marks on it added up, 1 each unless told otherwise."""
    each = list(zip(marks or (), strength or [1.0] * len(marks or ()), strict=True))
    return [
        -1.0
        if marks is None or not any(c.isalnum() for c in text[a:b])
        else min(1.0, sum(by for (s, e), by in each if s < b and a < e))
        for a, b in spans
    ]


Loaded = tuple[TrainingItem, tuple[Read, ...]]

OnStep = Callable[[int, Mapping[str, float]], None]


def batches(items: Sequence[Loaded], tokens: int, rng: random.Random) -> Iterator[list[Loaded]]:
    """Items of like length together, at most ``tokens`` pieces after padding; in random order."""
    order = list(items)
    rng.shuffle(order)
    out: list[list[Loaded]] = []
    for at in range(0, len(order), 2000):
        chunk = sorted(order[at : at + 2000], key=lambda x: max(len(r.ids) for r in x[1]))
        batch: list[Loaded] = []
        rows = longest = 0
        for item in chunk:
            longest_now = max(longest, *(len(r.ids) for r in item[1]))
            if batch and (rows + len(item[1])) * longest_now > tokens:
                out.append(batch)
                batch, rows, longest_now = [], 0, max(len(r.ids) for r in item[1])
            batch.append(item)
            rows, longest = rows + len(item[1]), longest_now
        if batch:
            out.append(batch)
    rng.shuffle(out)
    yield from out


def tensors(batch: Sequence[Loaded], rows: NDArray[np.uint8]) -> tuple[Tensor, Tensor, Tensor]:
    """Word vectors (n, length, hidden), mask (n, 1, 1, length) and word labels (n, length)."""
    reads = [r for _, item in batch for r in item]
    longest = max(len(r.ids) for r in reads)
    ids = np.zeros((len(reads), longest), dtype=np.int64)
    wrong = np.full((len(reads), longest), -1, dtype=np.float32)
    mask = np.zeros((len(reads), longest), dtype=bool)
    for i, r in enumerate(reads):
        ids[i, : len(r.ids)], wrong[i, : len(r.ids)], mask[i, : len(r.ids)] = r.ids, r.wrong, True
    return (
        torch.from_numpy(unpack(rows[ids])),
        torch.from_numpy(mask)[:, None, None],
        torch.from_numpy(wrong),
    )


def loss_of(
    batch: Sequence[Loaded], heads: Tensor, words: Tensor, wrong: Tensor
) -> tuple[Tensor, dict[str, float]]:
    """The sum of the losses that the batch has labels for, and each by name."""
    rows = [row for item, _ in batch for row in item.rows]
    losses: dict[str, Tensor] = {}
    for k, name in enumerate(HEADS[:-1]):
        at = [i for i, r in enumerate(rows) if name in r.labels]
        if not at:
            continue
        wanted = torch.tensor([rows[i].labels[name] for i in at])
        got = heads[at, k]
        # Divided by all rows, so that a label rare in this batch weighs no more than elsewhere.
        if name in {"adequacy", "effort"}:
            total = F.mse_loss(got, wanted, reduction="sum")
        else:
            total = F.binary_cross_entropy_with_logits(got, wanted, reduction="sum")
        losses[name] = WEIGHTS[name] * total / len(rows)
    steps = [(i, level) for i, row in enumerate(rows) for level in row.levels]
    if steps:
        score = heads[[i for i, _ in steps], HEADS.index("major")]
        target, offset = (torch.tensor(x) for x in zip(*(step for _, step in steps), strict=True))
        share = torch.tensor([1 / len(rows[i].levels) for i, _ in steps])
        each = F.binary_cross_entropy_with_logits(score + offset, target, reduction="none")
        losses["levels"] = WEIGHTS["major"] * (each * share).sum() / len(rows)
    losses |= _pair_losses(batch, heads)
    known = wrong >= 0
    if known.any():
        losses["words"] = WORD_WEIGHT * F.binary_cross_entropy_with_logits(
            words[known], wrong[known]
        )
    return torch.stack(list(losses.values())).sum(), {k: v.item() for k, v in losses.items()}


def _pair_losses(batch: Sequence[Loaded], heads: Tensor) -> dict[str, Tensor]:
    """Of the two translations of a source the worse is to score lower; by more, if far worse.

    Where experts say by how much, a pair weighs the more the larger the gap (small ones may be
    two annotators), and the heads are all asked; elsewhere only ``contrast`` is.
    """
    pairs: list[tuple[int, int, float, float]] = []
    start = rows = 0
    for item, _ in batch:
        rows += len(item.rows)
        gaps = item.gaps or [0.0] * len(item.better)
        for (i, j), gap in zip(item.better, gaps, strict=True):
            weight = gap / (gap + 2) * len(item.rows) if gap else 2
            pairs.append((start + i, start + j, weight / len(item.better), math.log1p(gap) / 2))
        start = rows
    losses = {}
    for graded in (False, True):
        of_kind = [pair for pair in pairs if (pair[3] > 0) == graded]
        if not of_kind:
            continue
        better, worse, share, margin = (torch.tensor(x) for x in zip(*of_kind, strict=True))
        for name, (unit, weight) in RANKED.items() if graded else _PLAIN.items():
            score = unit * heads[:, HEADS.index(name)]
            lost = F.softplus(margin + score[worse] - score[better]) * share
            losses[f"{name} by experts" if graded else name] = weight * lost.sum() / rows
    return losses


def _taken_up(
    checkpoint: Path,
    net: RiskNet,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> int:
    """Put everything back to where a stopped run was; the number of steps it had done."""
    state = torch.load(checkpoint, weights_only=True)
    net.load_state_dict(state["net"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    if "random" in state:  # what dropout draws next; not in checkpoints of before
        torch.set_rng_state(state["random"])
    return int(state["done"])


def train(
    net: RiskNet,
    epoch: Callable[[int], Sequence[Loaded]],
    rows: NDArray[np.uint8],
    settings: Settings,
    folder: Path,
    *,
    on_step: OnStep | None = None,
) -> None:
    """Train in place; checkpoints and a log go to ``folder``, and a run there is taken up again.

    ``epoch`` gives the items of the n-th pass. The rate rises over ``warmup`` steps and falls
    in a straight line to zero. ``on_step`` is told the number and the losses of each step.
    A run that was stopped ends with the same weights as one that was not, on one thread.
    """
    torch.manual_seed(settings.seed)
    for part in (net.encoder.norm, *net.encoder.layers[: settings.frozen]):
        for parameter in part.parameters():
            parameter.requires_grad_(False)
    body = [p for p in net.encoder.parameters() if p.requires_grad]
    top = [p for part in (net.mix, net.heads, net.words) for p in part.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": body, "lr": settings.rate},
            {"params": top, "lr": settings.head_rate},
        ],
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda s: min((s + 1) / settings.warmup, max(0.0, 1 - s / settings.steps)),
    )
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    done = _taken_up(checkpoint, net, optimiser, schedule) if checkpoint.exists() else 0
    net.train()
    step, number = 0, 0
    began = time.perf_counter()
    sums: dict[str, list[float]] = {}
    while step < settings.steps:
        loaded = epoch(number)
        for batch in batches(loaded, settings.tokens, random.Random(settings.seed + number)):
            step += 1
            if step <= done:
                continue
            if step > settings.steps:
                break
            words, mask, wrong = tensors(batch, rows)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                with torch.no_grad():
                    x = net.encoder.lower(words, mask, settings.frozen)
                x = net.encoder.upper(x, mask, settings.frozen)
            heads, logits = net.read(x.float(), mask)
            loss, parts = loss_of(batch, heads, logits, wrong)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*body, *top], 1.0)
            optimiser.step()
            schedule.step()
            for name, value in parts.items():
                sums.setdefault(name, []).append(value)
            if on_step:
                on_step(step, parts)
            if step % 10 == 0:
                line = {
                    "step": step,
                    "epoch": number,
                    "seconds": round(time.perf_counter() - began, 1),
                    **{k: round(float(np.mean(v)), 4) for k, v in sums.items()},
                }
                with (folder / "log.jsonl").open("a") as log:
                    log.write(json.dumps(line) + "\n")
                sums = {}
            if step % settings.save_every == 0 or step == settings.steps:
                state = {
                    "net": net.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(),
                    "done": step,
                    "random": torch.get_rng_state(),
                }
                torch.save(state, checkpoint.with_suffix(".part"))
                checkpoint.with_suffix(".part").replace(checkpoint)
        number += 1
    torch.save(net.state_dict(), folder / "net.pt")
