"""How alike two titles are, as a number that can be shown."""

import math
from collections.abc import Sequence

from services.ai.embedding.encoder import cosine

# cosine → likeness (logistic).
_SLOPE, _MIDDLE = 10.0, 0.55
DECIMALS = 4


def title_fit(one: Sequence[float], other: Sequence[float]) -> float:
    """0 to 1 from two vectors of one `TitleEncoder`: near 1 for the same work, about a half for related work, near 0 for unrelated.

    0 when either is the zero vector, as of a title without letters.
    """
    if not any(one) or not any(other):
        return 0.0
    return round(1 / (1 + math.exp(-_SLOPE * (cosine(one, other) - _MIDDLE))), DECIMALS)
