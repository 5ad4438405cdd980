"""all-MiniLM-L6-v2, as it is or as training changed it: texts → a vector for each word piece, or for each text.

Without torch; on one thread, so that sums are made in one order everywhere.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from services.ai.embedding.adapter import adapted
from services.ai.embedding.graph import WIDTH, Matrix, open_session, stock_weights
from services.ai.embedding.pieces import open_tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MOST_PIECES = 128
# Texts of one length that go together; more gain nothing on one core.
BATCH = 32


class Transformer:
    """Loads when first used, from any thread, in half a second. A sentence of 25 pieces takes 8 ms; in eight bits 3 ms.

    `adapter`: an .npz as `adapter.adapted` reads it. `added`: `vectors` takes what goes onto the input vectors.
    """

    def __init__(self, adapter: Path | None = None, eight_bits: bool = False, added: bool = False) -> None:
        self._adapter, self._eight_bits, self._added = adapter, eight_bits, added
        self._loading = threading.Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None

    @property
    def tokenizer(self) -> "Tokenizer":
        """The word-piece tokenizer, without truncation."""
        return self._opened()[0]

    def load(self) -> None:
        """Makes ready what the first call would."""
        self._opened()

    def weights(self) -> Mapping[str, Matrix]:
        """Every weight by name, the adapter's part included. Reads them anew."""
        stock = stock_weights()
        return stock if self._adapter is None else adapted(stock, np.load(self._adapter))

    def pieces(self, texts: Sequence[str]) -> list[Matrix]:
        """For each text one row of 384 numbers a word piece, its two marks included; at most 128 pieces."""
        encoded = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        return [self.vectors(_cut(ids)[None])[0] for ids in encoded]

    def means(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 a text: the mean of its pieces, at most 128. The last digits depend on the texts given together."""
        return self.means_of([_cut(encoding.ids) for encoding in self.tokenizer.encode_batch(list(texts))])

    def means_of(self, encoded: Sequence[npt.NDArray[np.int64]]) -> Matrix:
        """The same of texts that are pieces already, with the marks around them."""
        rows = np.zeros((len(encoded), WIDTH), np.float32)
        for group in _of_like_length([len(ids) for ids in encoded]):
            mean = self.vectors(np.stack([encoded[i] for i in group])).mean(1)
            rows[group] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return rows

    def vectors(self, ids: npt.NDArray[np.int64], added: Matrix | None = None) -> Matrix:
        """ids (texts, pieces) → (texts, pieces, 384)."""
        given = {"ids": ids} if added is None else {"ids": ids, "added": added}
        vectors: Matrix = self._opened()[1].run(None, given)[0]
        return vectors

    def _opened(self) -> "tuple[Tokenizer, InferenceSession]":
        with self._loading:
            if self._loaded is None:
                self._loaded = open_tokenizer(), open_session(self.weights(), self._eight_bits, self._added)
            return self._loaded


def _cut(ids: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.array([*ids[: MOST_PIECES - 1], ids[-1]] if len(ids) > MOST_PIECES else ids)


def _of_like_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of one length: padding costs time and changes the last digits."""
    group: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if group and (len(group) == BATCH or lengths[i] != lengths[group[0]]):
            yield group
            group = []
        group.append(i)
    if group:
        yield group
