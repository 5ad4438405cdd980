"""The classifier: a linear model over hashed features, whose weights are a file of this package."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from services.ai.resume.pieces.features import (
    bucket,
    edge_features,
    pair_features,
    whole_features,
    word_features,
    words_of,
)

WEIGHTS = Path(__file__).with_name("weights.npz")
CLASSES = ("title", "employer", "place", "school", "degree", "field_of_study", "person", "skill", "heading", "other")


@dataclass(frozen=True, slots=True)
class Piece:
    """How likely a piece of text is each of these, before its place in the document is looked at; they sum to 1.

    `other` is dates, addresses of mails and pages, sentences, and pieces that hold two things at once ("Engineer at Acme").
    """

    title: float
    employer: float
    place: float
    school: float
    degree: float
    field_of_study: float
    person: float
    skill: float
    heading: float
    other: float

    @property
    def best(self) -> str:
        """The name of the likeliest class; the earlier one when two are alike."""
        return max(CLASSES, key=lambda name: float(getattr(self, name)))


def classify(text: str) -> Piece:
    """What a piece of a resume's line is: a job title, an employer… Blank text is `other`."""
    return _classify(" ".join(text.split()))


def classify_all(texts: Iterable[str]) -> list[Piece]:
    """`classify` of each."""
    return [classify(text) for text in texts]


_NOTHING = Piece(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


@lru_cache(maxsize=1 << 14)
def _classify(text: str) -> Piece:
    words = words_of(text)
    if not words:
        return _NOTHING
    weights, bias = _weights()
    numbers = [bucket(f) for f in whole_features(text, words)]
    numbers += [bucket(f) for pair in pairwise(words) for f in pair_features(*pair)]
    total = bias + weights[numbers].sum(axis=0, dtype=np.int32) + _edge(words[0], "f") + _edge(words[-1], "l")
    for word in words:
        total += _word(word)
    return _piece(total.tolist())


def _piece(totals: list[float]) -> Piece:
    scale = _scale()
    highest = max(totals)
    odds = [math.exp((value - highest) * scale) for value in totals]
    whole = sum(odds)
    return Piece(*(value / whole for value in odds))


@lru_cache(maxsize=1 << 15)
def _word(word: str) -> Any:
    return _sum(word_features(word))


@lru_cache(maxsize=1 << 14)
def _edge(word: str, edge: str) -> Any:
    return _sum(edge_features(word, edge))


def _sum(features: Iterable[str]) -> Any:
    weights, _ = _weights()
    return weights[[bucket(f) for f in features]].sum(axis=0, dtype=np.int32)


@cache
def _weights() -> tuple[Any, Any]:
    """Weights (features × classes, int8) and bias (classes), in steps of `scale`."""
    with np.load(WEIGHTS) as file:
        return file["weights"], file["bias"].astype(np.int32)


@cache
def _scale() -> float:
    with np.load(WEIGHTS) as file:
        return float(file["scale"])
