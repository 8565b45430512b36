"""Write the trained network as one ONNX file with 8-bit matrices, and the files beside it.

The graph is put together here rather than traced: it has a dozen kinds of nodes, no dependence
on a tracer's version, and ONNX Runtime's own fused kernels where they count. Matrices are
symmetric int8 with a scale per output channel; activations are quantised as they come, by the
tensor, which is why one pair is read at a time (its bits then depend on no other pair). One
matrix of each layer is 8 bits in the file alone and multiplies as floats.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file, save

from mtcheck.errors import ModelError
from mtcheck.models.risk import EMBEDDINGS, NETWORK, TOKENIZER
from mtcheck.models.tokens import tokenizer

__all__ = ["Restored", "build", "restore", "save_model", "save_network"]

Arrays = Mapping[str, NDArray[np.float32]]
_MICROSOFT = "com.microsoft"

HOW: Mapping[str, str] = {
    "qkv": "quantised",
    "out": "quantised",
    "up": "quantised",
    "down": "stored",
}
"""How each matrix of a layer is kept. What goes into ``down`` has outliers that 8 bits for the
whole tensor can't hold: quantised too, the heads correlate 0.96 to 0.99 with those of the float
graph, so 0.993 to 0.998, for a third of the speed (150 segments of Bio-MQM dev)."""


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

    def linear(self, x: str, name: str, weights: Arrays, *, how: str = "quantised") -> str:
        """``x @ W.T + b``: the matrix in 8 bits, and the activations too unless told otherwise.

        ``stored``: 8 bits in the file alone; ``float``: not even there.
        """
        matrix, bias = (
            weights[name + ".weight"].T,
            self.constant(name + ".b", weights[name + ".bias"]),
        )
        if how == "float":
            product = self.one("MatMul", [x, self.constant(name + ".w", matrix)], name + ".mm")
            return self.one("Add", [product, bias], name)
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-8) / 127
        rounded = np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8)
        inputs = [
            x,
            self.constant(name + ".w", rounded),
            self.constant(name + ".scale", scale.astype(np.float32)),
        ]
        if how == "stored":
            whole = self.node("Cast", [inputs[1]], name + ".cast", attributes={"to": 1})[0]
            restored = self.one("Mul", [whole, inputs[2]], name + ".matrix")
            return self.one("Add", [self.one("MatMul", [x, restored], name + ".mm"), bias], name)
        inputs += [self.constant(name + ".zero", np.zeros(len(scale), dtype=np.int8)), bias]
        return self.one("DynamicQuantizeMatMul", inputs, name, domain=_MICROSOFT)


def build(
    weights: Arrays, *, heads: int, epsilon: float, how: Mapping[str, str] = HOW
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
        qkv = graph.linear(x, f"{at}.qkv", weights, how=how["qkv"])
        parts = graph.node("Split", [qkv, thirds], f"{at}.split", outputs=3, attributes={"axis": 2})
        mixed = graph.one(
            "MultiHeadAttention", parts, f"{at}.attention", domain=_MICROSOFT, num_heads=heads
        )
        out = graph.linear(mixed, f"{at}.out", weights, how=how["out"])
        x = norm([x, out], f"{at}.norm1")
        up = graph.linear(x, f"{at}.up", weights, how=how["up"])
        active = graph.one("Gelu", [up], f"{at}.gelu", domain=_MICROSOFT)
        down = graph.linear(active, f"{at}.down", weights, how=how["down"])
        x = norm([x, down], f"{at}.norm2")
    axis = graph.constant("axis", np.array([1], dtype=np.int64))
    zero = graph.constant("zero", np.array(0, dtype=np.int64))
    first = graph.one("Gather", [x, zero], "first", axis=1)
    mean = graph.one("ReduceMean", [x, axis], "mean", keepdims=0)
    pooled = graph.one("Concat", [first, mean], "pooled", axis=1)
    mixed = graph.one("Tanh", [graph.linear(pooled, "mix", weights, how="float")], "mixed")
    sentence = graph.linear(mixed, "heads", weights, how="float")
    word = graph.linear(x, "words", weights, how="float")
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


def save_network(folder: Path, weights: Arrays, *, heads: int, epsilon: float) -> None:
    """Write the graph alone, for a folder whose other files stay."""
    made = build(weights, heads=heads, epsilon=epsilon)
    (folder / NETWORK).write_bytes(made.SerializeToString(deterministic=True))


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
    save_network(folder, weights, heads=heads, epsilon=epsilon)
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


@dataclass(frozen=True)
class Restored:
    """A network's state by name, as float32, and what the graph alone knows besides."""

    weights: dict[str, NDArray[np.float32]]
    heads: int
    epsilon: float


def restore(folder: Path) -> Restored:
    """Read back what :func:`save_model` wrote: 8-bit matrices times the scale of their channel.

    Built again, the graph has the same 8-bit numbers. Raises ModelError for a file that
    :func:`build` did not make.
    """
    try:
        graph = onnx.load(folder / NETWORK).graph
        constants = {c.name: numpy_helper.to_array(c) for c in graph.initializer}
        positions = load_file(folder / EMBEDDINGS)["positions"]
        heads = {
            a.i
            for node in graph.node
            if node.op_type == "MultiHeadAttention"
            for a in node.attribute
            if a.name == "num_heads"
        }
        epsilon = {
            a.f
            for node in graph.node
            if node.op_type == "LayerNormalization"
            for a in node.attribute
            if a.name == "epsilon"
        }
        weights = {"encoder.positions": positions.astype(np.float32)}
        for key, value in constants.items():
            name, _, part = key.rpartition(".")
            if part == "w":
                matrix = value.astype(np.float32)
                if value.dtype == np.int8:
                    matrix = matrix * constants[name + ".scale"]
                weights[name + ".weight"] = np.ascontiguousarray(matrix.T)
            elif part in {"b", "shift"}:
                weights[name + ".bias"] = value.astype(np.float32)
            elif part == "scale" and name + ".w" not in constants:  # of a norm
                weights[name + ".weight"] = value.astype(np.float32)
        return Restored(weights, heads.pop(), epsilon.pop())
    except Exception as error:  # protobuf and safetensors raise whatever they like
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ModelError(f"can't read the network in {folder} back: {reason}") from error
