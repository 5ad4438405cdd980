"""Matching's own copy of candidates, positions and memberships, as careerforge and talenthub tell of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import grpc
from skillsync.careerforge.v1.candidate_pb2 import Candidate as CandidateMessage
from skillsync.careerforge.v1.careerforge_service_pb2 import WatchCandidatesRequest, WatchCandidatesResponse
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.talenthub.v1.organization_pb2 import Member as MemberMessage
from skillsync.talenthub.v1.organization_pb2 import MemberRole
from skillsync.talenthub.v1.position_pb2 import Position as PositionMessage
from skillsync.talenthub.v1.talenthub_service_pb2 import WatchHiringRequest, WatchHiringResponse
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.ai import codec
from services.kit import changes, jobs
from services.kit.db import WriteSession
from services.kit.enums import plain
from services.kit.following import Apply
from services.matching import features, queries, rankings, tables
from services.matching.tables import Candidate, CandidateVector, Member, Position

if TYPE_CHECKING:
    from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceAsyncStub
    from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceAsyncStub


RANK_POSITION, RANK_CANDIDATE = "rank_position", "rank_candidate"


class Projection:
    """`streams` are what to follow."""

    def __init__(self, careerforge: grpc.aio.Channel, talenthub: grpc.aio.Channel) -> None:
        self._careerforge: CareerForgeServiceAsyncStub = CareerForgeServiceStub(careerforge)
        self._talenthub: TalentHubServiceAsyncStub = TalentHubServiceStub(talenthub)
        self.streams = {"candidates": self._candidates, "hiring": self._hiring}

    async def _candidates(self, token: str) -> AsyncIterator[tuple[str, Apply | None]]:
        named = Named(whole=not token)
        async for event in self._careerforge.WatchCandidates(WatchCandidatesRequest(resume_token=token)):
            change = _candidate_change(event, named)
            yield named.token(event.resume_token), change

    async def _hiring(self, token: str) -> AsyncIterator[tuple[str, Apply | None]]:
        named = Named(whole=not token)
        async for event in self._talenthub.WatchHiring(WatchHiringRequest(resume_token=token)):
            change = _hiring_change(event, named)
            yield named.token(event.resume_token), change


@dataclass
class Named:
    """What a snapshot says there is. What we have and a whole one does not name is gone: nobody told us, since we were away too long."""

    whole: bool
    complete: bool = False
    candidates: set[UUID] = field(default_factory=set)
    positions: set[UUID] = field(default_factory=set)
    members: set[tuple[UUID, UUID]] = field(default_factory=set)

    def token(self, resume_token: str) -> str:
        """To go on from. None before a whole snapshot is complete: of one that was cut nothing tells what is gone."""
        return resume_token if self.complete or not self.whole else ""

    async def keep_candidates(self, session: WriteSession) -> None:
        for candidate_id in await queries.candidate_ids(session) - self.candidates:
            await remove_candidate(session, candidate_id)

    async def keep_hiring(self, session: WriteSession) -> None:
        for position_id in await queries.position_ids(session) - self.positions:
            await _remove_position(session, position_id)
        for key in await queries.member_keys(session) - self.members:
            await session.delete(await session.get_one(Member, key))


def _candidate_change(event: WatchCandidatesResponse, named: Named) -> Apply | None:
    match event.WhichOneof("event"):
        case "snapshot_complete":
            named.complete = True
            return named.keep_candidates if named.whole else None
        case "candidate":
            named.candidates.add(UUID(event.candidate.id))
            return lambda session: _put_candidate(session, event.candidate)
        case "removed_candidate_id":
            return lambda session: remove_candidate(session, UUID(event.removed_candidate_id))
    return None


def _hiring_change(event: WatchHiringResponse, named: Named) -> Apply | None:
    match event.WhichOneof("event"):
        case "snapshot_complete":
            named.complete = True
            return named.keep_hiring if named.whole else None
        case "position":
            named.positions.add(UUID(event.position.id))
            return lambda session: _put_position(session, event.position)
        case "deleted_position_id":
            return lambda session: _remove_position(session, UUID(event.deleted_position_id))
        case "member":
            named.members.add((UUID(event.member.organization_id), UUID(event.member.account_id)))
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


async def remove_candidate(session: WriteSession, candidate_id: UUID) -> None:
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
    organization_id, account_id = UUID(message.organization_id), UUID(message.account_id)
    await session.merge(
        Member(organization_id=organization_id, account_id=account_id, role=plain(MemberRole, message.role))
    )


async def _remove_member(session: WriteSession, message: MemberMessage) -> None:
    key = (UUID(message.organization_id), UUID(message.account_id))
    if row := await session.get(Member, key):
        await session.delete(row)
