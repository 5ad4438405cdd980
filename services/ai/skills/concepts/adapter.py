"""What training changed of the encoder's weights, kept small: thin factors of each matrix's change, in half precision."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from services.ai.skills.concepts.transformer import Matrix

# Changes smaller than this everywhere are rounding.
_NOTHING = 1e-6


def adapter(before: Mapping[str, Matrix], after: Mapping[str, Matrix], rank: int) -> dict[str, npt.NDArray[Any]]:
    """`NAME.b` (out, rank) and `NAME.a` (rank, in) for matrices, `NAME.delta` for vectors; as `transformer.adapted` reads them."""
    return dict(
        part for name in sorted(after) if name in before for part in _parts(name, before[name], after[name], rank)
    )


def _parts(name: str, before: Matrix, after: Matrix, rank: int) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    delta = after.astype(np.float32) - before
    if np.abs(delta).max() < _NOTHING:
        return
    if delta.ndim < 2 or min(delta.shape) <= rank:
        yield f"{name}.delta", delta.astype(np.float16)
        return
    left, sizes, right = np.linalg.svd(delta, full_matrices=False)
    root = np.sqrt(sizes[:rank])
    yield f"{name}.b", (left[:, :rank] * root).astype(np.float16)
    yield f"{name}.a", (root[:, None] * right[:rank]).astype(np.float16)
