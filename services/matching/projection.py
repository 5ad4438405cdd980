"""Matching's own copy of candidates, positions and memberships: follows the watch streams of careerforge and talenthub.

What a message changes and how far the stream was followed are written in one transaction, so a cut anywhere neither loses nor repeats.
One process follows at a time; the others stand by.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

import grpc
from skillsync.careerforge.v1.candidate_pb2 import Candidate as CandidateMessage
from skillsync.careerforge.v1.careerforge_service_pb2 import WatchCandidatesRequest, WatchCandidatesResponse
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.talenthub.v1.organization_pb2 import Member as MemberMessage
from skillsync.talenthub.v1.position_pb2 import Position as PositionMessage
from skillsync.talenthub.v1.talenthub_service_pb2 import WatchHiringRequest, WatchHiringResponse
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from sqlalchemy import text

from services.ai import codec
from services.kit import changes, jobs
from services.kit.background import for_ever
from services.kit.db import EVERYONE, Database, WriteSession
from services.kit.enums import plain
from services.matching import features, queries, rankings, tables
from services.matching.tables import Candidate, CandidateVector, Follow, Member, Position

if TYPE_CHECKING:
    from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceAsyncStub
    from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceAsyncStub


RANK_POSITION, RANK_CANDIDATE = "rank_position", "rank_candidate"
RETRY_SECONDS = 1.0
# Any number that nothing else in the database uses.
LEADER_LOCK = 7_291_001

log = logging.getLogger(__name__)

Apply = Callable[[WriteSession], Awaitable[None]]


class Projection:
    """Start with `run` in a task; cancel it to end."""

    def __init__(self, db: Database, careerforge: grpc.aio.Channel, talenthub: grpc.aio.Channel) -> None:
        self._db = db
        self._careerforge: CareerForgeServiceAsyncStub = CareerForgeServiceStub(careerforge)
        self._talenthub: TalentHubServiceAsyncStub = TalentHubServiceStub(talenthub)

    async def run(self) -> None:
        """Follows both streams for as long as this process leads."""
        await for_ever(self._lead, RETRY_SECONDS, "follow careerforge and talenthub")

    async def _lead(self) -> None:
        async with self._db.engine.connect() as plain:
            # The lock lasts as long as we lead; an open transaction must not.
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            locked = await connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK})
            if not locked.scalar_one():
                return
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._follow("candidates", self._candidates))
                    group.create_task(self._follow("hiring", self._hiring))
            finally:
                await connection.execute(text("select pg_advisory_unlock(:key)"), {"key": LEADER_LOCK})

    async def _follow(self, stream: str, events: Callable[[str], AsyncIterator[tuple[str, Apply | None]]]) -> None:
        while True:
            async with self._db.write(EVERYONE) as session:
                token = await queries.find_resume_token(session, stream)
            try:
                async for resume_token, apply in events(token):
                    async with self._db.write(EVERYONE) as session:
                        if apply:
                            await apply(session)
                        await session.merge(Follow(stream=stream, resume_token=resume_token))
            except grpc.aio.AioRpcError as failure:
                log.info("the %s stream ended (%s); going on", stream, failure.code().name)
                if failure.code() is grpc.StatusCode.OUT_OF_RANGE:
                    await self._forget(stream)
            await asyncio.sleep(RETRY_SECONDS)

    async def _forget(self, stream: str) -> None:
        """The token is too old: begin with a snapshot."""
        async with self._db.write(EVERYONE) as session:
            await session.merge(Follow(stream=stream, resume_token=""))

    async def _candidates(self, token: str) -> AsyncIterator[tuple[str, Apply | None]]:
        async for event in self._careerforge.WatchCandidates(WatchCandidatesRequest(resume_token=token)):
            yield event.resume_token, _candidate_change(event)

    async def _hiring(self, token: str) -> AsyncIterator[tuple[str, Apply | None]]:
        async for event in self._talenthub.WatchHiring(WatchHiringRequest(resume_token=token)):
            yield event.resume_token, _hiring_change(event)


def _candidate_change(event: WatchCandidatesResponse) -> Apply | None:
    match event.WhichOneof("event"):
        case "candidate":
            return lambda session: _put_candidate(session, event.candidate)
        case "removed_candidate_id":
            return lambda session: _remove_candidate(session, UUID(event.removed_candidate_id))
    return None


def _hiring_change(event: WatchHiringResponse) -> Apply | None:
    match event.WhichOneof("event"):
        case "position":
            return lambda session: _put_position(session, event.position)
        case "deleted_position_id":
            return lambda session: _remove_position(session, UUID(event.deleted_position_id))
        case "member":
            return lambda session: _put_member(session, event.member)
        case "removed_member":
            return lambda session: _remove_member(session, event.removed_member)
    return None


async def _put_candidate(session: WriteSession, message: CandidateMessage) -> None:
    """Nothing happens when it is the one we have."""
    candidate_id = UUID(message.id)
    known = await queries.find_candidate(session, candidate_id)
    if known and known.etag == message.etag:
        return
    found = features.candidate_features(message)
    skill_ids = [skill.skill_id for skill in found.skills]
    row = Candidate(id=candidate_id, etag=message.etag, features=codec.to_json(found), skill_ids=skill_ids)
    await session.merge(row)
    await session.flush()
    await session.merge(CandidateVector(candidate_id=candidate_id, vector=list(found.vector)))
    await jobs.enqueue(session, tables.jobs, RANK_CANDIDATE, {"candidate_id": message.id})


async def _remove_candidate(session: WriteSession, candidate_id: UUID) -> None:
    """Out of every ranking, and the watchers of each are told."""
    row = await queries.find_candidate(session, candidate_id)
    if row is None:
        return
    for position_id in await queries.positions_with_candidate(session, candidate_id):
        await changes.record(session, tables.changes, rankings.KIND, candidate_id, position_id)
    await session.delete(row)


async def _put_position(session: WriteSession, message: PositionMessage) -> None:
    position_id = UUID(message.id)
    row = await queries.find_position(session, position_id)
    if row and row.etag == message.etag:
        return
    if row is None:
        row = Position(id=position_id)
        session.add(row)
    row.organization_id, row.etag = UUID(message.organization_id), message.etag
    row.state = plain(PositionMessage.State, message.state)
    row.title, row.description = message.title, message.description
    if row.state == "OPEN":
        await jobs.enqueue(session, tables.jobs, RANK_POSITION, {"position_id": message.id})


async def _remove_position(session: WriteSession, position_id: UUID) -> None:
    if row := await queries.find_position(session, position_id):
        await session.delete(row)


async def _put_member(session: WriteSession, message: MemberMessage) -> None:
    await session.merge(Member(organization_id=UUID(message.organization_id), account_id=UUID(message.account_id)))


async def _remove_member(session: WriteSession, message: MemberMessage) -> None:
    key = (UUID(message.organization_id), UUID(message.account_id))
    if row := await session.get(Member, key):
        await session.delete(row)
