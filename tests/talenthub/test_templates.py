"""Texts to begin positions from."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position, PositionTemplate
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.money_pb2 import PAY_PERIOD_YEAR, Money, PayRange
from skillsync.type.v1.work_pb2 import SENIORITY_SENIOR, WORK_MODE_HYBRID, Location

from tests.builders import Person, a_person, a_recruiter, an_organization
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.test_members import JOIN

BEGINNING = Position(
    title="Engineer",
    description="Builds things.",
    location=Location(city="Berlin", country_code="DE"),
    work_mode=WORK_MODE_HYBRID,
    seniority=SENIORITY_SENIOR,
    pay=PayRange(minimum=Money(minor_units=1, currency_code="EUR"), period=PAY_PERIOD_YEAR),
    headcount=3,
    team="Platform",
)


@pytest.fixture
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


async def a_template(
    stub: TalentHubServiceStub, who: Person, name: str = "Engineers", **fields: Any
) -> PositionTemplate:
    template = PositionTemplate(**({"display_name": name, "position": BEGINNING} | fields))
    return await stub.CreatePositionTemplate(pb.CreatePositionTemplateRequest(template=template), metadata=who.metadata)


async def names(stub: TalentHubServiceStub, who: Person, size: int = 0) -> list[str]:
    found: list[str] = []
    request = pb.ListPositionTemplatesRequest(page_size=size)
    while True:
        page = await stub.ListPositionTemplates(request, metadata=who.metadata)
        found += [template.display_name for template in page.templates]
        if not page.next_page_token:
            return found
        request.page_token = page.next_page_token


async def test_a_position_begins_with_what_the_template_has(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    made = await a_template(talenthub, recruiter)
    assert made.position == BEGINNING
    create = pb.CreatePositionRequest(position=made.position)
    position = await talenthub.CreatePosition(create, metadata=recruiter.metadata)
    for field, value in BEGINNING.ListFields():
        assert getattr(position, field.name) == value
    assert position.state == Position.STATE_DRAFT


async def test_what_belongs_to_one_position_alone_is_left_out(
    talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position = Position(deadline_time=Timestamp(seconds=5), state=Position.STATE_CLOSED, id="x", etag="v9")
    position.MergeFrom(BEGINNING)
    assert (await a_template(talenthub, recruiter, position=position)).position == BEGINNING


async def test_a_position_outlives_its_template(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    made = await a_template(talenthub, recruiter)
    create = pb.CreatePositionRequest(position=made.position)
    position = await talenthub.CreatePosition(create, metadata=recruiter.metadata)
    forget = pb.DeletePositionTemplateRequest(template_id=made.id)
    await talenthub.DeletePositionTemplate(forget, metadata=recruiter.metadata)
    assert await names(talenthub, recruiter) == []
    read = pb.GetPositionRequest(position_id=position.id)
    assert await talenthub.GetPosition(read, metadata=recruiter.metadata) == position
    with refused("NOT_FOUND", resource="template", id=made.id):
        await talenthub.DeletePositionTemplate(forget, metadata=recruiter.metadata)


async def test_of_two_who_forget_a_template_at_once_one_is_told(
    talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    made = await a_template(talenthub, recruiter)
    forget = pb.DeletePositionTemplateRequest(template_id=made.id)
    calls = [talenthub.DeletePositionTemplate(forget, metadata=recruiter.metadata) for _ in range(4)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1


async def test_templates_come_by_name_in_pages_also_with_the_same_name(
    talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    given = ["b", "a", "c", "a", "a", "Ä"]
    for name in given:
        await a_template(talenthub, recruiter, name)
    whole = await names(talenthub, recruiter)
    assert sorted(whole) == sorted(given)
    assert whole[:3] == ["a"] * 3
    for size in (1, 2, 4):
        assert await names(talenthub, recruiter, size) == whole


async def test_a_list_goes_on_where_it_was_when_its_last_template_is_forgotten(
    talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    for name in "abc":
        await a_template(talenthub, recruiter, name)
    request = pb.ListPositionTemplatesRequest(page_size=2)
    first = await talenthub.ListPositionTemplates(request, metadata=recruiter.metadata)
    forget = pb.DeletePositionTemplateRequest(template_id=first.templates[1].id)
    await talenthub.DeletePositionTemplate(forget, metadata=recruiter.metadata)
    request.page_token = first.next_page_token
    second = await talenthub.ListPositionTemplates(request, metadata=recruiter.metadata)
    assert [template.display_name for template in second.templates] == ["c"]


async def test_a_page_token_of_another_list_is_refused(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    request = pb.ListPositionTemplatesRequest(page_token="made up")
    with refused("PAGE_TOKEN_INVALID", field="page_token"):
        await talenthub.ListPositionTemplates(request, metadata=recruiter.metadata)


async def test_the_same_request_makes_one_template_also_at_once(
    talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    template = PositionTemplate(display_name="Once", position=BEGINNING)
    request = pb.CreatePositionTemplateRequest(template=template, request_id=str(uuid4()))
    calls = [talenthub.CreatePositionTemplate(request, metadata=recruiter.metadata) for _ in range(4)]
    assert len({made.id for made in await asyncio.gather(*calls)}) == 1
    assert await names(talenthub, recruiter) == ["Once"]


@pytest.mark.parametrize(
    ("position", "field"),
    [
        (None, "template.position"),
        (Position(title="No text"), "template.position.description"),
        (
            Position(
                title="Upside down",
                description="x",
                pay=PayRange(
                    minimum=Money(minor_units=2, currency_code="EUR"), maximum=Money(minor_units=1, currency_code="EUR")
                ),
            ),
            "template.position.pay.maximum",
        ),
    ],
)
async def test_a_template_that_no_position_could_begin_with_is_refused(
    talenthub: TalentHubServiceStub, recruiter: Person, position: Position | None, field: str
) -> None:
    with refused("INVALID_ARGUMENT", field=field):
        await a_template(talenthub, recruiter, position=position)


async def test_another_organizations_templates_are_not_there(
    talenthub: TalentHubServiceStub, system: System, recruiter: Person
) -> None:
    made, stranger = await a_template(talenthub, recruiter), await a_recruiter(system)
    assert await names(talenthub, stranger) == []
    for key in (made.id, str(uuid4())):
        with refused("NOT_FOUND", resource="template", id=key):
            await talenthub.DeletePositionTemplate(
                pb.DeletePositionTemplateRequest(template_id=key), metadata=stranger.metadata
            )
    with refused("NOT_FOUND", resource="organization"):
        await a_template(talenthub, stranger, organization_id=made.organization_id)


async def test_a_viewer_sees_templates_and_changes_none(
    talenthub: TalentHubServiceStub, system: System, recruiter: Person
) -> None:
    made, viewer = await a_template(talenthub, recruiter), await a_person(system, 2)
    await system.database.execute(JOIN, UUID(made.organization_id), UUID(viewer.id), "VIEWER")
    assert await names(talenthub, viewer) == ["Engineers"]
    with refused("PERMISSION_DENIED"):
        await talenthub.DeletePositionTemplate(
            pb.DeletePositionTemplateRequest(template_id=made.id), metadata=viewer.metadata
        )
    with refused("PERMISSION_DENIED"):
        await a_template(talenthub, viewer)


async def test_who_belongs_to_several_organizations_names_one(
    talenthub: TalentHubServiceStub, system: System, recruiter: Person
) -> None:
    other = await an_organization(system, recruiter)
    with refused("ORGANIZATION_REQUIRED"):
        await a_template(talenthub, recruiter)
    assert (await a_template(talenthub, recruiter, organization_id=other.id)).organization_id == other.id


async def test_two_organizations_may_use_the_same_request(
    talenthub: TalentHubServiceStub, system: System, recruiter: Person
) -> None:
    template = PositionTemplate(display_name="Mine", position=BEGINNING)
    request = pb.CreatePositionTemplateRequest(template=template, request_id=str(uuid4()))
    first = await talenthub.CreatePositionTemplate(request, metadata=recruiter.metadata)
    # Also of one person's.
    other = await an_organization(system, recruiter)
    for organization_id, who in ((other.id, recruiter), ("", await a_recruiter(system))):
        request.template.organization_id = organization_id
        made = await talenthub.CreatePositionTemplate(request, metadata=who.metadata)
        assert made.id != first.id
