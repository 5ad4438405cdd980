"""Sentence → the concepts it speaks of, best first.

Late interaction (ConTeXT-match, Decorte and others 2025): each concept's label attends to the word pieces of the sentence and is compared
with what it attended to, so that one phrase of a long sentence is enough. Joined with how much of a concept's names stands there in words.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.skills.concepts.lexicon import Lexicon, Scores
from services.ai.skills.concepts.names import Concept, names, phrases
from services.ai.skills.concepts.vectors import label_vectors
from services.ai.skills.ontology import FOLDER, Ontology

ADAPTER = Path(__file__).parent / "adapter.npz"
# Learned on the development sentences: attention's sharpness, and what words add to likeness.
_SHARPNESS = np.float32(0.05)
_EXACT, _COVERED = np.float32(0.15), np.float32(0.15)
# Attention is worked out for so many that the mean of the sentence, and its words, bring nearest.
_SHORTLIST = 500
# score → chance that an annotator gave this concept to this sentence (logistic, development sentences).
_SLOPE, _MIDDLE = 19.9, 0.866
DECIMALS = 4


class ConceptRanker:
    """Ranks a fixed list of concepts. Loads when first used: a second with cached label vectors, half a minute to make them.

    A sentence of 20 words takes about 6 ms on one thread.
    """

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
        self._adapter = ADAPTER if ADAPTER.exists() else None
        self._transformer = Transformer(self._adapter, eight_bits=True)
        self._loading = threading.Lock()
        self._loaded: tuple[Lexicon, Matrix] | None = None

    @classmethod
    def over(cls, ontology: Ontology, cache: Path = FOLDER) -> "ConceptRanker":
        """Of ESCO's skills; technologies are named, not implied."""
        skills = (skill for skill in ontology.skills.values() if not skill.id.startswith("tech:"))
        return cls([Concept(skill.id, skill.label, skill.aliases) for skill in skills], cache)

    def rank(self, sentences: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
        """For each sentence at most k (concept id, confidence 0 to 1), best first; none for a sentence without words."""
        told = [i for i, sentence in enumerate(sentences) if any(c.isalnum() for c in sentence)]
        ranked: list[list[tuple[str, float]]] = [[] for _ in sentences]
        if told:
            _, labels = self._opened()
            pieces = self._transformer.pieces([sentences[i] for i in told])
            near = _unit(np.stack([of_one.mean(0) for of_one in pieces])) @ labels.T
            for i, of_one, row in zip(told, pieces, near, strict=True):
                ranked[i] = self._ranked(sentences[i], of_one, row, k)
        return ranked

    def load(self) -> None:
        """Makes ready what the first call would."""
        self._opened()

    def _opened(self) -> tuple[Lexicon, Matrix]:
        with self._loading:
            if self._loaded is None:
                lexicon = Lexicon([tuple(names(concept, self._said)) for concept in self._concepts])
                self._loaded = lexicon, label_vectors(Transformer(self._adapter), self._concepts, ADAPTER, self._cache)
            return self._loaded

    def _ranked(self, sentence: str, pieces: Matrix, near: Scores, k: int) -> list[tuple[str, float]]:
        lexicon, labels = self._opened()
        exact, covered = lexicon.scores(sentence)
        words = _EXACT * exact + _COVERED * covered
        some = _most(words + near, max(k, _SHORTLIST))
        scores = (likeness(pieces, labels[some]) + words[some]).round(DECIMALS)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._concepts[some[i]].id, sure) for i, sure in zip(best, confidence(scores[best]), strict=True)]


def _most(scores: Scores, k: int) -> npt.NDArray[np.int64]:
    """The places of the k highest, in their order in the list."""
    if k >= len(scores):
        return np.arange(len(scores))
    return np.sort(np.argpartition(-scores, k)[:k])


def _unit(vectors: Matrix) -> Matrix:
    unit: Matrix = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit


def likeness(pieces: Matrix, labels: Matrix) -> Scores:
    """(pieces, 384) against (concepts, 384) of length 1: the cosine of each label with what it attends to in the sentence."""
    pieces = _unit(pieces)
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
