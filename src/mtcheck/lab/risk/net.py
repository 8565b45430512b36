"""The network in torch: a BERT encoder that reads a pair at once, and its heads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

__all__ = ["HEADS", "RiskNet", "Transformer", "load_e5", "load_weights"]

HEADS = ("adequacy", "effort", "critical", "major", "contrast")
"""Sentence heads: DA z-score, HTER, critical error, major error (MQM), better-than score."""


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self, hidden: int, width: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps=epsilon)
        self.up = nn.Linear(hidden, width)
        self.down = nn.Linear(width, hidden)
        self.norm2 = nn.LayerNorm(hidden, eps=epsilon)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``x``: (batch, length, hidden); ``mask``: (batch, 1, 1, length), True where read."""
        b, n, h = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        context = context.transpose(1, 2).reshape(b, n, h)
        x = self.norm1(x + self.drop(self.out(context)))
        out: Tensor = self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))
        return out


class Transformer(nn.Module):
    """Layers over word vectors that are looked up elsewhere."""

    def __init__(
        self, *, hidden: int, width: int, heads: int, layers: int, positions: int, epsilon: float
    ) -> None:
        super().__init__()
        self.positions = nn.Parameter(torch.zeros(positions, hidden), requires_grad=False)
        self.norm = nn.LayerNorm(hidden, eps=epsilon)
        self.layers = nn.ModuleList(Layer(hidden, width, heads, epsilon) for _ in range(layers))

    @property
    def blocks(self) -> list[Layer]:
        """The layers, from the lowest."""
        return [layer for layer in self.layers if isinstance(layer, Layer)]

    def lower(self, words: Tensor, mask: Tensor, upto: int) -> Tensor:
        """From word vectors (batch, length, hidden) through the first ``upto`` layers."""
        x: Tensor = self.norm(words + self.positions[: words.shape[1]])
        for layer in self.layers[:upto]:
            x = layer(x, mask)
        return x

    def upper(self, x: Tensor, mask: Tensor, start: int) -> Tensor:
        """The layers from ``start`` on."""
        for layer in self.layers[start:]:
            x = layer(x, mask)
        return x


class RiskNet(nn.Module):
    """Encoder, one linear head per kind of label on first and mean vector, a head for words."""

    def __init__(self, encoder: Transformer, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.mix = nn.Linear(2 * hidden, hidden)
        self.heads = nn.Linear(hidden, len(HEADS))
        self.words = nn.Linear(hidden, 1)
        self.drop = nn.Dropout(0.1)

    def read(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Heads (batch, HEADS) and word logits (batch, length) from the last layer's ``x``."""
        weight = mask[:, 0, 0, :, None].to(x.dtype)
        mean = (x * weight).sum(1) / weight.sum(1)
        mixed = torch.tanh(self.mix(torch.cat([x[:, 0], mean], dim=-1)))
        return self.heads(self.drop(mixed)), self.words(x)[..., 0]

    def forward(self, x: Tensor, mask: Tensor, start: int) -> tuple[Tensor, Tensor]:
        """From the output of layer ``start``."""
        return self.read(self.encoder.upper(x, mask, start), mask)


def load_e5(
    tensors: Mapping[str, NDArray[np.float32]], *, layers: int, heads: int, epsilon: float
) -> Transformer:
    """The encoder with the weights of :func:`mtcheck.lab.risk.e5.read_e5`."""
    hidden = len(tensors["emb.ln.w"])
    encoder = Transformer(
        hidden=hidden,
        width=len(tensors["l0.fi.b"]),
        heads=heads,
        layers=layers,
        positions=len(tensors["emb.pos"]),
        epsilon=epsilon,
    )

    def put(into: Tensor, *names: str) -> None:
        values = np.concatenate([tensors[n] for n in names])
        into.data = torch.from_numpy(values.copy())

    def module(into: nn.Linear | nn.LayerNorm, *names: str) -> None:
        put(into.weight, *(f"{n}.w" for n in names))
        put(into.bias, *(f"{n}.b" for n in names))

    put(encoder.positions, "emb.pos")
    encoder.positions.data += torch.from_numpy(tensors["emb.type"][:hidden].copy())
    module(encoder.norm, "emb.ln")
    for i, layer in enumerate(encoder.blocks):
        module(layer.qkv, *(f"l{i}.{x}" for x in "qkv"))
        module(layer.out, f"l{i}.ao")
        module(layer.norm1, f"l{i}.aln")
        module(layer.up, f"l{i}.fi")
        module(layer.down, f"l{i}.fo")
        module(layer.norm2, f"l{i}.oln")
    return encoder


def load_weights(
    weights: Mapping[str, NDArray[np.float32]], *, heads: int, epsilon: float
) -> RiskNet:
    """The network with the weights of a state by name, such as ``export.restore`` reads."""
    hidden = len(weights["encoder.norm.weight"])
    encoder = Transformer(
        hidden=hidden,
        width=len(weights["encoder.layers.0.up.bias"]),
        heads=heads,
        layers=sum(name.endswith(".up.bias") for name in weights),
        positions=len(weights["encoder.positions"]),
        epsilon=epsilon,
    )
    net = RiskNet(encoder, hidden)
    net.load_state_dict({name: torch.from_numpy(w.copy()) for name, w in weights.items()})
    return net
