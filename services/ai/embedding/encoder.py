"""What every encoder offers."""

import math
from collections.abc import Sequence
from typing import Protocol

DIMENSIONS = 384

Vector = tuple[float, ...]
"""384 numbers of length 1 together, each rounded so that it survives JSON and `halfvec` alike in every process."""


class Encoder(Protocol):
    """Text to vectors. Vectors of different versions must not be compared."""

    version: str

    def load(self) -> None:
        """Makes ready what `encode` needs; otherwise its first call does. May be called from any thread, and again."""

    def encode(self, text: str) -> Vector:
        """All of the text, however long; the zero vector for text without words."""


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """-1 to 1; 0 when either is missing or zero."""
    lengths = math.hypot(*one) * math.hypot(*other) if one and other else 0.0
    return math.fsum(a * b for a, b in zip(one, other, strict=True)) / lengths if lengths else 0.0
