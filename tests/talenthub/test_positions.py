"""Positions and what becomes of them."""

import asyncio
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.money_pb2 import Money, PayRange
from skillsync.type.v1.work_pb2 import WORK_MODE_REMOTE, Location
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB

from tests.builders import Person, a_job_seeker, a_person, a_position, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.teams import LEAVE, a_colleague


@pytest.fixture
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


async def test_a_position_needs_an_organization(system: System, talenthub: TalentHubServiceStub) -> None:
    alone = await a_person(system, PLATFORM_TALENTHUB)
    with refused("ORGANIZATION_REQUIRED"):
        await a_position(system, alone)


async def test_a_job_seeker_cannot_write_positions(system: System) -> None:
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_POSITIONS"):
        await a_position(system, await a_job_seeker(system))


async def test_all_that_was_stated_comes_back(system: System, recruiter: Person) -> None:
    pay = PayRange(
        minimum=Money(minor_units=5_000_000, currency_code="EUR"),
        maximum=Money(minor_units=6_000_000, currency_code="EUR"),
    )
    place = Location(city="Berlin", country_code="DE")
    position = await a_position(
        system,
        recruiter,
        publish=False,
        location=place,
        work_mode=WORK_MODE_REMOTE,
        pay=pay,
        headcount=2,
        team="Platform",
    )
    assert (position.location, position.work_mode, position.pay) == (place, WORK_MODE_REMOTE, pay)
    assert (position.headcount, position.team) == (2, "Platform")
    assert position.state == Position.STATE_DRAFT


async def test_a_pay_range_cannot_be_upside_down(system: System, recruiter: Person) -> None:
    pay = PayRange(minimum=Money(minor_units=2, currency_code="EUR"), maximum=Money(minor_units=1, currency_code="EUR"))
    with refused("INVALID_ARGUMENT", field="position.pay.maximum"):
        await a_position(system, recruiter, pay=pay)


async def test_the_same_request_makes_one_position_also_at_once(
    talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    request = pb.CreatePositionRequest(position=Position(title="One", description="x"), request_id=str(uuid4()))
    calls = [talenthub.CreatePosition(request, metadata=recruiter.metadata) for _ in range(6)]
    made = await asyncio.gather(*calls)
    again = await talenthub.CreatePosition(request, metadata=recruiter.metadata)
    assert {position.id for position in made} == {again.id}


@pytest.mark.parametrize(
    ("verb", "request_type", "needed"),
    [
        ("PublishPosition", pb.PublishPositionRequest, "DRAFT"),
        ("ReopenPosition", pb.ReopenPositionRequest, "PAUSED"),
    ],
)
async def test_a_verb_in_the_wrong_state_says_which_is_needed(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person, verb: str, request_type: type, needed: str
) -> None:
    position = await a_position(system, recruiter)
    with refused("WRONG_STATE", state="OPEN", needed=needed):
        await getattr(talenthub, verb)(request_type(position_id=position.id), metadata=recruiter.metadata)


async def test_a_position_lives_from_draft_to_closed(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position = await a_position(system, recruiter)
    key, metadata = position.id, recruiter.metadata
    assert position.HasField("publish_time")
    paused = await talenthub.PausePosition(pb.PausePositionRequest(position_id=key), metadata=metadata)
    reopened = await talenthub.ReopenPosition(pb.ReopenPositionRequest(position_id=key), metadata=metadata)
    closed = await talenthub.ClosePosition(
        pb.ClosePositionRequest(position_id=key, close_reason=Position.CLOSE_REASON_FILLED), metadata=metadata
    )
    assert [p.state for p in (paused, reopened, closed)] == [
        Position.STATE_PAUSED,
        Position.STATE_OPEN,
        Position.STATE_CLOSED,
    ]
    with refused("WRONG_STATE"):
        change = pb.UpdatePositionRequest(position_id=key, position=Position(title="Other"))
        await talenthub.UpdatePosition(change, metadata=metadata)


async def test_of_two_who_publish_at_once_one_is_told(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    draft = await a_position(system, recruiter, publish=False)
    request = pb.PublishPositionRequest(position_id=draft.id)
    calls = [talenthub.PublishPosition(request, metadata=recruiter.metadata) for _ in range(4)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(answer, Position) for answer in answers) == 1


async def test_an_update_changes_what_the_mask_names(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    draft = await a_position(system, recruiter, publish=False)
    change = pb.UpdatePositionRequest(
        position_id=draft.id,
        position=Position(title="New title", description="ignored", etag=draft.etag),
        update_mask=FieldMask(paths=["title"]),
    )
    changed = await talenthub.UpdatePosition(change, metadata=recruiter.metadata)
    assert (changed.title, changed.description) == ("New title", draft.description)
    with refused("ETAG_MISMATCH"):
        await talenthub.UpdatePosition(change, metadata=recruiter.metadata)


async def test_only_drafts_are_deleted(system: System, talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    draft = await a_position(system, recruiter, publish=False)
    await talenthub.DeletePosition(pb.DeletePositionRequest(position_id=draft.id), metadata=recruiter.metadata)
    with refused("NOT_FOUND"):
        await talenthub.GetPosition(pb.GetPositionRequest(position_id=draft.id), metadata=recruiter.metadata)
    published = await a_position(system, recruiter)
    with refused("WRONG_STATE", needed="DRAFT"):
        await talenthub.DeletePosition(pb.DeletePositionRequest(position_id=published.id), metadata=recruiter.metadata)


@pytest.mark.parametrize(
    "call",
    [
        lambda stub, key, who: stub.GetPosition(pb.GetPositionRequest(position_id=key), metadata=who),
        lambda stub, key, who: stub.PublishPosition(pb.PublishPositionRequest(position_id=key), metadata=who),
        lambda stub, key, who: stub.DeletePosition(pb.DeletePositionRequest(position_id=key), metadata=who),
        lambda stub, key, who: stub.UpdatePosition(
            pb.UpdatePositionRequest(position_id=key, position=Position(title="Mine")), metadata=who
        ),
        lambda stub, key, who: stub.ListApplications(pb.ListApplicationsRequest(position_id=key), metadata=who),
    ],
)
async def test_another_organizations_position_is_not_there(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person, call: object
) -> None:
    position = await a_position(system, recruiter, publish=False)
    stranger = await a_recruiter(system)
    for key in (position.id, str(uuid4())):
        with refused("NOT_FOUND", resource="position", id=key):
            await call(talenthub, key, stranger.metadata)  # type: ignore[operator]


async def test_positions_come_in_pages(system: System, talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    made = [(await a_position(system, recruiter, publish=False)).id for _ in range(3)]
    first = await talenthub.ListPositions(pb.ListPositionsRequest(page_size=2), metadata=recruiter.metadata)
    rest = pb.ListPositionsRequest(page_size=2, page_token=first.next_page_token)
    second = await talenthub.ListPositions(rest, metadata=recruiter.metadata)
    assert [p.id for p in (*first.positions, *second.positions)] == made[::-1]


async def test_a_person_applies_once_and_the_pipeline_counts(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position, seeker = await a_position(system, recruiter), await a_job_seeker(system)
    request = pb.ApplyRequest(position_id=position.id, message="Hello")
    await talenthub.Apply(request, metadata=seeker.metadata)
    with refused("ALREADY_EXISTS", resource="application"):
        await talenthub.Apply(request, metadata=seeker.metadata)
    other = await a_job_seeker(system)
    calls = [talenthub.Apply(request, metadata=other.metadata) for _ in range(5)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    codes = [answer.code() for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert codes == [grpc.StatusCode.ALREADY_EXISTS] * 4
    stats = await talenthub.GetPipelineStats(pb.GetPipelineStatsRequest(), metadata=recruiter.metadata)
    assert (stats.talent_pipeline_size, stats.open_position_count) == (2, 1)
    mine = await talenthub.ListMyApplications(pb.ListMyApplicationsRequest(), metadata=seeker.metadata)
    theirs = await talenthub.ListApplications(
        pb.ListApplicationsRequest(position_id=position.id), metadata=recruiter.metadata
    )
    assert mine.applications[0] in theirs.applications
    assert len(theirs.applications) == 2


async def test_two_organizations_may_use_the_same_request(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    request = pb.CreatePositionRequest(position=Position(title="One", description="x"), request_id=str(uuid4()))
    mine = await talenthub.CreatePosition(request, metadata=recruiter.metadata)
    # Open: row security shows it to everybody.
    await talenthub.PublishPosition(pb.PublishPositionRequest(position_id=mine.id), metadata=recruiter.metadata)
    theirs = await talenthub.CreatePosition(request, metadata=(await a_recruiter(system)).metadata)
    assert mine.organization_id != theirs.organization_id


async def test_a_draft_that_was_changed_is_not_deleted_unseen(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    draft = await a_position(system, recruiter, publish=False)
    with refused("ETAG_MISMATCH", resource="position"):
        request = pb.DeletePositionRequest(position_id=draft.id, etag="v7")
        await talenthub.DeletePosition(request, metadata=recruiter.metadata)


async def test_who_left_does_not_find_an_open_position_as_a_member_would(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    """Row security shows it to everybody, with what is not public of it."""
    position = await a_position(system, recruiter, team="Secret")
    colleague = await a_colleague(system, position.organization_id)
    await system.database.execute(LEAVE, UUID(position.organization_id), UUID(colleague.id))
    with refused("NOT_FOUND", resource="position", id=position.id):
        await talenthub.GetPosition(pb.GetPositionRequest(position_id=position.id), metadata=colleague.metadata)


@pytest.mark.parametrize("seconds", [2**60, -(2**60)])
async def test_a_time_that_is_none_is_named(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person, seconds: int
) -> None:
    draft, odd = await a_position(system, recruiter, publish=False), Timestamp(seconds=seconds)
    for call, request, field in (
        (
            talenthub.UpdatePosition,
            pb.UpdatePositionRequest(position_id=draft.id, position=Position(deadline_time=odd)),
            "position.deadline_time",
        ),
        (talenthub.GetPipelineStats, pb.GetPipelineStatsRequest(end_time=odd), "end_time"),
        (
            talenthub.RunBiasAudit,
            pb.RunBiasAuditRequest(organization_id=draft.organization_id, start_time=odd),
            "start_time",
        ),
    ):
        with refused("INVALID_ARGUMENT", field=field):
            await call(request, metadata=recruiter.metadata)
