"""What everybody sees of positions."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position, PublicPosition
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.work_pb2 import WORK_MODE_HYBRID, WORK_MODE_REMOTE, Location
from sqlalchemy.dialects import postgresql

from services.kit.db import EVERYONE, Database, utc_now
from services.kit.pages import Page
from services.kit.settings import Settings
from services.talenthub import queries
from tests.builders import Person, a_job_seeker, a_position, a_recruiter
from tests.harness import System
from tests.refusals import refused, refused_json


@pytest.fixture
async def recruiter(system: System, clean: None) -> Person:
    return await a_recruiter(system)


async def listed(system: System, **query: Any) -> list[dict[str, Any]]:
    """As a browser asks that nobody is signed in to."""
    answer = await system.rest.get("/v1/publicPositions", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["positions"]


async def test_everybody_sees_an_open_position_without_signing_in(system: System, recruiter: Person) -> None:
    position = await a_position(system, recruiter, location=Location(city="Berlin", country_code="DE"), team="Secret")
    (shown,) = await listed(system)
    alone = (await system.rest.get(f"/v1/publicPositions/{position.id}")).json()
    assert shown == alone
    assert (shown["id"], shown["title"], shown["organizationName"]) == (position.id, position.title, "Example Works")
    assert shown["location"]["city"] == "Berlin"
    assert "team" not in shown
    assert {field.name for field in PublicPosition.DESCRIPTOR.fields} & {"team", "headcount", "state", "etag"} == set()


async def closed_to_all(system: System, stub: TalentHubServiceStub, who: Person) -> dict[str, str]:
    """A position of each kind that nobody else is to see."""
    made = {"draft": await a_position(system, who, publish=False)}
    for name in ("paused", "closed", "over"):
        made[name] = await a_position(system, who)
    pause, close = pb.PausePositionRequest(), pb.ClosePositionRequest(close_reason=Position.CLOSE_REASON_FILLED)
    pause.position_id, close.position_id = made["paused"].id, made["closed"].id
    await stub.PausePosition(pause, metadata=who.metadata)
    await stub.ClosePosition(close, metadata=who.metadata)
    past = Position(deadline_time=Timestamp(seconds=int(utc_now().timestamp()) - 5))
    await stub.UpdatePosition(
        pb.UpdatePositionRequest(position_id=made["over"].id, position=past), metadata=who.metadata
    )
    other = await a_recruiter(system)
    made["of a closed organization"] = await a_position(system, other)
    await system.database.execute(
        "update talenthub.organizations set state = 'CLOSED' where id = $1",
        UUID(made["of a closed organization"].organization_id),
    )
    return {name: position.id for name, position in made.items()}


async def test_what_is_not_open_is_not_there_for_anybody(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    hidden = await closed_to_all(system, talenthub, recruiter)
    seeker = await a_job_seeker(system)
    later = Timestamp(seconds=int(utc_now().timestamp()) + 3600)
    seen = {(await a_position(system, recruiter)).id, (await a_position(system, recruiter, deadline_time=later)).id}
    assert {position["id"] for position in await listed(system)} == seen
    for name, key in hidden.items():
        refusal = refused_json(await system.rest.get(f"/v1/publicPositions/{key}"), 404, "NOT_FOUND")
        assert refusal["id"] == key, name
        with refused("NOT_FOUND", resource="position", id=key):
            await talenthub.Apply(pb.ApplyRequest(position_id=key), metadata=seeker.metadata)


async def test_a_signed_in_stranger_and_a_colleague_see_the_same_public_list(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    await closed_to_all(system, talenthub, recruiter)
    anonymous = await talenthub.ListPublicPositions(pb.ListPublicPositionsRequest())
    for person in (recruiter, await a_job_seeker(system)):
        seen = await talenthub.ListPublicPositions(pb.ListPublicPositionsRequest(), metadata=person.metadata)
        assert seen.positions == anonymous.positions


async def test_filters_leave_what_was_asked_for(system: System, recruiter: Person) -> None:
    for country, mode in (("DE", WORK_MODE_REMOTE), ("DE", WORK_MODE_HYBRID), ("CH", WORK_MODE_REMOTE)):
        await a_position(system, recruiter, location=Location(country_code=country), work_mode=mode)
    assert len(await listed(system, country_code="DE")) == 2
    assert len(await listed(system, work_mode="WORK_MODE_REMOTE")) == 2
    (one,) = await listed(system, country_code="DE", work_mode="WORK_MODE_REMOTE")
    assert (one["location"]["countryCode"], one["workMode"]) == ("DE", "WORK_MODE_REMOTE")
    assert await listed(system, country_code="FR") == []


async def test_pages_stay_where_they_were_while_positions_come_and_go(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    made = [(await a_position(system, recruiter)).id for _ in range(5)]
    request = pb.ListPublicPositionsRequest(page_size=2)
    first = await talenthub.ListPublicPositions(request)
    await a_position(system, recruiter)
    # The last one shown closes: the next page begins after it all the same.
    close = pb.ClosePositionRequest(position_id=made[3], close_reason=Position.CLOSE_REASON_FILLED)
    await talenthub.ClosePosition(close, metadata=recruiter.metadata)
    request.page_token = first.next_page_token
    second = await talenthub.ListPublicPositions(request)
    request.page_token = second.next_page_token
    third = await talenthub.ListPublicPositions(request)
    shown = [position.id for page in (first, second, third) for position in page.positions]
    assert shown == made[::-1]
    assert third.next_page_token == ""
    with refused("PAGE_TOKEN_INVALID"):
        await talenthub.ListPublicPositions(
            pb.ListPublicPositionsRequest(country_code="DE", page_token=first.next_page_token)
        )


MANY = """
insert into talenthub.positions (id, organization_id, title, description, state, country_code, work_mode)
select gen_random_uuid(), $1, 'Many', 'x', case when n % 10 > 0 then 'OPEN' else 'DRAFT' end,
  case when n % 20 = 1 then 'DE' else 'CH' end, case when n % 4 = 1 then 'REMOTE' else 'ONSITE' end
from generate_series(1, 20000) as n"""


@pytest.mark.parametrize(
    ("country", "mode", "index"),
    [
        ("", None, "ix_positions_open"),
        ("DE", None, "ix_positions_open_country"),
        ("", "REMOTE", "ix_positions_open"),
    ],
)
async def test_a_page_is_read_from_an_index_and_nothing_is_sorted(
    system: System, recruiter: Person, country: str, mode: str | None, index: str
) -> None:
    position = await a_position(system, recruiter)
    await system.database.execute(MANY, UUID(position.organization_id))
    await system.database.execute("analyze talenthub.positions, talenthub.organizations")
    page = Page("key", "public", 50, UUID(int=2**128 - 1))
    asked = queries.public_positions(country, mode, page).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    settings = Settings.of("talenthub", system.environment)
    async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db, db.read() as session:
        connection = await session.connection()
        plan = (await connection.exec_driver_sql(f"explain (analyze, format json) {asked}")).scalar_one()
    nodes = list(nodes_of((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    # What row security asks of others than EVERYONE stands in the plan too, and is not run.
    run = [node for node in nodes if node["Actual Loops"]]
    assert {node["Node Type"] for node in run} & {"Sort", "Incremental Sort"} == set()
    (scan,) = [node for node in run if node.get("Relation Name") == "positions"]
    assert scan["Index Name"] == index
    # A page and one more are read, and what the filters pass over on the way; not all that there are.
    assert scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) < 500


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes_of(below)
