"""Sentence → the concepts it speaks of, best first.

Late interaction (ConTeXT-match, Decorte and others 2025): each concept's label attends to the word pieces of the sentence and is compared
with what it attended to, so that one phrase of a long sentence is enough. Joined with how much of a concept's names stands there in words.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from services.ai.skills.concepts.lexicon import Lexicon, Scores
from services.ai.skills.concepts.names import Concept, names, phrases
from services.ai.skills.concepts.transformer import Matrix, Transformer
from services.ai.skills.concepts.vectors import label_vectors

ADAPTER = Path(__file__).parent / "adapter.npz"
# Learned on the development sentences: attention's sharpness, and what words add to likeness.
_SHARPNESS = np.float32(0.05)
_EXACT, _COVERED = np.float32(0.15), np.float32(0.15)
# score → chance that an annotator gave this concept to this sentence (logistic, development sentences).
_SLOPE, _MIDDLE = 19.9, 0.866
DECIMALS = 4


class ConceptRanker:
    """Ranks a fixed list of concepts. Loads when first used: 0.5 s with cached label vectors, about a minute to make them."""

    def __init__(
        self,
        concepts: Sequence[Concept],
        cache: Path | None = None,
        said: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`cache`: a folder where the label vectors are kept between processes. `said`: phrases for labels, by default ours."""
        self._concepts = tuple(concepts)
        self._cache = cache
        self._said = phrases() if said is None else said
        self._transformer = Transformer(ADAPTER if ADAPTER.exists() else None)
        self._loading = threading.Lock()
        self._lexicon: Lexicon | None = None
        self._labels: Matrix | None = None

    def rank(self, sentences: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
        """For each sentence at most k (concept id, confidence 0 to 1), best first; none for a sentence without words."""
        return [self._ranked(sentence, k) for sentence in sentences]

    def load(self) -> tuple[Lexicon, Matrix]:
        """Makes ready what the first call would."""
        with self._loading:
            if self._lexicon is None or self._labels is None:
                self._lexicon = Lexicon([tuple(names(concept, self._said)) for concept in self._concepts])
                self._labels = label_vectors(self._transformer, self._concepts, ADAPTER, self._cache)
            return self._lexicon, self._labels

    def _ranked(self, sentence: str, k: int) -> list[tuple[str, float]]:
        if not any(c.isalnum() for c in sentence):
            return []
        lexicon, labels = self.load()
        exact, covered = lexicon.scores(sentence)
        scores = likeness(self._transformer.pieces([sentence])[0], labels) + _EXACT * exact + _COVERED * covered
        scores = scores.round(DECIMALS)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._concepts[i].id, sure) for i, sure in zip(best, confidence(scores[best]), strict=True)]


def likeness(pieces: Matrix, labels: Matrix) -> Scores:
    """(pieces, 384) against (concepts, 384) of length 1: the cosine of each label with what it attends to in the sentence."""
    pieces = pieces / np.linalg.norm(pieces, axis=1, keepdims=True)
    cosines = pieces @ labels.T
    attention = np.exp((cosines - cosines.max(0)) / _SHARPNESS)
    attention /= attention.sum(0)
    # The length of the attended mean, from the pieces' own products: 384 is more than the pieces of most sentences.
    length = np.sqrt((attention * (pieces @ pieces.T @ attention)).sum(0))
    likeness: Scores = (attention * cosines).sum(0) / length
    return likeness


def confidence(scores: Scores) -> list[float]:
    """The chance of each that the concept is meant."""
    sure: list[float] = (1 / (1 + np.exp(-_SLOPE * (scores.astype(np.float64) - _MIDDLE)))).round(DECIMALS).tolist()
    return sure
