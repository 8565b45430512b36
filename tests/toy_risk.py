"""A tiny risk model with random weights, built in a folder by the tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from mtcheck.lab.risk.export import save_model
from mtcheck.lab.risk.net import RiskNet, Transformer
from mtcheck.models.risk import BLOCK
from mtcheck.risk import FEATURES, KINDS, RIDGE, RULE_GROUPS, STACK, Expert, Stack, to_weigh

HIDDEN, HEADS, LAYERS, WIDTH, POSITIONS = 64, 4, 2, 128, 400
CHARACTERS = (
    "abcdefghijklmnopqrstuvwxyz0123456789.,()。的患者研究显示药物有效增加减少没有不了在三年和是"
)
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "\u2581",
    *dict.fromkeys(CHARACTERS),
    "\u2581the",
    "患者",
    "研究",
]
SCORES = [0.0] * 4 + [-5.0] * (len(PIECES) - 7) + [-3.0] * 3


def packed_rows(count: int, seed: int = 0) -> np.ndarray:
    """Random 4-bit rows: half-float scales and nibbles."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (count, HIDDEN // BLOCK, 2 + BLOCK // 2), dtype=np.uint8)
    scales = np.full((count, HIDDEN // BLOCK, 1), 0.05, dtype="<f2")
    blocks[..., :2] = scales.view(np.uint8)
    return blocks.reshape(count, -1)


def toy_net(seed: int = 0) -> RiskNet:
    torch.manual_seed(seed)
    encoder = Transformer(
        hidden=HIDDEN, width=WIDTH, heads=HEADS, layers=LAYERS, positions=POSITIONS, epsilon=1e-12
    )
    net = RiskNet(encoder, HIDDEN)
    torch.nn.init.normal_(net.encoder.positions, std=0.05)
    return net


def toy_stack() -> Stack:
    """Every witness counts, every rule by 2; in each kind of text a little more."""
    weights = {name: 2.0 if name in RULE_GROUPS else 0.3 for name in FEATURES}
    experts = {kind: Expert(weights, -2.0 + 0.5 * k) for k, kind in enumerate(KINDS)}
    return Stack(experts, rules=to_weigh())


def build(folder: Path) -> Path:
    """All files of a risk model in ``folder``."""
    weights = {k: v.detach().numpy() for k, v in toy_net().state_dict().items()}
    save_model(
        folder, weights, heads=HEADS, epsilon=1e-12,
        rows=packed_rows(len(PIECES)), pieces=PIECES, scores=SCORES,
    )  # fmt: skip
    rng = np.random.default_rng(1)
    tables = {
        "weights": rng.normal(scale=0.1, size=(3, 2048)),
        "bias": np.zeros(3),
        "kinds": rng.normal(scale=0.5, size=(len(KINDS), 512)),
        "kinds_bias": np.zeros(len(KINDS)),
    }
    save_file({name: table.astype(np.float32) for name, table in tables.items()}, folder / RIDGE)
    toy_stack().save(folder / STACK)
    return folder
