"""Positions as careerforge sees them, through the gateway's mesh listener."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from skillsync.type.v1.work_pb2 import WORK_MODE_REMOTE, Location

from services.careerforge.positions import OpenPosition, Positions
from services.kit.auth import Caller, set_caller
from services.kit.channel import open_channel
from services.kit.errors import NotFound, Unavailable
from services.kit.settings import Settings
from tests.builders import DESCRIPTION, a_job_seeker, a_position, a_recruiter
from tests.harness import System


@pytest.fixture
async def positions(system: System) -> AsyncIterator[Positions]:
    set_caller(Caller(token=(await a_job_seeker(system)).token))
    async with open_channel(Settings.of("careerforge", system.environment), "talenthub") as channel:
        yield Positions(channel)
    set_caller(Caller())


async def test_an_open_position_is_read_as_everybody_sees_it(system: System, positions: Positions) -> None:
    made = await a_position(
        system, await a_recruiter(system), location=Location(city="Berlin"), work_mode=WORK_MODE_REMOTE
    )
    assert await positions.get_open(UUID(made.id)) == OpenPosition(
        UUID(made.id), "Senior Python Developer", DESCRIPTION, "Example Works", "Berlin", "REMOTE"
    )


async def test_a_draft_and_a_missing_position_are_the_same(system: System, positions: Positions) -> None:
    draft = await a_position(system, await a_recruiter(system), publish=False)
    for position_id in (UUID(draft.id), uuid4()):
        with pytest.raises(NotFound, match=str(position_id)):
            await positions.get_open(position_id)


async def test_where_nobody_answers_it_is_said(system: System) -> None:
    environment = system.environment | {"SKILLSYNC_MESH_ADDRESS": "127.0.0.1:1"}
    async with open_channel(Settings.of("careerforge", environment), "talenthub") as channel:
        with pytest.raises(Unavailable, match="talenthub"):
            await Positions(channel).get_open(uuid4())
