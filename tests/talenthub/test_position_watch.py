"""Who follows positions, and what they hear."""

import asyncio
from uuid import UUID, uuid4

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from sqlalchemy import text

from services.kit.changes import Cursor, Relay
from services.kit.db import EVERYONE, Database
from services.kit.errors import StaleResumeToken
from services.kit.settings import Settings
from services.talenthub import feeds
from services.talenthub.tables import changes
from tests.builders import Person, a_position, a_recruiter
from tests.harness import System, as_service
from tests.refusals import refused
from tests.talenthub.teams import LEAVE, a_colleague
from tests.talenthub.test_members import JOIN


@pytest.fixture
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


async def test_a_watcher_sees_positions_and_their_changes_and_nobody_elses(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    first = await a_position(system, recruiter, publish=False)
    events = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=recruiter.metadata)
    async with asyncio.timeout(60):
        assert (await events.read()).position.id == first.id
        assert (await events.read()).snapshot_complete.row_count == 1
        await a_position(system, await a_recruiter(system))
        await talenthub.PublishPosition(pb.PublishPositionRequest(position_id=first.id), metadata=recruiter.metadata)
        changed = await events.read()
    assert (changed.position.id, changed.position.state) == (first.id, Position.STATE_OPEN)
    events.cancel()


async def test_a_watch_goes_on_where_it_was_cut(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    events = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=recruiter.metadata)
    token = (await events.read()).resume_token
    events.cancel()
    made = await a_position(system, recruiter, publish=False)
    resumed = talenthub.WatchPositions(pb.WatchPositionsRequest(resume_token=token), metadata=recruiter.metadata)
    async with asyncio.timeout(60):
        assert (await resumed.read()).HasField("checkpoint")
        assert (await resumed.read()).position.id == made.id
    resumed.cancel()


async def test_a_resume_token_of_somebody_else_is_refused(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    events = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=recruiter.metadata)
    token = (await events.read()).resume_token
    events.cancel()
    stranger = await a_recruiter(system)
    with refused("RESUME_TOKEN_INVALID", field="resume_token"):
        await talenthub.WatchPositions(pb.WatchPositionsRequest(resume_token=token), metadata=stranger.metadata).read()


async def test_a_resumed_watch_tells_of_a_position_deleted_meanwhile(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    kept, gone = [await a_position(system, recruiter, publish=False) for _ in range(2)]
    events = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=recruiter.metadata)
    async with asyncio.timeout(60):
        seen = [await events.read() for _ in range(3)]
    events.cancel()
    await talenthub.DeletePosition(pb.DeletePositionRequest(position_id=gone.id), metadata=recruiter.metadata)
    for resume_token, expected in (
        # Cut after the first row, the second is no row any more.
        (seen[0].resume_token, ["snapshot_complete", "deleted_position_id"]),
        (seen[2].resume_token, ["checkpoint", "deleted_position_id"]),
    ):
        request = pb.WatchPositionsRequest(resume_token=resume_token)
        resumed = talenthub.WatchPositions(request, metadata=recruiter.metadata)
        async with asyncio.timeout(60):
            found = [await resumed.read() for _ in expected]
        assert [event.WhichOneof("event") for event in found] == expected
        assert found[-1].deleted_position_id == gone.id
        resumed.cancel()
    assert seen[0].position.id == kept.id


async def test_who_is_removed_hears_no_more_and_cannot_resume(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position = await a_position(system, recruiter)
    colleague = await a_colleague(system, position.organization_id)
    events = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=colleague.metadata)
    async with asyncio.timeout(60):
        token = [await events.read() for _ in range(2)][-1].resume_token
        await system.database.execute(LEAVE, UUID(position.organization_id), UUID(colleague.id))
        # Open, so row security alone would show it to everybody.
        change = pb.UpdatePositionRequest(position_id=position.id, position=Position(team="Secret"))
        await talenthub.UpdatePosition(change, metadata=recruiter.metadata)
        with refused("RESUME_TOKEN_EXPIRED"):
            await events.read()
        resumed = pb.WatchPositionsRequest(resume_token=token)
        with refused("RESUME_TOKEN_EXPIRED"):
            await talenthub.WatchPositions(resumed, metadata=colleague.metadata).read()
        anew = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=colleague.metadata)
        assert (await anew.read()).snapshot_complete.row_count == 0
    anew.cancel()


async def test_who_joins_another_organization_begins_anew_with_its_positions(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    events = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=recruiter.metadata)
    token = (await events.read()).resume_token
    events.cancel()
    there = await a_position(system, await a_recruiter(system), publish=False)
    await system.database.execute(JOIN, UUID(there.organization_id), UUID(recruiter.id), "VIEWER")
    resumed = pb.WatchPositionsRequest(resume_token=token)
    with refused("RESUME_TOKEN_EXPIRED"):
        await talenthub.WatchPositions(resumed, metadata=recruiter.metadata).read()
    anew = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=recruiter.metadata)
    assert (await anew.read()).position.id == there.id
    anew.cancel()


async def test_watchers_hear_nothing_of_members(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position = await a_position(system, recruiter, publish=False)
    events = talenthub.WatchPositions(pb.WatchPositionsRequest(), metadata=recruiter.metadata)
    async with asyncio.timeout(60):
        [await events.read() for _ in range(2)]
        await a_colleague(system, position.organization_id)
        await talenthub.PublishPosition(pb.PublishPositionRequest(position_id=position.id), metadata=recruiter.metadata)
        assert (await events.read()).position.state == Position.STATE_OPEN
    events.cancel()


async def test_hiring_is_watched_by_the_matcher_only(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    with refused("PERMISSION_DENIED"):
        await talenthub.WatchHiring(pb.WatchHiringRequest(), metadata=recruiter.metadata).read()
    events = talenthub.WatchHiring(pb.WatchHiringRequest(), metadata=as_service("matching"))
    async with asyncio.timeout(60):
        kinds = {(await events.read()).WhichOneof("event")}
    assert kinds <= {"position", "member", "snapshot_complete"}
    events.cancel()


async def test_a_watch_of_others_positions_ends_before_its_first_word(system: System, recruiter: Person) -> None:
    """As it would be for who is removed between the question whose positions are theirs and the reading of them."""
    position = await a_position(system, recruiter)
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db, Relay.opened(db, changes) as relay:
        async with db.read() as session:
            now = (await session.execute(text("select pg_current_snapshot()::text"))).scalar_one()
        for cursor in (None, Cursor(now, None)):
            with pytest.raises(StaleResumeToken):
                async for _ in feeds.watch_positions(relay, cursor, uuid4(), [UUID(position.organization_id)]):
                    raise AssertionError("told to a stranger")
