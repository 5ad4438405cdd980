"""Orders that are the same for everybody who asks."""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum

# Reciprocal rank fusion: how much the first places of one list may outweigh agreement of several.
FUSION_K = 60


def rank(scores: Mapping[str, float]) -> list[str]:
    """Ids, best first; equal scores in order of their ids."""
    return sorted(scores, key=lambda i: (-scores[i], i))


def fuse(rankings: Iterable[Sequence[str]]) -> list[str]:
    """One order from several, by reciprocal rank; each ranking is best first."""
    parts: dict[str, list[float]] = {}
    for ranking in rankings:
        for place, item in enumerate(ranking, 1):
            parts.setdefault(item, []).append(1 / (FUSION_K + place))
    return rank({item: fsum(found) for item, found in parts.items()})
