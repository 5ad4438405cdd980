"""A new reading of a resume meets the entries of a profile: what goes with what, what is new, what goes.

What a person wrote stays as it is, what a person removed stays removed, and nothing is there twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from services.ai.resume.standing.assignment import assign
from services.ai.resume.standing.likeness import Key, likeness

# Wordings kept of an entry, the newest last: so that an old resume, read again, finds what newer ones worded otherwise.
MOST_WORDINGS = 8


class Standing(Enum):
    """Whose an entry is. Where two are equally like what was found, the first here gets it."""

    PERSON = "PERSON"
    REMOVED = "REMOVED"
    RESUME = "RESUME"


_FIRST = {Standing.PERSON: 0.002, Standing.REMOVED: 0.001, Standing.RESUME: 0.0}


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the profile, or one that was removed. `wordings`: all that resumes called it, and what it is called now."""

    standing: Standing
    wordings: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`places`: for each known entry its place among what was found, or None. `new`: places that no known entry stands for. `gone`: known
    entries that the resume does not have any more, and that nobody wrote.
    """

    places: tuple[int | None, ...]
    new: tuple[int, ...]
    gone: tuple[int, ...]


def reconcile(known: Sequence[Known], found: Sequence[Key]) -> Plan:
    """What is found twice in the same words counts once. Nothing depends on the order of `known` but ties."""
    once = {key: place for place, key in reversed(list(enumerate(found)))}
    chosen = _named_alike(known, once)
    left = {key: place for key, place in once.items() if place not in set(chosen.values())}
    weights = {
        (row, place): like + _FIRST[entry.standing]
        for row, entry in enumerate(known)
        if row not in chosen
        for key, place in left.items()
        if (like := max((likeness(wording, key) for wording in entry.wordings), default=0.0))
    }
    chosen |= assign(weights)
    taken = set(chosen.values())
    return Plan(
        places=tuple(chosen.get(row) for row in range(len(known))),
        new=tuple(place for place in sorted(once.values()) if place not in taken),
        gone=tuple(row for row, entry in enumerate(known) if entry.standing is Standing.RESUME and row not in chosen),
    )


def _named_alike(known: Sequence[Known], once: Mapping[Key, int]) -> dict[int, int]:
    """What has these very words; most often that is all."""
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for row in sorted(range(len(known)), key=lambda row: -_FIRST[known[row].standing]):
        for wording in reversed(known[row].wordings):
            place = once.get(wording)
            if row not in chosen and place is not None and place not in taken:
                chosen[row] = place
                taken.add(place)
    return chosen


def worded(wordings: Sequence[Key], new: Key) -> tuple[Key, ...]:
    """With one more, the oldest forgotten."""
    return (*(key for key in wordings if key != new), new)[-MOST_WORDINGS:]
