"""Write the trained network as one ONNX file with 8-bit matrices, and the files beside it.

The graph is put together here rather than traced: it has a dozen kinds of nodes, no dependence
on a tracer's version, and ONNX Runtime's own fused kernels where they count. Matrices are
symmetric int8 with a scale per output channel; activations are quantised as they come, by the
tensor, which is why one pair is read at a time (its bits then depend on no other pair).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save

from mtcheck.models.risk import EMBEDDINGS, NETWORK, TOKENIZER
from mtcheck.models.tokens import tokenizer

__all__ = ["build", "save_model"]

Arrays = Mapping[str, NDArray[np.float32]]
_MICROSOFT = "com.microsoft"


class _Graph:
    """Nodes and constants, each value by name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def node(
        self,
        kind: str,
        inputs: Sequence[str],
        name: str,
        *,
        domain: str = "",
        outputs: int = 1,
        attributes: Mapping[str, float] | None = None,
    ) -> list[str]:
        names = [name] if outputs == 1 else [f"{name}.{i}" for i in range(outputs)]
        made = helper.make_node(kind, list(inputs), names, name=name, domain=domain)
        for key, value in (attributes or {}).items():
            made.attribute.append(helper.make_attribute(key, value))
        self.nodes.append(made)
        return names

    def one(
        self, kind: str, inputs: Sequence[str], name: str, *, domain: str = "", **attributes: float
    ) -> str:
        return self.node(kind, inputs, name, domain=domain, attributes=attributes)[0]

    def linear(self, x: str, name: str, weights: Arrays, *, quantised: bool = True) -> str:
        """``x @ W.T + b``, the matrix in 8 bits unless told otherwise."""
        matrix, bias = (
            weights[name + ".weight"].T,
            self.constant(name + ".b", weights[name + ".bias"]),
        )
        if not quantised:
            product = self.one("MatMul", [x, self.constant(name + ".w", matrix)], name + ".mm")
            return self.one("Add", [product, bias], name)
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-8) / 127
        rounded = np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8)
        inputs = [
            x,
            self.constant(name + ".w", rounded),
            self.constant(name + ".scale", scale.astype(np.float32)),
            self.constant(name + ".zero", np.zeros(len(scale), dtype=np.int8)),
            bias,
        ]
        return self.one("DynamicQuantizeMatMul", inputs, name, domain=_MICROSOFT)


def build(
    weights: Arrays, *, heads: int, epsilon: float, quantised: bool = True
) -> onnx.ModelProto:
    """The graph: ``vectors`` (1, length, hidden) to ``heads`` (1, 5) and ``wrong`` (1, length).

    ``weights``: the network's state by name, as float32.
    """
    graph = _Graph()
    hidden = len(weights["encoder.norm.weight"])

    def norm(inputs: Sequence[str], name: str) -> str:
        scale = graph.constant(name + ".scale", weights[name + ".weight"])
        shift = graph.constant(name + ".shift", weights[name + ".bias"])
        if len(inputs) == 1:
            return graph.one("LayerNormalization", [*inputs, scale, shift], name, epsilon=epsilon)
        return graph.one(
            "SkipLayerNormalization", [*inputs, scale, shift], name,
            domain=_MICROSOFT, epsilon=epsilon,
        )  # fmt: skip

    x = norm(["vectors"], "encoder.norm")
    layers = 1 + max(int(n.split(".")[2]) for n in weights if n.startswith("encoder.layers."))
    thirds = graph.constant("thirds", np.array([hidden] * 3, dtype=np.int64))
    for i in range(layers):
        at = f"encoder.layers.{i}"
        qkv = graph.linear(x, f"{at}.qkv", weights, quantised=quantised)
        parts = graph.node("Split", [qkv, thirds], f"{at}.split", outputs=3, attributes={"axis": 2})
        mixed = graph.one(
            "MultiHeadAttention", parts, f"{at}.attention", domain=_MICROSOFT, num_heads=heads
        )
        out = graph.linear(mixed, f"{at}.out", weights, quantised=quantised)
        x = norm([x, out], f"{at}.norm1")
        up = graph.linear(x, f"{at}.up", weights, quantised=quantised)
        active = graph.one("Gelu", [up], f"{at}.gelu", domain=_MICROSOFT)
        down = graph.linear(active, f"{at}.down", weights, quantised=quantised)
        x = norm([x, down], f"{at}.norm2")
    axis = graph.constant("axis", np.array([1], dtype=np.int64))
    zero = graph.constant("zero", np.array(0, dtype=np.int64))
    first = graph.one("Gather", [x, zero], "first", axis=1)
    mean = graph.one("ReduceMean", [x, axis], "mean", keepdims=0)
    pooled = graph.one("Concat", [first, mean], "pooled", axis=1)
    mixed = graph.one("Tanh", [graph.linear(pooled, "mix", weights, quantised=False)], "mixed")
    sentence = graph.linear(mixed, "heads", weights, quantised=False)
    word = graph.linear(x, "words", weights, quantised=False)
    last = graph.constant("last", np.array([2], dtype=np.int64))
    graph.one("Squeeze", [word, last], "wrong")
    graph.nodes[-1].output[0] = "wrong"
    made = helper.make_graph(
        graph.nodes,
        "risk",
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [1, "length", hidden])],
        [
            helper.make_tensor_value_info(sentence, TensorProto.FLOAT, [1, None]),
            helper.make_tensor_value_info("wrong", TensorProto.FLOAT, [1, "length"]),
        ],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def save_model(
    folder: Path,
    weights: Arrays,
    *,
    heads: int,
    epsilon: float,
    rows: NDArray[np.uint8],
    pieces: Sequence[str],
    scores: Sequence[float],
) -> None:
    """Write network, embeddings (4-bit rows, half-float positions) and tokenizer to ``folder``.

    ``rows``: packed word embeddings, one row for each of ``pieces``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = build(weights, heads=heads, epsilon=epsilon)
    (folder / NETWORK).write_bytes(model.SerializeToString(deterministic=True))
    positions = weights["encoder.positions"].astype(np.float16)
    tables: dict[str, NDArray[np.generic]] = {
        "rows": np.ascontiguousarray(rows),
        "positions": positions,
    }
    (folder / EMBEDDINGS).write_bytes(save(tables))
    made = json.loads(tokenizer(pieces, [round(s, 4) for s in scores]).to_str())
    (folder / TOKENIZER).write_text(
        json.dumps(made, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
