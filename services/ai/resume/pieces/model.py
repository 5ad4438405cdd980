"""The classifier: a linear model over hashed features, whose weights are a file of this package."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from services.ai.resume.pieces.features import arrangement, words_of

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
    total = bias + weights[arrangement(text, words)].sum(axis=0, dtype=np.int32)
    total += _sum(words[0].first)
    total += _sum(words[-1].last)
    for word in words:
        total += _sum(word.own)
    return _piece(total.tolist())


def _piece(totals: list[float]) -> Piece:
    scale = _scale()
    highest = max(totals)
    odds = [math.exp((value - highest) * scale) for value in totals]
    whole = sum(odds)
    return Piece(*[value / whole for value in odds])


@lru_cache(maxsize=1 << 16)
def _sum(numbers: tuple[int, ...]) -> Any:
    """Weights of a word's features together: the same words come again and again."""
    return _weights()[0][list(numbers)].sum(axis=0, dtype=np.int32)


@cache
def _weights() -> tuple[Any, Any]:
    """Weights (features × classes, int8) and bias (classes), in steps of `scale`."""
    with np.load(WEIGHTS) as file:
        return file["weights"], file["bias"].astype(np.int32)


@cache
def _scale() -> float:
    with np.load(WEIGHTS) as file:
        return float(file["scale"])
