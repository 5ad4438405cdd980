"""Title → the ESCO occupations that it may mean, best first."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.ai.embedding.graph import Matrix
from services.ai.skills.concepts.lexicon import Lexicon, Name, Scores
from services.ai.skills.ontology import Occupation, Ontology
from services.ai.titles.encoder import TitleEncoder
from services.ai.titles.memory import occupation_vector

# Learned from 6,000 of JobBERT's titles of the development half that the table's sample leaves out (listwise logistic regression): what
# words add to the cosine, what a name that stands there whole; and what is taken from an occupation under whose heading narrower ones
# stand, by the logarithm of one more than these, and from a manager's when the title names none.
_COVERED, _EXACT, _HEADING, _UNSAID = np.float32(0.5), np.float32(0.1), np.float32(0.25), np.float32(0.125)
_ALIAS = 0.9
_MANAGER = re.compile(
    r"\b(manager|mgr|managing|management|director|head|chief|vp|vice|president|gm|c[efot]o|principal|dean)\b", re.I
)
# score → chance that a job board gave the title this occupation (logistic, 3,000 of the same titles, five occupations of each).
_SLOPE, _MIDDLE = 5.6, 1.25
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class _Known:
    """Of each occupation: the names, a vector (occupations, 384), what is taken off always, and what off a title without a manager."""

    lexicon: Lexicon
    vectors: Matrix
    heading: Scores
    unsaid: Scores


@dataclass(frozen=True, slots=True)
class Meant:
    """An occupation that a title may mean. `confidence`: 0 to 1."""

    id: str
    label: str
    confidence: float


class OccupationRanker:
    """Ranks a fixed list of occupations. Loads when first used, from any thread, in two seconds; a title takes about 6 ms."""

    def __init__(self, occupations: Sequence[Occupation], encoder: TitleEncoder | None = None) -> None:
        """Occupations of equal score keep their order here."""
        self._occupations = tuple(occupations)
        self._encoder = encoder or TitleEncoder()
        self._loading = threading.Lock()
        self._loaded: _Known | None = None

    @classmethod
    def over(cls, ontology: Ontology, encoder: TitleEncoder | None = None) -> "OccupationRanker":
        """All occupations of the compiled ontology."""
        return cls(tuple(ontology.titles()), encoder)

    def load(self) -> None:
        """Makes ready what the first call would."""
        self._encoder.load()
        self._opened()

    def rank(self, titles: Sequence[str], k: int) -> list[list[Meant]]:
        """For each title at most k occupations, best first; none for a title without a letter or figure."""
        told = [i for i, title in enumerate(titles) if any(c.isalnum() for c in title)]
        ranked: list[list[Meant]] = [[] for _ in titles]
        for i, vector in zip(told, self._encoder.plain([titles[i] for i in told]), strict=True):
            ranked[i] = self._ranked(titles[i], vector, k)
        return ranked

    def _ranked(self, title: str, vector: Matrix, k: int) -> list[Meant]:
        known = self._opened()
        exact, covered = known.lexicon.scores(title)
        # Not by BLAS, whose sums depend on how many threads it has.
        scores = np.einsum("od,d->o", known.vectors, vector) + _COVERED * covered + _EXACT * exact - known.heading
        if not _MANAGER.search(title):
            scores -= known.unsaid
        best = np.argsort(-scores.round(DECIMALS), kind="stable")[:k]
        sure = confidence(scores[best])
        return [
            Meant(self._occupations[i].id, self._occupations[i].label, chance)
            for i, chance in zip(best, sure, strict=True)
        ]

    def _opened(self) -> _Known:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._known()
            return self._loaded

    def _known(self) -> _Known:
        names = [[Name(o.label, 1.0), *(Name(alias, _ALIAS) for alias in o.aliases)] for o in self._occupations]
        narrower = np.array([self._encoder.narrower(o.id) for o in self._occupations], np.float32)
        manages = np.array([bool(_MANAGER.search(o.label)) for o in self._occupations], np.float32)
        vectors = np.stack([self._vector(o) for o in self._occupations])
        return _Known(Lexicon(names), vectors, _HEADING * np.log1p(narrower), _UNSAID * manages)

    def _vector(self, occupation: Occupation) -> Matrix:
        """Trained ones are remembered; one of another release is worked out from its titles."""
        known = self._encoder.remembered(occupation.id)
        if known is not None:
            return known
        return occupation_vector(self._encoder.plain([occupation.label, *occupation.aliases]))


def confidence(scores: npt.NDArray[np.float32]) -> list[float]:
    """The chance of each that the occupation is meant."""
    sure: list[float] = (1 / (1 + np.exp(-_SLOPE * (scores.astype(np.float64) - _MIDDLE)))).round(DECIMALS).tolist()
    return sure
