"""What a recruiter may see of a position's ranking, and a person of theirs."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import EVERYONE, Database, ReadSession
from services.kit.errors import NotFound
from services.kit.ids import made_at
from services.matching import queries, rankings
from services.matching.queries import RankedMatch
from services.matching.tables import Position

# A position may not have reached our copy yet, nor who is a member since a moment ago. Behind an import of hundreds it takes longer.
ARRIVAL_SECONDS, LATE_SECONDS, LOOK_SECONDS = 1.0, 10.0, 0.05
# Its id says when it was made; clocks may differ by as much.
NEW_SECONDS = 60.0


async def await_position(db: Database, caller: Caller, position_id: UUID) -> Position:
    """Raises NotFound when it does not come, alike for another organization's position; PermissionDenied for who only looks on there."""
    began = time.monotonic()
    while True:
        waited = time.monotonic() - began
        # Asked first: what arrives in between is found.
        ends = waited > LATE_SECONDS or (waited > ARRIVAL_SECONDS and not await _is_on_its_way(db, position_id))
        if found := await _own_position(db, caller, position_id):
            return found
        if ends:
            raise NotFound("position", str(position_id))
        await asyncio.sleep(LOOK_SECONDS)


async def _is_on_its_way(db: Database, position_id: UUID) -> bool:
    """Whether it may be: as new as it is, and not in our copy."""
    if abs(time.time() - made_at(position_id)) > NEW_SECONDS:
        return False
    async with db.read(EVERYONE) as session:
        return await queries.find_position(session, position_id) is None


async def check_position(db: Database, caller: Caller, position_id: UUID) -> None:
    """Raises as `await_position` does, at once: for who was let in before."""
    if await _own_position(db, caller, position_id) is None:
        raise NotFound("position", str(position_id))


async def _own_position(db: Database, caller: Caller, position_id: UUID) -> Position | None:
    async with db.read() as session:
        found, role = await queries.find_own_position(session, caller.account(), position_id)
    if found and role:
        membership.require(role, membership.READ_MATCHES)
    return found


async def list_positions(db: Database, candidate_id: UUID, skip: int, limit: int) -> Sequence[RankedMatch]:
    """Open positions for a person, after `skip`, best first."""
    async with db.read(EVERYONE) as session:
        return await queries.top_positions(session, candidate_id, skip, limit)


async def sync_person(db: Database, candidate_id: UUID) -> None:
    """A person's list as the stored matches make it, which other transactions changed."""
    async with db.write(EVERYONE) as session:
        await rankings.refresh_person(session, candidate_id)


async def explain_match(session: ReadSession, position_id: UUID, candidate_id: UUID) -> RankedMatch:
    return await queries.get_match(session, position_id, candidate_id)
