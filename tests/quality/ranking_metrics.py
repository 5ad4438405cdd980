"""What the tables of rankings share: BM25 as a floor, fusion, the metrics of one ranking, and intervals of a difference.

A ranking is a sequence of places or ids, best first, each once.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.ai.matching.ranking import FUSION_K

Scores = npt.NDArray[np.float64]

# Robertson's usual values; tuned on nothing.
K1, B = 1.2, 0.75
BOOTSTRAP_SAMPLES, BOOTSTRAP_SEED, LEVEL = 10_000, 20261126, 0.95
_WORD = re.compile(r"\w[\w+#]*")


def words(text: str) -> list[str]:
    """Words in lower case, as they stand: no stemming, no stop words."""
    return _WORD.findall(text.lower())


def bm25(
    documents: Sequence[str], tokens: Callable[[str], Sequence[str]] = words, k1: float = K1, b: float = B
) -> Callable[[str], Scores]:
    """Query → the score of every document, 0 where no word is shared (Okapi BM25, with Lucene's idf, which is never negative)."""
    counted = [Counter(tokens(document)) for document in documents]
    lengths = np.array([counts.total() for counts in counted], np.float64)
    norms = k1 * (1 - b + b * lengths / max(lengths.mean() if len(lengths) else 0.0, 1.0))
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, counts in enumerate(counted):
        for word, count in counts.items():
            postings[word].append((place, count))

    def scores(query: str) -> Scores:
        found = np.zeros(len(counted))
        for word, times in Counter(tokens(query)).items():
            holders = postings.get(word, ())
            idf = math.log(1 + (len(counted) - len(holders) + 0.5) / (len(holders) + 0.5))
            for place, count in holders:
                found[place] += times * idf * count * (k1 + 1) / (count + norms[place])
        return found

    return scores


def ranking(scores: npt.NDArray[np.floating]) -> list[int]:
    """Places, the highest score first; equal scores in their order."""
    best: list[int] = np.argsort(-scores, kind="stable").tolist()
    return best


def fused(*scores: npt.NDArray[np.floating]) -> Scores:
    """Reciprocal rank fusion of several systems' scores of the same documents."""
    total = np.zeros(len(scores[0]))
    for of_one in scores:
        total[ranking(of_one)] += 1 / (FUSION_K + 1 + np.arange(len(of_one)))
    return total


def average_precision(ranking: Sequence[Hashable], relevant: Collection[Hashable]) -> float:
    """The mean, over all relevant, of the precision where each stands; one that is not in the ranking counts 0. 0 without relevant."""
    hits, total = 0, 0.0
    for rank, item in enumerate(ranking, 1):
        if item in relevant:
            hits += 1
            total += hits / rank
    return total / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[Hashable], relevant: Collection[Hashable]) -> float:
    """1 / the place of the first relevant; 0 when there is none."""
    return next((1 / rank for rank, item in enumerate(ranking, 1) if item in relevant), 0.0)


def recall(ranking: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """The part of the relevant among the first k. 0 without relevant."""
    return sum(item in relevant for item in ranking[:k]) / len(relevant) if relevant else 0.0


def ndcg(ranking: Sequence[Hashable], gains: Mapping[Hashable, float], k: int | None = None) -> float:
    """Discounted gain of the first k (all, without k) against the best order's; an item that `gains` lacks brings 0."""
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return _discounted([gains.get(item, 0.0) for item in ranking[:k]]) / best if best else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours minus theirs: the mean over queries, and the interval that holds 95 % of the resampled means."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} ({self.low:+.3f} to {self.high:+.3f})"


def paired_bootstrap(ours: Sequence[float], theirs: Sequence[float], samples: int = BOOTSTRAP_SAMPLES) -> Difference:
    """From two systems' figures of the same queries. The same figures, the same interval. Raises ValueError for none or unlike many."""
    if len(ours) != len(theirs) or not ours:
        raise ValueError(f"{len(ours)} and {len(theirs)} figures cannot be paired")
    differences = np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)
    dice = np.random.default_rng(BOOTSTRAP_SEED)
    # One sample at a time: 10,000 × 15,000 queries would fill the memory.
    means = [differences[dice.integers(0, len(differences), len(differences))].mean() for _ in range(samples)]
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Difference(float(differences.mean()), float(low), float(high))
