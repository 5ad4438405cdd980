"""Skills to learn, in order: prerequisites first, and of those that could be next the one that brings most for an hour."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

MOST_STEPS = 60

Before = Callable[[str], Sequence[str]]
"""The skills that come directly before one."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a skill brings and what it takes."""

    gain: float
    hours: int


@dataclass(frozen=True, slots=True)
class PathStep:
    """`prerequisites` are earlier steps."""

    skill_id: str
    prerequisites: tuple[str, ...]


def chosen(wanted: Sequence[str], needs: Before, had: Collection[str]) -> list[str]:
    """The wanted skills that are not had, each with all that it needs and is not had: no step without what comes before it.

    Of more than `MOST_STEPS` those that are wanted first. What is had needs nothing more.
    """
    found: dict[str, None] = {}
    for skill in wanted:
        chain = [one for one in _chain(skill, needs, had) if one not in found]
        if skill not in had and len(found) + len(chain) <= MOST_STEPS:
            found.update(dict.fromkeys(chain))
    return list(found)


def _chain(skill: str, needs: Before, had: Collection[str]) -> Iterator[str]:
    seen, open_ = {skill}, [skill]
    while open_:
        yield (one := open_.pop())
        for need in needs(one):
            if need not in had and need not in seen:
                seen.add(need)
                open_.append(need)


def ordered(skills: Collection[str], follows: Before, worth: Mapping[str, Worth]) -> list[PathStep]:
    """Every skill once. Where the relations go round in a circle, one of them, always the same, is left out."""
    before = _acyclic(sorted(skills), follows)
    after: dict[str, list[str]] = {skill: [] for skill in before}
    for skill, needed in before.items():
        for one in needed:
            after[one].append(skill)
    rates = _rates(before, after, worth)
    waiting, steps = {skill: len(needed) for skill, needed in before.items()}, []
    ready: list[tuple[float, str]] = []
    for skill in before:
        if not waiting[skill]:
            heappush(ready, (-rates[skill], skill))
    while ready:
        _, skill = heappop(ready)
        steps.append(PathStep(skill, tuple(before[skill])))
        for one in after[skill]:
            waiting[one] -= 1
            if not waiting[one]:
                heappush(ready, (-rates[one], one))
    return steps


def _acyclic(skills: Sequence[str], follows: Before) -> dict[str, list[str]]:
    """What comes before each, among these; without what would close a circle."""
    among, before = set(skills), {skill: list[str]() for skill in skills}
    for skill in skills:
        for one in dict.fromkeys(follows(skill)):
            if one in among and one != skill and not _leads(one, skill, before):
                before[skill].append(one)
    return before


def _leads(start: str, target: str, before: Mapping[str, Sequence[str]]) -> bool:
    """Whether `target` comes, at once or further back, before `start`."""
    seen, open_ = {start}, [start]
    while open_:
        for one in before[open_.pop()]:
            if one == target:
                return True
            if one not in seen:
                seen.add(one)
                open_.append(one)
    return False


def _rates(
    before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]], worth: Mapping[str, Worth]
) -> dict[str, float]:
    """Gain for an hour of each skill, or of it with the best chain of those that it leads to: who learns it, learns it for them."""
    best: dict[str, Worth] = {}

    def bundle(skill: str) -> Worth:
        if skill not in best:
            own = worth[skill]
            chains = [bundle(one) for one in after[skill]]
            bundles = [own, *(Worth(own.gain + one.gain, own.hours + one.hours) for one in chains)]
            best[skill] = max(bundles, key=_rate)
        return best[skill]

    return {skill: _rate(bundle(skill)) for skill in before}


def _rate(found: Worth) -> float:
    return found.gain / found.hours if found.hours else 0.0
