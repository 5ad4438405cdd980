"""The history of a position."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position, PositionVersion
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.money_pb2 import Money, PayPeriod, PayRange
from skillsync.type.v1.work_pb2 import Location, Seniority, WorkMode

from services.talenthub import wire
from tests.builders import Person, a_person, a_position, a_recruiter, an_organization
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.test_members import JOIN

# What a version does not tell: ids and times of the making never differ, etags always do.
NOT_TOLD = {"id", "organization_id", "create_time", "etag"}

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
short = st.sampled_from(["", "Berlin", "Zürich"])
pays = st.builds(
    PayRange,
    minimum=st.builds(Money, minor_units=st.integers(0, 500), currency_code=st.just("EUR")),
    maximum=st.builds(Money, minor_units=st.integers(500, 10**12), currency_code=st.just("EUR")),
    period=st.sampled_from(PayPeriod.values()),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "description": words,
    "location": st.builds(Location, city=short, region=short, country_code=st.sampled_from(["", "DE", "CH"])),
    "work_mode": st.sampled_from(WorkMode.values()),
    "seniority": st.sampled_from(Seniority.values()),
    "pay": st.none() | pays,
    "headcount": st.integers(0, 3),
    "deadline_time": st.none() | st.builds(Timestamp, seconds=st.integers(0, 4_000_000_000), nanos=st.just(123_000)),
    "team": short,
}
edits = st.dictionaries(st.sampled_from(sorted(VALUES)), st.none(), min_size=1, max_size=4).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] for name in names})
)
VERBS = {
    "PublishPosition": pb.PublishPositionRequest(),
    "PausePosition": pb.PausePositionRequest(),
    "ReopenPosition": pb.ReopenPositionRequest(),
    "ClosePosition": pb.ClosePositionRequest(close_reason=Position.CLOSE_REASON_FILLED),
}
WAYS = {
    Position.STATE_DRAFT: ["PublishPosition"],
    Position.STATE_OPEN: ["PausePosition", "ClosePosition"],
    Position.STATE_PAUSED: ["ReopenPosition", "ClosePosition"],
}


def test_the_drawn_values_are_of_all_fields() -> None:
    assert set(VALUES) == wire.POSITION_FIELDS


@pytest.fixture(scope="module")
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


async def versions_of(stub: TalentHubServiceStub, who: Person, key: str, size: int = 0) -> list[PositionVersion]:
    found: list[PositionVersion] = []
    request = pb.ListPositionVersionsRequest(position_id=key, page_size=size)
    while True:
        page = await stub.ListPositionVersions(request, metadata=who.metadata)
        found += page.versions
        if not page.next_page_token:
            return found
        request.page_token = page.next_page_token


def differing(before: Position, after: Position) -> set[str]:
    """By comparing messages, which knows nothing of how it is done."""
    names = set(Position.DESCRIPTOR.fields_by_name) - NOT_TOLD
    return {
        name
        for name in names
        if getattr(before, name) != getattr(after, name)
        or (after.DESCRIPTOR.fields_by_name[name].message_type and before.HasField(name) != after.HasField(name))
    }


def replay(position: Position, version: PositionVersion) -> None:
    given = {field.name: value for field, value in version.position.ListFields()}
    for name in version.changed_fields:
        position.ClearField(name)
        position.MergeFrom(Position(**{name: given[name]} if name in given else {}))


async def one_more(
    stub: TalentHubServiceStub, who: Person, now: Position, choice: int, values: dict[str, Any]
) -> Position:
    """The position after one change that is possible."""
    possible = [*WAYS[now.state], "UpdatePosition", "UpdatePosition"]
    step = possible[choice % len(possible)]
    if step == "UpdatePosition":
        changed = Position(**{name: value for name, value in values.items() if value is not None})
        update = pb.UpdatePositionRequest(position_id=now.id, position=changed, update_mask=FieldMask(paths=values))
        return await stub.UpdatePosition(update, metadata=who.metadata)
    request = type(VERBS[step])()
    request.CopyFrom(VERBS[step])
    request.position_id = now.id
    return await getattr(stub, step)(request, metadata=who.metadata)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.integers(0, 11), edits), max_size=6))
async def test_each_version_is_what_was_shown_and_names_what_differs(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person, steps: list[tuple[int, dict[str, Any]]]
) -> None:
    shown = [await a_position(system, recruiter, publish=False)]
    for choice, values in steps:
        if shown[-1].state == Position.STATE_CLOSED:
            break
        position = await one_more(talenthub, recruiter, shown[-1], choice, values)
        # A change to what was there already makes no version.
        if position != shown[-1]:
            shown.append(position)
    versions = (await versions_of(talenthub, recruiter, shown[0].id))[::-1]
    assert [version.position for version in versions] == shown
    assert [version.number for version in versions] == list(range(1, len(shown) + 1))
    replayed = Position()
    for version in versions:
        assert set(version.changed_fields) == differing(replayed, version.position)
        replay(replayed, version)
        assert differing(replayed, version.position) == set()


async def test_versions_say_who_and_come_in_pages_newest_first(system: System, talenthub: TalentHubServiceStub) -> None:
    admin, colleague = await a_recruiter(system), await a_person(system, 2)
    position = await a_position(system, admin, publish=False)
    await system.database.execute(JOIN, UUID(position.organization_id), UUID(colleague.id), "RECRUITER")
    for number in range(4):
        change = pb.UpdatePositionRequest(position_id=position.id, position=Position(title=f"Title {number}"))
        await talenthub.UpdatePosition(change, metadata=colleague.metadata)
    found = await versions_of(talenthub, admin, position.id, size=2)
    assert [version.number for version in found] == [5, 4, 3, 2, 1]
    assert [version.actor_id for version in found] == [colleague.id] * 4 + [admin.id]
    assert [list(version.changed_fields) for version in found[:4]] == [["title"]] * 4
    assert all(version.HasField("time") for version in found)


async def test_another_organizations_history_is_not_there(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    # Open: its present is for everybody, its past is not.
    position, stranger = await a_position(system, recruiter), await a_recruiter(system)
    with refused("NOT_FOUND", resource="position", id=position.id):
        await versions_of(talenthub, stranger, position.id)
    seen = await system.database.fetchval(
        "select count(*) from talenthub.position_versions where position_id = $1", UUID(position.id)
    )
    assert seen == 2


async def test_a_page_token_of_another_position_is_refused(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    one, other = [await a_position(system, recruiter) for _ in range(2)]
    request = pb.ListPositionVersionsRequest(position_id=one.id, page_size=1)
    request.page_token = (await talenthub.ListPositionVersions(request, metadata=recruiter.metadata)).next_page_token
    request.position_id = other.id
    with refused("PAGE_TOKEN_INVALID"):
        await talenthub.ListPositionVersions(request, metadata=recruiter.metadata)


async def test_a_refused_change_leaves_no_version(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position = await a_position(system, recruiter)
    with refused("WRONG_STATE"):
        await talenthub.PublishPosition(pb.PublishPositionRequest(position_id=position.id), metadata=recruiter.metadata)
    assert len(await versions_of(talenthub, recruiter, position.id)) == 2


async def test_a_deleted_draft_takes_its_history_with_it(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    draft = await a_position(system, recruiter, publish=False)
    await talenthub.DeletePosition(pb.DeletePositionRequest(position_id=draft.id), metadata=recruiter.metadata)
    assert await system.count("talenthub.position_versions", "position_id = $1", UUID(draft.id)) == 0


@pytest.mark.parametrize("verb", VERBS)
async def test_the_same_request_changes_a_position_once_also_at_once(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person, verb: str
) -> None:
    position = await a_position(system, recruiter, publish=verb != "PublishPosition")
    if verb == "ReopenPosition":
        await talenthub.PausePosition(pb.PausePositionRequest(position_id=position.id), metadata=recruiter.metadata)
    before = len(await versions_of(talenthub, recruiter, position.id))
    request = type(VERBS[verb])()
    request.CopyFrom(VERBS[verb])
    request.position_id, request.request_id = position.id, str(uuid4())
    # Sent again, it has the etag of before.
    current = await talenthub.GetPosition(pb.GetPositionRequest(position_id=position.id), metadata=recruiter.metadata)
    request.etag = current.etag
    calls = [getattr(talenthub, verb)(request, metadata=recruiter.metadata) for _ in range(4)]
    answers = await asyncio.gather(*calls)
    assert all(answer == answers[0] for answer in answers)
    assert len(await versions_of(talenthub, recruiter, position.id)) == before + 1


async def test_a_repeated_update_does_not_undo_what_others_did_meanwhile(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position = await a_position(system, recruiter, publish=False, title="Mine")

    async def entitle(title: str, request_id: str) -> Position:
        request = pb.UpdatePositionRequest(
            position_id=position.id, position=Position(title=title), request_id=request_id
        )
        return await talenthub.UpdatePosition(request, metadata=recruiter.metadata)

    request_id = str(uuid4())
    first = await entitle("Mine", request_id)
    await entitle("Theirs", "")
    assert await entitle("Mine", request_id) == first
    now = await talenthub.GetPosition(pb.GetPositionRequest(position_id=position.id), metadata=recruiter.metadata)
    assert now.title == "Theirs"


async def test_somebody_else_cannot_learn_of_a_change_by_its_request(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position = await a_position(system, recruiter, publish=False)
    request = pb.PublishPositionRequest(position_id=position.id, request_id=str(uuid4()))
    await talenthub.PublishPosition(request, metadata=recruiter.metadata)
    viewer = await a_person(system, 2)
    await an_organization(system, viewer)
    with refused("NOT_FOUND"):
        await talenthub.PublishPosition(request, metadata=viewer.metadata)
    await system.database.execute(JOIN, UUID(position.organization_id), UUID(viewer.id), "VIEWER")
    with refused("PERMISSION_DENIED"):
        await talenthub.PublishPosition(request, metadata=viewer.metadata)


async def test_two_positions_may_be_changed_by_the_same_request(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    key, drafts = str(uuid4()), [await a_position(system, recruiter, publish=False) for _ in range(2)]
    for draft in drafts:
        request = pb.PublishPositionRequest(position_id=draft.id, request_id=key)
        answer = await talenthub.PublishPosition(request, metadata=recruiter.metadata)
        assert (answer.id, answer.state) == (draft.id, Position.STATE_OPEN)
