"""Learning paths: the skills that lead to a goal, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from services.ai.growth import PathStep, Prerequisites, Worth, chosen, find_occupation, ordered
from services.ai.skills import load
from services.careerforge import learning_queries as queries
from services.careerforge import profiles
from services.careerforge.matches import Gain, Gains, Matches
from services.careerforge.recommendations import efforts, removed_skills
from services.careerforge.tables import LearningPath, LearningStep
from services.kit.auth import Caller
from services.kit.db import Database, ReadSession, WriteSession, utc_now
from services.kit.errors import InvalidArgument, NotFound

MOST_PATHS = 20
POSITION = "POSITION"


@dataclass(frozen=True, slots=True)
class Plan:
    """`basis`: `POSITION`, `ONTOLOGY` or `TITLES`."""

    basis: str
    steps: Sequence[tuple[PathStep, Gain]]


@dataclass(frozen=True, slots=True)
class Path:
    row: LearningPath
    steps: Sequence[LearningStep]


async def plan(db: Database, matches: Matches, account_id: UUID, goal: str) -> Plan:
    """Raises NotFound for what is neither an open position nor an occupation, and for who is no candidate."""
    position_id, occupation_id = _goal(goal)
    removed = await removed_skills(db, account_id)
    found = await matches.gains(position_id, occupation_id, excluded=removed)
    needs, had = prerequisites().needs, found.had.union(removed)
    skills = chosen([gain.skill_id for gain in found.gains if gain.promises], needs, had)
    gains = {gain.skill_id: gain for gain in found.gains}
    if also := [skill for skill in skills if skill not in gains]:
        # What must come before was not asked for; it may count in part all the same.
        more = await matches.gains(position_id, occupation_id, also, removed)
        gains = {gain.skill_id: gain for gain in more.gains} | gains
    # What the person added between the two answers is had by now.
    worth = {skill: Worth(gains[skill].shown, efforts().hours(skill)) for skill in skills if skill in gains}
    steps = ordered(worth, prerequisites().follows, worth)
    return Plan(_basis(found, position_id), [(step, gains[step.skill_id]) for step in steps])


def _goal(goal: str) -> tuple[UUID | None, str | None]:
    """Ids of both look alike: what the ontology does not have as an occupation is a position, if anything."""
    if find_occupation(load(), goal):
        return None, goal
    try:
        return UUID(goal), None
    except ValueError:
        raise NotFound("goal", goal) from None


def _basis(found: Gains, position_id: UUID | None) -> str:
    return POSITION if position_id else found.basis


async def create_path(session: WriteSession, caller: Caller, goal: str, made: Plan, request_id: UUID | None) -> Path:
    """The same `request_id` again: the path that it made. Raises InvalidArgument for one more than `MOST_PATHS`."""
    profile = await profiles.ensure_profile(session, caller)
    if request_id and (known := await queries.find_by_request(session, profile.id, request_id)):
        return await with_steps(session, known)
    if await queries.count_paths(session, profile.id) >= MOST_PATHS:
        why = f"there are {MOST_PATHS} paths, and no more fit; remove one first"
        raise InvalidArgument("learning_path", why, limit=str(MOST_PATHS))
    row = LearningPath(user_id=profile.id, goal=goal, basis=made.basis, request_id=request_id)
    session.add(row)
    await session.flush()
    session.add_all(_step(row, n, step, gain) for n, (step, gain) in enumerate(made.steps, 1))
    await session.flush()
    await session.refresh(row)
    return await with_steps(session, row)


def _step(path: LearningPath, number: int, step: PathStep, gain: Gain) -> LearningStep:
    return LearningStep(
        path_id=path.id,
        number=number,
        user_id=path.user_id,
        skill_id=step.skill_id,
        label=gain.label,
        named_gain=gain.named,
        shown_gain=gain.shown,
        position_count=len(gain.promises),
        effort_hours=efforts().hours(step.skill_id),
        prerequisites=list(step.prerequisites),
    )


async def mark_step(session: WriteSession, caller: Caller, path_id: UUID, skill_id: str, done: bool) -> Path:
    """Nothing happens to a step that is so already."""
    row = await queries.get_own_path(session, caller.account(), path_id, for_update=True)
    path = await with_steps(session, row)
    step = next((step for step in path.steps if step.skill_id == skill_id), None)
    if step is None:
        raise NotFound("learning_step", skill_id)
    if step.done != done:
        step.done, row.update_time = done, utc_now()
        await session.flush()
    return path


async def delete_path(session: WriteSession, caller: Caller, path_id: UUID) -> None:
    await session.delete(await queries.get_own_path(session, caller.account(), path_id, for_update=True))


async def with_steps(session: ReadSession, row: LearningPath) -> Path:
    return Path(row, (await queries.steps_of(session, [row.id])).get(row.id, []))


@cache
def prerequisites() -> Prerequisites:
    return Prerequisites(load())
