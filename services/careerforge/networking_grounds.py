"""What two people share that may be told: rare enough to mean something, and shared by enough that it tells nobody who the other is."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.ai.resume.standing.likeness import tidy
from services.careerforge.tables import Experience

# What is told must be shared by so many people at least, both of the two among them.
LEAST_SHARED = 5
# And by so many at most: of few people a few, of many a twentieth.
FEW, RARE = 25, 0.05
# An employer in common says more than a skill.
EMPLOYER_WEIGHT = 3.0
# No employers, though they stand where one does.
NOBODY = frozenset(
    map(
        tidy,
        (
            "",
            "freelance",
            "freelancer",
            "self-employed",
            "self employed",
            "independent",
            "various",
            "confidential",
            "n/a",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that somebody surely was with an employer: months counted from year 0, `end` None while it lasts."""

    user_id: UUID
    key: str
    name: str
    start: int
    end: int | None

    def overlaps(self, other: "Stretch") -> bool:
        return _last(self) >= other.start and _last(other) >= self.start


@dataclass(frozen=True, slots=True)
class Ground:
    """The greater `weight`, the better a reason to meet. `words` for the one, `other_words` for the other: each as they write it."""

    words: str
    other_words: str
    weight: float


@dataclass(frozen=True, slots=True)
class SharedSkill:
    """A skill of somebody that another, `user_id`, has too; `count` people have it. Labels as in the profiles of the one and the other."""

    user_id: UUID
    label: str
    other_label: str
    count: int


def is_telling(count: int, people: int) -> bool:
    return LEAST_SHARED <= count <= most_shared(people)


def most_shared(people: int) -> int:
    return max(FEW, int(RARE * people))


def of_skills(shared: Iterable[SharedSkill], people: int) -> dict[UUID, list[Ground]]:
    found: dict[UUID, list[Ground]] = {}
    for one in shared:
        if is_telling(one.count, people):
            weight = math.log(max(people, one.count + 1) / one.count)
            ground = Ground(f"Both know {one.label}", f"Both know {one.other_label}", weight)
            found.setdefault(one.user_id, []).append(ground)
    return found


def of_employers(own: Sequence[Stretch], all_of: Sequence[Stretch], people: int) -> dict[UUID, list[Ground]]:
    """`all_of`: everybody's stretches with these employers, the person's own among them. Enough must have been there with each of the two:
    else who was there could tell who the other is.
    """
    by_key: dict[str, list[Stretch]] = {}
    for stretch in all_of:
        by_key.setdefault(stretch.key, []).append(stretch)
    found: dict[UUID, list[Ground]] = {}
    for mine in own:
        there = by_key.get(mine.key, [])
        if not is_telling(len(_together(mine, there)), people):
            continue
        for other in there:
            if other.user_id != mine.user_id and mine.overlaps(other) and len(_together(other, there)) >= LEAST_SHARED:
                words, theirs = (f"Both worked at {name} at the same time" for name in (mine.name, other.name))
                found.setdefault(other.user_id, []).append(Ground(words, theirs, EMPLOYER_WEIGHT))
    return found


def best_first(grounds: Mapping[UUID, Sequence[Ground]]) -> list[tuple[UUID, Ground]]:
    """Each person with the one ground that is told: several together could tell who it is."""
    worth = {user_id: sum(ground.weight for ground in found) for user_id, found in grounds.items()}
    told = {user_id: max(found, key=lambda ground: (ground.weight, ground.words)) for user_id, found in grounds.items()}
    return [(user_id, told[user_id]) for user_id in sorted(grounds, key=lambda one: (-worth[one], one))]


def stretch_of(row: Experience) -> Stretch | None:
    """None where it is not sure when or with whom it was."""
    key = tidy(row.employer)
    if row.start_month is None or key in NOBODY:
        return None
    # Of a year alone it is sure only at its end that it has begun, and only at its begin that it has not ended.
    start = row.start_month.year * 12 + (12 if row.start_year_only else row.start_month.month)
    end = None if row.current else start
    if not row.current and row.end_month:
        end = row.end_month.year * 12 + (1 if row.end_year_only else row.end_month.month)
    return Stretch(row.user_id, key, " ".join(row.employer.split())[:200], start, end)


def beginning(employer: str) -> str:
    """The first word, by which rows of the same employer are found however the rest is written; empty where there is none."""
    found = re.search(r"[^\W_]+", employer.lower())
    return found.group() if found and found.start() == 0 else ""


def is_blocked(blocked: Iterable[str], employers: Iterable[str]) -> bool:
    """Whether one of the employers goes by a blocked name: rather one too many than one too few."""
    names = [set(tidy(name).split()) for name in blocked]
    works = [set(tidy(name).split()) for name in employers]
    return any(name and work and (name <= work or work <= name) for name in names for work in works)


def _together(one: Stretch, there: Sequence[Stretch]) -> set[UUID]:
    """Who was there with somebody, who is one of them."""
    return {other.user_id for other in there if one.overlaps(other)} | {one.user_id}


def _last(stretch: Stretch) -> float:
    return math.inf if stretch.end is None else stretch.end
