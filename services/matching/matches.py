"""What a recruiter may see of a position's ranking."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import Database, ReadSession
from services.kit.errors import NotFound
from services.matching import queries
from services.matching.queries import RankedMatch
from services.matching.tables import Position

# A position that was made a moment ago may not have reached our copy yet.
ARRIVAL_SECONDS, LOOK_SECONDS = 1.0, 0.05


async def await_position(db: Database, caller: Caller, position_id: UUID) -> Position:
    """Raises NotFound when it does not come, alike for another organization's position; PermissionDenied for who only looks on there."""
    for _ in range(int(ARRIVAL_SECONDS / LOOK_SECONDS)):
        async with db.read() as session:
            found, role = await queries.find_own_position(session, caller.account(), position_id)
        if found and role:
            membership.require(role, membership.READ_MATCHES)
            return found
        await asyncio.sleep(LOOK_SECONDS)
    raise NotFound("position", str(position_id))


async def list_matches(session: ReadSession, position_id: UUID, skip: int, limit: int) -> Sequence[RankedMatch]:
    """Ranks after `skip`, best first."""
    return await queries.top_matches(session, position_id, skip, limit)


async def explain_match(session: ReadSession, position_id: UUID, candidate_id: UUID) -> RankedMatch:
    return await queries.get_match(session, position_id, candidate_id)
