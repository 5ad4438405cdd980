"""What training changed of the encoder's weights, kept small: as thin factors of each matrix's change or rounded to few steps."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from services.ai.embedding.graph import Matrix

# Changes smaller than this everywhere are rounding.
_NOTHING = 1e-6
# Either side of nothing: six bits a weight, which lose 4 % of a change and pack to two thirds of a byte.
_STEPS = 31


def adapter(before: Mapping[str, Matrix], after: Mapping[str, Matrix], rank: int) -> dict[str, npt.NDArray[Any]]:
    """`NAME.b` (out, rank) and `NAME.a` (rank, in) for matrices, `NAME.delta` for vectors; as `adapted` reads them."""
    return dict(
        part for name in sorted(after) if name in before for part in _parts(name, before[name], after[name], rank)
    )


def rounded(before: Mapping[str, Matrix], after: Mapping[str, Matrix]) -> dict[str, npt.NDArray[Any]]:
    """`NAME.steps` (out, in; whole numbers from -31 to 31) and `NAME.step` (out, 1) for matrices, `NAME.delta` for vectors."""
    return dict(part for name in sorted(after) if name in before for part in _steps(name, before[name], after[name]))


def _steps(name: str, before: Matrix, after: Matrix) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    delta = after.astype(np.float32) - before
    if np.abs(delta).max() < _NOTHING:
        return
    if delta.ndim < 2:
        yield f"{name}.delta", delta.astype(np.float16)
        return
    step = np.maximum(np.abs(delta).max(1, keepdims=True), _NOTHING) / _STEPS
    yield f"{name}.steps", np.rint(delta / step).astype(np.int8)
    yield f"{name}.step", step.astype(np.float32)


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
