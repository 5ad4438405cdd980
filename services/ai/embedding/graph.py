"""all-MiniLM-L6-v2 as a graph for onnxruntime, from its weights or from weights that training changed.

In full precision it computes what the model's authors' code does. In eight bits it takes two fifths of the time, and cosines to full
precision are 0.99: enough for what only ranks or tags, too little for vectors that are stored.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from services.ai.embedding.pieces import model_folder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Matrix = npt.NDArray[np.float32]
Weights = Mapping[str, Matrix]

LAYERS, HEADS, WIDTH = 6, 12, 384
_EPSILON = 1e-12
# Either side of nothing. Where the processor adds products in pairs these may be cut off; with half the range, which none can leave,
# vectors came out no nearer to full precision.
_STEPS = 127
_CONTRIB = "com.microsoft"


def stock_weights() -> dict[str, Matrix]:
    """By the names of the authors' checkpoint."""
    from safetensors.numpy import load_file

    return load_file(model_folder() / "model.safetensors")


def open_session(weights: Weights, eight_bits: bool = False, added: bool = False) -> "InferenceSession":
    """`ids` (texts, pieces) → `vectors` (texts, pieces, 384), on one thread. Texts that go together have one length.

    With `added`, what goes onto the input vectors is a second input, `added` (texts, pieces, 384).
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = _Graph(weights, eight_bits).model(added)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class _Graph:
    """Nodes and constants while the graph is built; methods return the name of what they compute."""

    def __init__(self, weights: Weights, eight_bits: bool) -> None:
        self._weights, self._eight_bits = weights, eight_bits
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._numbers = count()

    def model(self, added: bool) -> bytes:
        from onnx import TensorProto, helper

        x = self._input(added)
        for layer in range(LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.")
        self._nodes.append(helper.make_node("Identity", [x], ["vectors"]))
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"])
        more = helper.make_tensor_value_info("added", TensorProto.FLOAT, ["texts", "pieces", WIDTH])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", "pieces", WIDTH])
        inputs = [ids, more] if added else [ids]
        graph = helper.make_graph(self._nodes, "minilm", inputs, [vectors], self._constants)
        operators = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
        model: bytes = helper.make_model(graph, opset_imports=operators, ir_version=10).SerializeToString()
        return model

    def _input(self, added: bool) -> str:
        words = self._constant(self._weights["embeddings.word_embeddings.weight"])
        places = (
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        pieces = self._node("Shape", "ids", start=1)
        first, axis = (self._constant(np.array([0], np.int64)) for _ in range(2))
        x = self._node(
            "Add", self._node("Gather", words, "ids"), self._node("Slice", self._constant(places), first, pieces, axis)
        )
        if added:
            x = self._node("Add", x, "added")
        scale, shift = self._pair("embeddings.LayerNorm")
        return self._node("LayerNormalization", x, scale, shift, epsilon=_EPSILON, axis=-1)

    def _layer(self, x: str, name: str) -> str:
        own = f"{name}attention.self."
        parts = [own + part for part in ("query", "key", "value")]
        weight = np.concatenate([self._weights[f"{part}.weight"] for part in parts])
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        together = self._linear(x, weight, bias)
        query, key, value = self._split(together)
        mixed = self._node("MultiHeadAttention", query, key, value, domain=_CONTRIB, num_heads=HEADS)
        x = self._joined(mixed, x, f"{name}attention.output")
        wide = self._linear(x, *self._of(f"{name}intermediate.dense"))
        return self._joined(self._node("Gelu", wide, domain=_CONTRIB), x, f"{name}output")

    def _joined(self, x: str, before: str, name: str) -> str:
        """A linear layer, what was before it, and their norm."""
        weight, bias = self._of(f"{name}.dense")
        x = self._linear(x, weight, None)
        scale, shift = self._pair(f"{name}.LayerNorm")
        return self._node(
            "SkipLayerNormalization", x, before, scale, shift, self._constant(bias), domain=_CONTRIB, epsilon=_EPSILON
        )

    def _linear(self, x: str, weight: Matrix, bias: Matrix | None) -> str:
        if self._eight_bits:
            return self._linear_in_eight_bits(x, weight, bias)
        product = self._node("MatMul", x, self._constant(np.ascontiguousarray(weight.T)))
        return product if bias is None else self._node("Add", product, self._constant(bias))

    def _linear_in_eight_bits(self, x: str, weight: Matrix, bias: Matrix | None) -> str:
        step = np.abs(weight).max(1) / _STEPS
        steps = np.rint(weight / step[:, None]).astype(np.int8).T
        inputs = [x, self._constant(np.ascontiguousarray(steps)), self._constant(step.astype(np.float32)), ""]
        inputs += [] if bias is None else [self._constant(bias)]
        return self._node("DynamicQuantizeMatMul", *inputs, domain=_CONTRIB)

    def _split(self, x: str) -> list[str]:
        from onnx import helper

        names = [f"split{next(self._numbers)}" for _ in range(3)]
        self._nodes.append(helper.make_node("Split", [x], names, axis=-1))
        return names

    def _of(self, name: str) -> tuple[Matrix, Matrix]:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]

    def _pair(self, name: str) -> Iterator[str]:
        return (self._constant(array) for array in self._of(name))

    def _node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        name = f"{kind}{next(self._numbers)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def _constant(self, array: npt.NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"constant{next(self._numbers)}"
        self._constants.append(numpy_helper.from_array(array, name))
        return name
