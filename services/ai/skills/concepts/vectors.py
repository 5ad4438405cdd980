"""The vectors of all labels, made once and kept in a file beside the ontology."""

import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.skills.concepts.names import Concept


def label_vectors(model: Transformer, concepts: Sequence[Concept], adapter: Path, cache: Path | None) -> Matrix:
    """(concepts, 384), each of length 1; from the cache when it holds these labels under this adapter."""
    labels = [concept.bare for concept in concepts]
    if cache is None:
        return model.means(labels)
    file = cache / f"labels-{_version(labels, adapter)}.npy"
    if file.exists():
        kept: Matrix = np.load(file).astype(np.float32)
        return kept
    vectors = model.means(labels).astype(np.float16)
    # Where nothing can be written, the next process makes them again.
    with suppress(PermissionError):
        _keep(vectors, file)
    made: Matrix = vectors.astype(np.float32)
    return made


def _keep(vectors: npt.NDArray[np.float16], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as out:
        np.save(out, vectors)
    partial.replace(file)


def _version(labels: Sequence[str], adapter: Path) -> str:
    digest = blake2b("\n".join(labels).encode(), digest_size=8)
    if adapter.exists():
        digest.update(adapter.read_bytes())
    return digest.hexdigest()
