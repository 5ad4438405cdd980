"""Ordered lists that change step by step, forwards and backwards. Pure.

A step says where an item was and where it is then (rank 0: not there), with all earlier steps done. So from the list as it is now and the
steps since, the list at any earlier moment can be told, and what happened in between, to whoever saw only its first ranks.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

# The cause of what only others' changes brought about.
OTHERS = "OTHERS"


@dataclass(frozen=True, slots=True)
class Step:
    item_id: UUID
    old_rank: int
    new_rank: int
    cause: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What happened to an item of a list's first ranks. `old_rank` and `new_rank` (0: not there) are those of the list as the differences
    told before leave it: who takes the item out and puts it in, one difference after the other, has the list. `rank` is the one it has in
    the end.
    """

    item_id: UUID
    old_rank: int
    new_rank: int
    rank: int
    cause: str


class Order:
    """Items by score, greatest first, then by id."""

    def __init__(self, item_ids: Iterable[UUID] = (), scores: Iterable[float] = ()) -> None:
        self._keys = [(-score, item_id) for item_id, score in zip(item_ids, scores, strict=True)]
        self._scores = {item_id: -key for key, item_id in self._keys}

    @property
    def item_ids(self) -> list[UUID]:
        return [item_id for _, item_id in self._keys]

    @property
    def scores(self) -> list[float]:
        return [-key for key, _ in self._keys]

    def change(self, scores: Mapping[UUID, float | None], cause: str) -> list[Step]:
        """New scores; None takes an item out. Out first, so that places are free; then in a fixed order."""
        gone = sorted(item_id for item_id, score in scores.items() if score is None and item_id in self._scores)
        put = sorted((-score, item_id) for item_id, score in scores.items() if score is not None)
        steps = [Step(item_id, self._take(item_id), 0, cause) for item_id in gone]
        for key, item_id in put:
            old = self._take(item_id) if item_id in self._scores else 0
            steps.append(Step(item_id, old, self._put(key, item_id), cause))
        return steps

    def _take(self, item_id: UUID) -> int:
        place = bisect_left(self._keys, (-self._scores.pop(item_id), item_id))
        del self._keys[place]
        return place + 1

    def _put(self, key: float, item_id: UUID) -> int:
        place = bisect_left(self._keys, (key, item_id))
        self._keys.insert(place, (key, item_id))
        self._scores[item_id] = -key
        return place + 1


def done(item_ids: Sequence[UUID], steps: Sequence[Step]) -> list[UUID]:
    """The list after the steps."""
    after = list(item_ids)
    for step in steps:
        if step.old_rank:
            del after[step.old_rank - 1]
        if step.new_rank:
            after.insert(step.new_rank - 1, step.item_id)
    return after


def undone(item_ids: Sequence[UUID], steps: Sequence[Step]) -> list[UUID]:
    """The list before the steps that led to it."""
    before = list(item_ids)
    for step in reversed(steps):
        if step.new_rank:
            del before[step.new_rank - 1]
        if step.old_rank:
            before.insert(step.old_rank - 1, step.item_id)
    return before


def differences(before: Sequence[UUID], after: Sequence[UUID], steps: Sequence[Step], limit: int) -> list[Difference]:
    """What the first `limit` ranks saw of the steps from one list to the other: who left, then who came, moved or changed, best first.

    An item that only others' comings and goings shifted is not named.
    """
    causes = {step.item_id: step.cause for step in steps}
    shown, new = list(before[:limit]), list(after[:limit])
    stay = set(new)
    found = [_out(shown, item_id, causes) for item_id in before[:limit] if item_id not in stay]
    known = set(shown)
    for rank, item_id in enumerate(new, 1):
        if item_id not in known or item_id in causes:
            found.append(_in(shown, item_id, rank, new[rank - 2] if rank > 1 else None, causes))
    return found


def _out(shown: list[UUID], item_id: UUID, causes: Mapping[UUID, str]) -> Difference:
    place = shown.index(item_id)
    del shown[place]
    return Difference(item_id, place + 1, 0, 0, causes.get(item_id, OTHERS))


def _in(shown: list[UUID], item_id: UUID, rank: int, ahead: UUID | None, causes: Mapping[UUID, str]) -> Difference:
    """Behind whom it stands in the end: those who still have to move may be before it for now."""
    old = shown.index(item_id) + 1 if item_id in shown else 0
    if old:
        del shown[old - 1]
    place = shown.index(ahead) + 1 if ahead else 0
    shown.insert(place, item_id)
    return Difference(item_id, old, place + 1, rank, causes.get(item_id, OTHERS))
