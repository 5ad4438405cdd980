"""Matching's own copy of candidates, positions and memberships, as careerforge and talenthub tell of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import grpc
from google.protobuf.json_format import MessageToDict
from skillsync.careerforge.v1.candidate_pb2 import Candidate as CandidateMessage
from skillsync.careerforge.v1.careerforge_service_pb2 import WatchCandidatesRequest, WatchCandidatesResponse
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.talenthub.v1.organization_pb2 import Member as MemberMessage
from skillsync.talenthub.v1.organization_pb2 import MemberRole
from skillsync.talenthub.v1.position_pb2 import Position as PositionMessage
from skillsync.talenthub.v1.talenthub_service_pb2 import WatchHiringRequest, WatchHiringResponse
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.work_pb2 import Seniority, WorkMode

from services.ai import codec
from services.ai.matching import CandidateFeatures
from services.ai.months import union_years
from services.kit import jobs
from services.kit.db import WriteSession, utc_now
from services.kit.enums import chosen, plain
from services.kit.following import Apply
from services.matching import features, queries, rankings, tables
from services.matching.retrieval.filters import CandidateFilter, PositionFilter, fold
from services.matching.search.index import SearchIndex
from services.matching.search.opening import Indexes
from services.matching.tables import Candidate, CandidateVector, Member, Position
from services.matching.versions import drop_former, forget_former, keep_former, version_of

if TYPE_CHECKING:
    from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceAsyncStub
    from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceAsyncStub


RANK_POSITION, RANK_CANDIDATE = "rank_position", "rank_candidate"


class Projection:
    """`streams` are what to follow."""

    def __init__(self, careerforge: grpc.aio.Channel, talenthub: grpc.aio.Channel, indexes: Indexes) -> None:
        self._indexes = indexes
        self._careerforge: CareerForgeServiceAsyncStub = CareerForgeServiceStub(careerforge)
        self._talenthub: TalentHubServiceAsyncStub = TalentHubServiceStub(talenthub)
        self.streams = {"candidates": self._candidates, "hiring": self._hiring}

    async def _candidates(self, token: str) -> AsyncIterator[tuple[str, Apply | None]]:
        named = Named(self._indexes, whole=not token)
        async for event in self._careerforge.WatchCandidates(WatchCandidatesRequest(resume_token=token)):
            change = _candidate_change(event, named)
            yield named.token(event.resume_token), change

    async def _hiring(self, token: str) -> AsyncIterator[tuple[str, Apply | None]]:
        named = Named(self._indexes, whole=not token)
        async for event in self._talenthub.WatchHiring(WatchHiringRequest(resume_token=token)):
            change = _hiring_change(event, named)
            yield named.token(event.resume_token), change


@dataclass
class Named:
    """What a snapshot says there is. What we have and a whole one does not name is gone: nobody told us, since we were away too long."""

    indexes: Indexes
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
            await remove_candidate(session, candidate_id, self.indexes.candidates)

    async def keep_hiring(self, session: WriteSession) -> None:
        for position_id in await queries.position_ids(session) - self.positions:
            await _remove_position(session, position_id, self.indexes.positions)
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
            index = named.indexes.candidates
            return lambda session: remove_candidate(session, UUID(event.removed_candidate_id), index)
    return None


def _hiring_change(event: WatchHiringResponse, named: Named) -> Apply | None:
    index = named.indexes.positions
    match event.WhichOneof("event"):
        case "snapshot_complete":
            named.complete = True
            return named.keep_hiring if named.whole else None
        case "position":
            named.positions.add(UUID(event.position.id))
            return lambda session: _put_position(session, event.position, event.organization_name, index)
        case "deleted_position_id":
            return lambda session: _remove_position(session, UUID(event.deleted_position_id), index)
        case "member":
            named.members.add((UUID(event.member.organization_id), UUID(event.member.account_id)))
            return lambda session: _put_member(session, event.member)
        case "removed_member":
            return lambda session: _remove_member(session, event.removed_member)
    return None


async def _put_candidate(session: WriteSession, message: CandidateMessage) -> None:
    """Nothing happens when it is the one we have. Vectors of titles and passages come with the job."""
    candidate_id = UUID(message.id)
    known = await queries.find_candidate(session, candidate_id)
    if known and known.etag == message.etag:
        return
    if known:
        await keep_former(session, candidate_id, known.version, known.features)
    found = features.candidate_features(message)
    stored = codec.to_json(found)
    row = Candidate(id=candidate_id, etag=message.etag, features=stored, version=version_of(stored))
    for name, value in _columns(found, message).items():
        setattr(row, name, value)
    await session.merge(row)
    await session.flush()
    await session.merge(CandidateVector(candidate_id=candidate_id, vector=list(found.vector)))
    await jobs.enqueue(session, tables.jobs, RANK_CANDIDATE, {"candidate_id": message.id})


def _columns(found: CandidateFeatures, message: CandidateMessage) -> dict[str, Any]:
    """What people are found and filtered by."""
    wishes = found.wishes
    months = [role.months for role in found.roles if role.months]
    return {
        "embedded_version": "",
        "title": found.roles[0].title if found.roles else "",
        "skill_ids": [skill.skill_id for skill in found.skills],
        "languages": sorted({language.name for language in found.languages}),
        "education_level": int(found.education_level),
        "years": union_years(months, utc_now().date()),
        "countries": sorted({place.country for place in wishes.places if place.country}),
        "permits": sorted(wishes.permits),
        "modes": [mode.value for mode in wishes.modes],
        "available": _future(wishes.available),
        "blocked_employers": sorted({fold(name) for name in message.preferences.blocked_employers}),
    }


def _future(day: date | None) -> date | None:
    return day if day and day > utc_now().date() else None


async def remove_candidate(session: WriteSession, candidate_id: UUID, index: SearchIndex[CandidateFilter]) -> None:
    """Out of every ranking, and the watchers of each are told."""
    # An erasure and the news of it come at the same time: what the one keeps, the other must see.
    row = await session.get(Candidate, candidate_id, with_for_update=True)
    if row is None:
        return
    await keep_former(session, candidate_id, row.version, row.features)
    for position_id in await queries.positions_with_candidate(session, candidate_id):
        await rankings.remove(session, position_id, [candidate_id], rankings.Cause.CANDIDATE)
    await drop_former(session, candidate_id)
    await queries.forget_owner(session, candidate_id)
    await index.remove(session, [candidate_id])
    await session.delete(row)


async def _put_position(
    session: WriteSession, message: PositionMessage, organization_name: str, index: SearchIndex[PositionFilter]
) -> None:
    position_id = UUID(message.id)
    row = await queries.find_position(session, position_id)
    if row and row.etag == message.etag and row.organization_name == organization_name:
        return
    if row is None:
        row = Position(id=position_id)
        session.add(row)
    was_open = row.state == "OPEN"
    for name, value in _told(message).items():
        setattr(row, name, value)
    row.organization_name = organization_name
    if row.state == "OPEN":
        await jobs.enqueue(session, tables.jobs, RANK_POSITION, {"position_id": message.id})
    elif was_open:
        await session.flush()
        await index.remove(session, [position_id])
        await rankings.close(session, position_id)


def _told(message: PositionMessage) -> dict[str, Any]:
    return {
        "organization_id": UUID(message.organization_id),
        "etag": message.etag,
        "state": plain(PositionMessage.State, message.state),
        "title": message.title,
        "description": message.description,
        "city": message.location.city,
        "region": message.location.region,
        "country": message.location.country_code,
        "work_mode": chosen(WorkMode, message.work_mode) or "",
        "seniority": chosen(Seniority, message.seniority) or "",
        "pay": MessageToDict(message.pay) if message.HasField("pay") else None,
    }


async def _remove_position(session: WriteSession, position_id: UUID, index: SearchIndex[PositionFilter]) -> None:
    if row := await queries.find_position(session, position_id):
        await index.remove(session, [position_id])
        await rankings.close(session, position_id)
        await forget_former(session, position_id)
        await queries.forget_owner(session, position_id)
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
