"""Vectors as whole numbers: 384 signed bytes. Their products are exact, so a likeness is the same in every process and order."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.ai.matching.features import Compact

# The greatest number stands for the greatest part of a vector, so that none is lost to rounding.
_GREATEST = 127

Bytes = npt.NDArray[np.int8]


def pack(vector: Sequence[float] | npt.NDArray[np.float32]) -> Compact:
    """A vector of any length but zero, in bytes; empty for the zero vector."""
    numbers = np.asarray(vector, np.float64)
    greatest = np.abs(numbers).max(initial=0.0)
    return np.rint(numbers * (_GREATEST / greatest)).astype(np.int8).tobytes() if greatest else b""


def likeness(one: Compact, other: Compact) -> float:
    """The cosine, -1 to 1, within 0.005 of that of the vectors; 0 where one is empty."""
    return float(likenesses([one], [other])[0, 0])


def likenesses(ones: Sequence[Compact], others: Sequence[Compact]) -> npt.NDArray[np.float64]:
    """(ones, others): the cosine of each with each."""
    found = np.zeros((len(ones), len(others)))
    rows, columns = ([i for i, one in enumerate(side) if one] for side in (ones, others))
    if rows and columns:
        left, right = _numbers([ones[i] for i in rows]), _numbers([others[i] for i in columns])
        lengths = np.sqrt((left * left).sum(1))[:, None] * np.sqrt((right * right).sum(1))[None]
        found[np.ix_(rows, columns)] = (left @ right.T) / lengths
    return found


def _numbers(vectors: Sequence[Compact]) -> npt.NDArray[np.float64]:
    """In double precision, which holds these whole numbers and their sums exactly."""
    return np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1).astype(np.float64)
