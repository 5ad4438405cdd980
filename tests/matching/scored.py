"""Rankings written straight into matching's tables, by its own code: for tests of what becomes of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID

from services.ai.matching import Reason, Score
from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from services.matching import queries, rankings
from services.matching.rankings import Cause, Pair
from services.matching.tables import Candidate
from tests.harness import System


@asynccontextmanager
async def open_matching(system: System) -> AsyncIterator[Database]:
    settings = Settings.of("matching", system.environment)
    async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db:
        yield db


async def add_candidates(db: Database, ids: list[UUID]) -> None:
    async with db.write() as session:
        session.add_all(Candidate(id=one, etag="1", version="1", features={}, skill_ids=[]) for one in ids)


async def set_scores(db: Database, position_id: UUID, scores: Mapping[UUID, float | None]) -> None:
    """One change of a ranking. None: out."""
    async with db.write() as session:
        position = await queries.find_position(session, position_id)
        assert position is not None
        pairs = [
            a_pair(position_id, one, value, position.version) for one, value in scores.items() if value is not None
        ]
        await rankings.store(session, position_id, pairs, Cause.CANDIDATE)
        gone = [one for one, value in scores.items() if value is None]
        await rankings.remove(session, position_id, gone, Cause.CANDIDATE)


def a_pair(position_id: UUID, candidate_id: UUID, value: float, position_version: str) -> Pair:
    reason = Reason("skill", "Python: 3 years", "exact", 1.0, value, None, ())
    found = Score(value, (reason,))
    day = date(2026, 11, 1)
    return Pair(position_id, candidate_id, "1", "1", position_version, "1", found, found, "test", day, False)
