"""What the encoder knows of ESCO's occupations: a vector of each, and how many narrower ones it is the heading of.

A vector tells of an occupation's titles, of what its description says is done, and of its essential skills: two titles that share no
word meet at the same work. Worked out once, when the encoder is trained (`occupations`), and kept in the adapter's file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import numpy.typing as npt

from services.ai.embedding.graph import Matrix

_LABEL = np.float32(0.5)


@dataclass(frozen=True, slots=True)
class Memory:
    """`occupations` (occupations, 384), of length 1; `middle` is their mean; `narrower` how many stand below each; `rows` by ESCO's id."""

    occupations: Matrix
    middle: Matrix
    narrower: npt.NDArray[np.int64]
    rows: Mapping[str, int]


def open_memory(adapter: Path) -> Memory:
    """From the adapter's file."""
    kept = np.load(adapter)
    occupations = unit(kept["occupations.units"].astype(np.float32) * kept["occupations.unit"])
    ids = (str(UUID(bytes=row.tobytes())) for row in kept["occupations.id"])
    rows = {occupation_id: row for row, occupation_id in enumerate(ids)}
    return Memory(occupations, occupations.mean(0), kept["occupations.narrower"].astype(np.int64), rows)


def occupation_vector(titles: Matrix) -> Matrix:
    """Of an occupation whose titles have these vectors, its label's first: their mean, the label counting half as much again."""
    return unit(unit(titles.mean(0)) + _LABEL * titles[0])


def unit(vectors: Matrix) -> Matrix:
    """With length 1 along the last axis."""
    made: Matrix = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return made
