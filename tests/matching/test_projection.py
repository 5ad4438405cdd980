"""Matching's copy of what careerforge and talenthub hold."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from skillsync.matching.v1.matching_service_pb2 import ListMatchesRequest, ListMatchesResponse
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.kit.channel import open_channel
from services.kit.db import EVERYONE, Database, uuid7
from services.kit.settings import Settings
from services.matching import matches
from services.matching.projection import Projection
from services.matching.search.opening import open_indexes
from tests.builders import Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.harness import System
from tests.refusals import refused

# As when the changes that told of somebody's end were pruned while nobody followed.
GHOSTS = (
    "insert into matching.positions (id, organization_id, etag, state, title, description) values ($1, $1, '1', 'OPEN', '', '')",
    "insert into matching.members (organization_id, account_id) values ($1, $1)",
    "insert into matching.candidates (id, etag, features, skill_ids) values ($1, '1', '{}', '{}')",
)
# A snapshot of so few rows is sent faster.
QUIET_SECONDS = 2
OF = {"positions": "organization_id", "members": "organization_id", "candidates": "id"}


async def rows_about(system: System, id: UUID) -> int:
    return sum([await system.count(f"matching.{name}", f"{column} = $1", id) for name, column in OF.items()])


async def until_there_are(system: System, count: int, id: UUID) -> None:
    async with asyncio.timeout(60):
        while await rows_about(system, id) != count:
            await asyncio.sleep(0.05)


async def follow(system: System, tokens: Mapping[str, str], most: int) -> dict[str, str]:
    """Each stream from its token on, as matching follows it: up to so many events, or until none comes. Returns where to go on."""
    settings, last = Settings.of("matching", system.environment), dict(tokens)
    async with (
        open_channel(settings, "careerforge") as careerforge,
        open_channel(settings, "talenthub") as talenthub,
        Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db,
        open_indexes() as indexes,
    ):
        for name, events in Projection(careerforge, talenthub, indexes).streams.items():
            stream = events(tokens.get(name, ""))
            with suppress(TimeoutError):
                for _ in range(most):
                    async with asyncio.timeout(QUIET_SECONDS):
                        last[name], apply = await anext(stream)
                    if apply:
                        async with db.write(EVERYONE) as session:
                            await apply(session)
    return last


async def test_what_a_whole_snapshot_does_not_name_is_gone_and_nothing_else(system: System, clean: None) -> None:
    recruiter, seeker = await a_recruiter(system), await a_job_seeker(system)
    organization = UUID((await a_position(system, recruiter)).organization_id)
    await an_analysis(system, seeker)
    await until_there_are(system, 2, organization)
    await until_there_are(system, 1, UUID(seeker.id))
    ghost = uuid4()
    for statement in GHOSTS:
        await system.database.execute(statement, ghost)
    cut = await follow(system, {}, 1)
    assert await rows_about(system, ghost) == 3, "the snapshots have not ended"
    await follow(system, cut, 4)
    assert await rows_about(system, ghost) == 0
    assert await rows_about(system, organization) == 2
    assert await rows_about(system, UUID(seeker.id)) == 1


# The one member of an organization, and a position of it: who sees the position there, but no member, waits no longer.
ARRIVE = (
    "insert into matching.members (organization_id, account_id, role) values ($2, $1, 'ADMIN')",
    "insert into matching.positions (id, organization_id, etag, state, title, description) values ($1, $2, '1', 'OPEN', '', '')",
)


async def arrives(system: System, position_id: UUID, who: UUID) -> None:
    organization = uuid4()
    for statement, first in zip(ARRIVE, (who, position_id), strict=True):
        await system.database.execute(statement, first, organization)


async def listed(matching: MatchingServiceStub, recruiter: Person, position_id: UUID) -> ListMatchesResponse:
    request = ListMatchesRequest(position_id=str(position_id))
    return await matching.ListMatches(request, metadata=recruiter.metadata)


async def test_a_new_position_is_waited_for_while_others_come_first(
    system: System, matching: MatchingServiceStub, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "ARRIVAL_SECONDS", 0.0)
    monkeypatch.setattr(matches, "LATE_SECONDS", 60.0)
    recruiter, position_id = await a_recruiter(system), uuid7()
    asked = asyncio.create_task(listed(matching, recruiter, position_id))
    done, _ = await asyncio.wait({asked}, timeout=1)
    assert not done
    await arrives(system, position_id, UUID(recruiter.id))
    assert not (await asked).matches


async def test_a_position_that_arrives_between_two_looks_is_found(
    system: System, matching: MatchingServiceStub, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    recruiter, position_id = await a_recruiter(system), uuid7()

    async def arrives_meanwhile(db: Database, asked: UUID) -> bool:
        await arrives(system, position_id, UUID(recruiter.id))
        return await real(db, asked)

    real = matches._is_on_its_way
    monkeypatch.setattr(matches, "ARRIVAL_SECONDS", 0.0)
    monkeypatch.setattr(matches, "_is_on_its_way", arrives_meanwhile)
    assert not (await listed(matching, recruiter, position_id)).matches


async def test_what_cannot_be_on_its_way_is_not_waited_for(
    system: System, matching: MatchingServiceStub, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id that tells no time, one of an hour ago, and what is here, but somebody else's. Waiting would end with the test's time."""
    monkeypatch.setattr(matches, "ARRIVAL_SECONDS", 0.0)
    monkeypatch.setattr(matches, "LATE_SECONDS", 1_000.0)
    recruiter, of_others = await a_recruiter(system), uuid7()
    await arrives(system, of_others, uuid4())
    an_hour_ago = UUID(int=uuid7().int - (3_600_000 << 80))
    for position_id in (uuid4(), an_hour_ago, of_others):
        with refused("NOT_FOUND", resource="position", id=str(position_id)):
            await listed(matching, recruiter, position_id)
