"""all-MiniLM-L6-v2 on onnxruntime, from wheels: nothing is fetched."""

from collections.abc import Sequence

import numpy as np

from services.ai.embedding.encoder import DIMENSIONS, Vector
from services.ai.embedding.graph import Matrix
from services.ai.embedding.pieces import windows
from services.ai.embedding.transformer import Transformer

DECIMALS = 5


class MiniLM:
    """Loads when first used, without torch, in half a second. Several threads may use it.

    Its vectors are those of `SentenceTransformerEncoder`, in a fraction of the time that this takes.
    """

    version = "minilm-l6-v2-onnx-w254"

    def __init__(self) -> None:
        self._transformer = Transformer()

    def load(self) -> None:
        self._transformer.load()

    def encode(self, text: str) -> Vector:
        return self.encode_all([text])[0]

    def encode_all(self, texts: Sequence[str]) -> list[Vector]:
        """The vector of each text, the same as `encode` gives to the last digit whatever is beside it.

        Windows of exactly one length go together: padding would change digits, and cost time.
        """
        parts = [[np.array(pieces) for pieces in windows(self._transformer.tokenizer, text)] for text in texts]
        rows = self._transformer.means_of([part for of_one in parts for part in of_one])
        ends = np.cumsum([len(of_one) for of_one in parts], dtype=np.int64)
        return [_vector(rows[end - len(of_one) : end]) for of_one, end in zip(parts, ends, strict=True)]


def _vector(windows: Matrix) -> Vector:
    """Of a text's windows, each of length 1; the zero vector of none."""
    if not len(windows):
        return (0.0,) * DIMENSIONS
    mean = windows.mean(0)
    return tuple(round(float(x), DECIMALS) for x in mean / np.linalg.norm(mean))
