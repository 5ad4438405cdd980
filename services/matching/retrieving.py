"""Who and what is worth scoring."""

from collections.abc import Sequence

from services.ai.matching import CandidateFeatures, PositionFeatures, RequirementKind, fuse
from services.kit.db import ReadSession
from services.matching import queries
from services.matching.tables import Candidate, Position

# Each way of finding people brings so many; the best of them all are scored.
RETRIEVED, SCORED = 1_000, 500


async def candidates(session: ReadSession, position: Position, asked: PositionFeatures) -> Sequence[Candidate]:
    """Near in meaning, or with skills that are asked for."""
    skills = [r.skill_id for r in asked.requirements if r.kind is RequirementKind.SKILL]
    near = await queries.nearest_candidates(session, asked.vector, RETRIEVED)
    skilled = await queries.candidates_with_skills(session, skills, RETRIEVED)
    return await queries.candidates_by_id(session, fuse([near, skilled])[:SCORED])


async def positions(session: ReadSession, candidate: Candidate, told: CandidateFeatures) -> Sequence[Position]:
    """Open ones that are near, and those that the person is ranked for already."""
    return await queries.rankable_positions(session)
