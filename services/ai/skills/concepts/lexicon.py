"""How much of a name of each concept stands in a sentence: rare words count more, a name standing whole counts extra."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

_WORD = re.compile(r"[a-z0-9]+(?:[+#]+|(?:[./&'-][a-z0-9]+)*)")
_ENDINGS = ("ing", "ies", "es", "ed", "s")
# What must be left of a word when an ending goes.
_STEM = 3
LONGEST_NAME = 7
# A name of less information than this (in nats) is an everyday word and proves little.
_PLAIN = 8.0


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a concept and how sure it is: the label 1, an alias less."""

    text: str
    weight: float


class Lexicon:
    """Built from the names of each concept, in the concepts' order."""

    def __init__(self, names: Sequence[Iterable[Name]]) -> None:
        keys = [_keys(of_one) for of_one in names]
        seen = Counter(word for of_one in keys for word in {w for key in of_one for w in key})
        self._worth = {word: math.log(len(keys) / count) for word, count in seen.items()}
        self._first = np.cumsum([0, *(len(of_one) for of_one in keys[:-1])])
        self._keys = [key for of_one in keys for key in of_one]
        self._owner = np.repeat(np.arange(len(keys)), [len(of_one) for of_one in keys])
        self._weight = np.array([weight for of_one in keys for weight in of_one.values()], np.float32)
        whole = np.array([sum(self._worth[w] for w in key) for key in self._keys], np.float32)
        # A word that every concept has carries nothing; a name of such words alone cannot be covered.
        self._whole = np.maximum(whole, np.float32(1e-3))
        self._postings = _postings(self._keys)

    def scores(self, sentence: str) -> tuple[Scores, Scores]:
        """For each concept: the weight of its best name that stands whole, and how much of its best name stands at all; 0 to 1."""
        words = [_stem(word) for word in _WORD.findall(sentence.lower())]
        covered = np.zeros(len(self._keys), np.float32)
        for word in set(words) & self._postings.keys():
            covered[self._postings[word]] += np.float32(self._worth[word])
        part = covered / self._whole * self._weight * np.minimum(1, self._whole / np.float32(_PLAIN))
        exact = np.zeros(len(self._first), np.float32)
        grams = {
            tuple(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(len(words), i + LONGEST_NAME) + 1)
        }
        for i in np.flatnonzero(covered >= self._whole * np.float32(0.999)):
            if self._keys[i] in grams:
                exact[self._owner[i]] = max(exact[self._owner[i]], self._weight[i])
        return exact, np.maximum.reduceat(part, self._first)


def _keys(names: Iterable[Name]) -> dict[tuple[str, ...], float]:
    keys: dict[tuple[str, ...], float] = {}
    for name in names:
        key = tuple(_stem(word) for word in _WORD.findall(name.text.lower()))
        keys[key] = max(name.weight, keys.get(key, 0))
    # `reduceat` needs one for each concept.
    return {key: weight for key, weight in keys.items() if key} or {("",): 0.0}


def _postings(keys: Sequence[tuple[str, ...]]) -> dict[str, npt.NDArray[np.int64]]:
    found: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        for word in set(key):
            found[word].append(i)
    return {word: np.array(places) for word, places in found.items()}


def _stem(word: str) -> str:
    return next((word[: -len(e)] for e in _ENDINGS if word.endswith(e) and len(word) > len(e) + _STEM), word)
