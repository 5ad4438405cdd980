"""Ranks ESCO's skills for a sentence by how its vector lies to those of their labels."""

import contextlib
import functools
import math
import threading
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from services.ai.embedding import MiniLM
from services.ai.skills.ontology import FOLDER, Ontology
from services.ai.skills.packed import Array, Damaged, Packed, write

FILE = FOLDER / "labels.bin"
# The lead is over the best but this many: labels that say nearly the same share the first places.
CROWD = 5
# Fitted on 178 sentences of job advertisements whose skills people chose from ESCO (the development half of `esco_linking`): the chance
# that they chose the skill. The lead tells far more than the cosine: a sentence without any skill is about equally near to many.
BIAS, OF_COSINE, OF_LEAD, OF_PLACE = -2.92, 0.78, 12.69, -0.11


class LabelRanker:
    """Vectors are made once, in about half a minute, and kept beside the ontology; a sentence costs about 10 ms."""

    def __init__(self, ontology: Ontology, encoder: MiniLM, file: Path = FILE) -> None:
        self._ontology, self._encoder, self._file = ontology, encoder, file
        self._loading = threading.Lock()

    def load(self) -> None:
        """Makes ready what `rank` needs, making the vectors if they are not kept yet."""
        with self._loading:
            _ = self._vectors

    def rank(self, sentences: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
        """For each sentence the `k` likeliest skills, ESCO's ids, with the chance that people would choose them; nothing for no words."""
        if not sentences:
            return []
        self.load()
        cosines = self._encoder.encode_short(sentences) @ self._vectors
        return [
            self._best(row, k) if sentence.strip() else [] for row, sentence in zip(cosines, sentences, strict=True)
        ]

    def _best(self, cosines: Array, k: int) -> list[tuple[str, float]]:
        wanted = min(max(k, CROWD + 1), len(cosines))
        near = np.argpartition(-cosines, wanted - 1)[:wanted]
        order = sorted(near.tolist(), key=lambda i: (-float(cosines[i]), i))
        crowd = float(cosines[order[min(CROWD, wanted - 1)]])
        return [(self._ids[i], chance(float(cosines[i]), crowd, place)) for place, i in enumerate(order[:k])]

    @functools.cached_property
    def _ids(self) -> list[str]:
        return [skill_id for skill_id in self._ontology.skills if not skill_id.startswith("tech:")]

    @functools.cached_property
    def _vectors(self) -> Array:
        """384 × skills, float32."""
        labels = [self._ontology.skills[skill_id].label for skill_id in self._ids]
        about = {"of": sha256("\n".join([*self._ids, *labels]).encode()).hexdigest(), "encoder": self._encoder.version}
        with contextlib.suppress(FileNotFoundError, Damaged):
            packed = Packed(self._file)
            if packed.about == about:
                return packed.array("vectors").T.astype(np.float32)
        vectors = self._encoder.encode_short(labels).astype(np.float16)
        # Where nothing can be written, the next process makes them again.
        with contextlib.suppress(PermissionError):
            self._file.parent.mkdir(exist_ok=True)
            write(self._file, {"vectors": vectors}, about)
        return vectors.T.astype(np.float32)


def chance(cosine: float, crowd: float, place: int) -> float:
    """That people would choose this skill for the sentence; `crowd`: the cosine of the sixth best, `place`: 0 for the best."""
    return round(1 / (1 + math.exp(-(BIAS + OF_COSINE * cosine + OF_LEAD * (cosine - crowd) + OF_PLACE * place))), 4)
