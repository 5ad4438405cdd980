"""What each skill that a person does not have would bring to their scores, and how they meet a position: by the engine itself."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import fsum
from uuid import UUID

from services.ai import codec
from services.ai.growth import Goal, essential_position, find_occupation
from services.ai.matching import CandidateFeatures, PositionFeatures, RequirementKind, Score, Weights, scaled, score
from services.ai.matching.coverage import importance
from services.ai.matching.rescoring import Rescoring
from services.ai.matching.scoring import DECIMALS
from services.ai.skills import Ontology, load
from services.kit.db import EVERYONE, Database, ReadSession
from services.kit.errors import NotFound
from services.matching import queries
from services.matching.barriers import ruled_out
from services.matching.tables import Candidate, Position

MOST_POSITIONS = 50
MOST_SKILLS = 50


class Basis(Enum):
    """Names are those of `SkillGainBasis`."""

    POSITIONS = "POSITIONS"
    ONTOLOGY = "ONTOLOGY"
    TITLES = "TITLES"


@dataclass(frozen=True, slots=True)
class Asked:
    """At most one of the first two."""

    position_id: UUID | None
    occupation_id: str
    skill_ids: tuple[str, ...]
    excluded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Promise:
    """Scores for one position; no id for an occupation's."""

    position_id: UUID | None
    score: float
    named: float
    shown: float


@dataclass(frozen=True, slots=True)
class Gain:
    """Of one skill: sums over the positions, and those that it helps with."""

    skill_id: str
    label: str
    named: float
    shown: float
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Gains:
    gains: tuple[Gain, ...]
    had: tuple[str, ...]
    basis: Basis
    position_count: int


@dataclass(frozen=True, slots=True)
class Target:
    """One position to score for."""

    position_id: UUID | None
    asked: PositionFeatures
    weights: Weights | None


async def list_gains(db: Database, account_id: UUID, asked: Asked, as_of: date) -> Gains:
    """Raises NotFound for who is no candidate, a position that is not open, and what is no occupation."""
    goal = find_occupation(load(), asked.occupation_id) if asked.occupation_id else None
    if asked.occupation_id and goal is None:
        raise NotFound("occupation", asked.occupation_id)
    async with db.read(EVERYONE) as session:
        candidate = await _candidate(session, account_id)
        rows = await _positions(session, candidate, asked, goal)
    told = codec.from_json(CandidateFeatures, candidate.features)
    return await asyncio.to_thread(_gains, told, rows, goal, asked, as_of)


async def _candidate(session: ReadSession, account_id: UUID) -> Candidate:
    found = await queries.find_candidate(session, account_id)
    if found is None:
        raise NotFound("candidate", str(account_id))
    return found


async def _positions(session: ReadSession, candidate: Candidate, asked: Asked, goal: Goal | None) -> Sequence[Position]:
    if asked.position_id:
        return [await _open_position(session, asked.position_id)]
    if goal is None:
        return await queries.wanted_positions(session, candidate.id, MOST_POSITIONS)
    if goal.skill_ids or not goal.titles:
        return ()
    rows = await queries.titled_positions(session, goal.titles, MOST_POSITIONS)
    return [row for row in rows if not ruled_out(row, candidate)]


async def _open_position(session: ReadSession, position_id: UUID) -> Position:
    found = await queries.find_position(session, position_id)
    if found is None or found.state != "OPEN" or not found.features:
        raise NotFound("position", str(position_id))
    return found


def _gains(told: CandidateFeatures, rows: Sequence[Position], goal: Goal | None, asked: Asked, as_of: date) -> Gains:
    ontology, had = load(), {fact.skill_id for fact in told.skills}
    targets = [_target(row) for row in rows]
    if goal and goal.skill_ids:
        targets = [Target(None, essential_position(ontology, goal), None)]
    skills = _missing([target.asked for target in targets], ontology, asked, had)
    scorers = [(target.position_id, Rescoring(told, target.asked, as_of, target.weights)) for target in targets]
    found = (_gain(scorers, one, ontology.skills[one].label) for one in skills)
    ordered = sorted(found, key=lambda gain: (-gain.named, -gain.shown, gain.skill_id))
    basis = Basis.POSITIONS if goal is None else Basis.ONTOLOGY if goal.skill_ids else Basis.TITLES
    return Gains(tuple(ordered), tuple(sorted(had)), basis, len(targets))


def _target(row: Position) -> Target:
    return Target(row.id, codec.from_json(PositionFeatures, row.features), scaled(row.weights) if row.weights else None)


def _missing(
    positions: Sequence[PositionFeatures], ontology: Ontology, asked: Asked, had: Collection[str]
) -> Sequence[str]:
    """What is asked for most and not had, then what was asked about."""
    counts = Counter[str]()
    for position in positions:
        counts.update(_wanted(position))
    out = {*had, *asked.excluded}
    most = sorted(
        (one for one in counts if one not in out and one in ontology.skills), key=lambda one: (-counts[one], one)
    )
    also = (one for one in asked.skill_ids if one not in out and one in ontology.skills)
    return list(dict.fromkeys((*most[:MOST_SKILLS], *also)))


def _wanted(position: PositionFeatures) -> dict[str, float]:
    """Skills that a position asks for, by what they weigh in it."""
    found: dict[str, float] = {}
    for one in position.requirements:
        if one.skill_id and one.kind in (RequirementKind.SKILL, RequirementKind.YEARS):
            found[one.skill_id] = max(importance(one), found.get(one.skill_id, 0.0))
    return found


def _gain(scorers: Sequence[tuple[UUID | None, Rescoring]], skill_id: str, label: str) -> Gain:
    promises = tuple(_helped(scorers, skill_id, label))
    named = round(fsum(one.named - one.score for one in promises), DECIMALS)
    shown = round(fsum(one.shown - one.score for one in promises), DECIMALS)
    return Gain(skill_id, label, named, shown, promises)


def _helped(scorers: Sequence[tuple[UUID | None, Rescoring]], skill_id: str, label: str) -> Iterator[Promise]:
    for position_id, scorer in scorers:
        found = Promise(position_id, scorer.base, scorer.named(skill_id, label), scorer.shown(skill_id, label))
        if max(found.named, found.shown) > found.score:
            yield found


@dataclass(frozen=True, slots=True)
class Explanation:
    """`score.reasons` begin with one for each requirement, in their order."""

    position: Position
    asked: PositionFeatures
    score: Score


async def explain(db: Database, account_id: UUID, position_id: UUID, as_of: date) -> Explanation:
    """Raises NotFound for who is no candidate, and a position that is not open."""
    async with db.read(EVERYONE) as session:
        candidate = await _candidate(session, account_id)
        position = await _open_position(session, position_id)
    target = _target(position)
    told = codec.from_json(CandidateFeatures, candidate.features)
    found = await asyncio.to_thread(score, told, target.asked, as_of, target.weights)
    return Explanation(position, target.asked, found)
