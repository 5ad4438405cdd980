"""all-MiniLM-L6-v2 on onnxruntime, from wheels: nothing is fetched."""

import numpy as np

from services.ai.embedding.encoder import DIMENSIONS, Vector
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
        parts = [np.array(pieces) for pieces in windows(self._transformer.tokenizer, text)]
        if not parts:
            return (0.0,) * DIMENSIONS
        mean = self._transformer.means_of(parts).mean(0)
        return tuple(round(float(x), DECIMALS) for x in mean / np.linalg.norm(mean))
