"""Rows that are worth scoring, found on both sides by the same ways."""

from collections.abc import Sequence

from services.ai.matching import CandidateFeatures, PositionFeatures
from services.kit.db import Database
from services.matching import queries
from services.matching.retrieval.filters import CandidateFilter, PositionFilter, filter_of, filter_of_wishes
from services.matching.retrieval.finding import find_candidates, find_positions
from services.matching.search.index import SearchIndex
from services.matching.tables import Candidate, Position

# So many of each side are scored for one of the other.
SCORED_CANDIDATES, SCORED_POSITIONS = 500, 100


async def candidates(
    db: Database, index: SearchIndex[CandidateFilter] | None, position: Position, asked: PositionFeatures
) -> Sequence[Candidate]:
    wanted = filter_of(asked.requirements, position)
    async with db.snapshot() as session:
        ids = await find_candidates(session, asked, wanted, index, SCORED_CANDIDATES)
        return await queries.candidates_by_id(session, ids)


async def positions(
    db: Database, index: SearchIndex[PositionFilter] | None, candidate: Candidate, told: CandidateFeatures
) -> Sequence[Position]:
    """Open ones that are near, and those that the person is ranked for already."""
    wanted = filter_of_wishes(told.wishes, candidate.blocked_employers)
    async with db.snapshot() as session:
        ids = await find_positions(session, told, wanted, index, SCORED_POSITIONS)
        known = await queries.positions_with_candidate(session, candidate.id)
        return await queries.rankable_positions(session, {*ids, *known})
