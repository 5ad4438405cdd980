"""Job title → a vector of 384 numbers that lies near the titles of the same work, however they are worded.

MiniLM, tuned on which titles name one occupation (ESCO, O*NET), and what it knows of occupations (`memory`): the vector of a title is moved
towards the occupations that it may mean, as query expansion does (Rocchio), so that `nanny` and `au pair` meet at the occupation of both.
"""

import threading
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from services.ai.embedding.encoder import DIMENSIONS
from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.titles.memory import Memory, open_memory, unit

ADAPTER = Path(__file__).parent / "adapter.npz"
DECIMALS = 5
# Chosen once on the development half: of occupations' shares, how sharply the nearest outdo the others; how far the title moves.
_SHARPNESS, _SHIFT = np.float32(0.03), np.float32(0.7)
# A title that is less like its nearest occupation than the first stays where it is, and from the second on it moves all the way: what is
# no title, or in a language that the model hardly reads, means none of them.
_STRANGE, _KNOWN = np.float32(0.4), np.float32(0.6)


class TitleEncoder:
    """Loads when first used, in half a second; from any thread. A title takes about 4 ms.

    Its vectors say nothing beside those of other encoders, nor of itself in another version.
    """

    def __init__(self, adapter: Path = ADAPTER) -> None:
        self._adapter = adapter
        self._transformer = Transformer(adapter)
        self._loading = threading.Lock()
        self._memory: Memory | None = None
        # Where titles are moved is part of it: other numbers make other vectors.
        moves = np.array([_SHARPNESS, _SHIFT, _STRANGE, _KNOWN], np.float32).tobytes()
        self.version = f"titles-{blake2b(adapter.read_bytes() + moves, digest_size=6).hexdigest()}"

    def load(self) -> None:
        """Makes ready what the first call would."""
        self._transformer.load()
        self._opened()

    def encode(self, titles: Sequence[str]) -> Matrix:
        """(titles, 384), rows of length 1 but for rounding to 5 decimals, the same whatever is beside them; zero without a letter."""
        rows = np.zeros((len(titles), DIMENSIONS), np.float32)
        told = [i for i, title in enumerate(titles) if any(c.isalnum() for c in title)]
        for i, vector in zip(told, self.plain([titles[i] for i in told]), strict=True):
            rows[i] = self._moved(vector).round(DECIMALS)
        return rows

    def plain(self, titles: Sequence[str]) -> Matrix:
        """The same before titles are moved towards occupations; of any texts."""
        return self._transformer.means(titles)

    def remembered(self, occupation_id: str) -> Matrix | None:
        """The vector of an occupation that training knew; by ESCO's UUID."""
        memory = self._opened()
        row = memory.rows.get(occupation_id)
        return None if row is None else memory.occupations[row]

    def narrower(self, occupation_id: str) -> int:
        """How many narrower occupations ESCO lists below one; 0 for one that training did not know."""
        memory = self._opened()
        row = memory.rows.get(occupation_id)
        return 0 if row is None else int(memory.narrower[row])

    def _moved(self, vector: Matrix) -> Matrix:
        memory = self._opened()
        # Not by BLAS, whose sums depend on how many threads it has.
        likeness = np.einsum("od,d->o", memory.occupations, vector)
        nearest = likeness.max()
        shares = np.exp((likeness - nearest) / _SHARPNESS)
        meant = np.einsum("o,od->d", shares / shares.sum(), memory.occupations) - memory.middle
        sure = np.clip((nearest - _STRANGE) / (_KNOWN - _STRANGE), np.float32(0), np.float32(1))
        return unit(vector + _SHIFT * sure * unit(meant))

    def _opened(self) -> Memory:
        with self._loading:
            if self._memory is None:
                self._memory = open_memory(self._adapter)
            return self._memory
