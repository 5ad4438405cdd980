"""Requirements that recruiters write: they win over every reading, and are what they say."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Match, Requirement
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.money_pb2 import PAY_PERIOD_MONTH, PAY_PERIOD_YEAR, Money, PayRange
from skillsync.type.v1.work_pb2 import Location

from services.ai.skills import load
from services.kit.auth import Caller
from services.kit.errors import PermissionDenied
from services.matching import editing
from tests.builders import DESCRIPTION, Person, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import a_candidate, named, ranking, requirements
from tests.matching.scored import open_matching
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


def skill_id(name: str) -> str:
    return next(skill.id for skill in [load().find(name)] if skill)


def written(**fields: Any) -> Requirement:
    return Requirement(**fields)


RUST = written(kind=Requirement.KIND_SKILL, skill_id=skill_id("Rust"), must=True)


async def create(
    matching: MatchingServiceStub, recruiter: Person, position_id: str, requirement: Requirement, **fields: Any
) -> Requirement:
    request = pb.CreateRequirementRequest(position_id=position_id, requirement=requirement, **fields)
    return await matching.CreateRequirement(request, metadata=recruiter.metadata)


async def update(
    matching: MatchingServiceStub, recruiter: Person, position_id: str, key: str, *paths: str, **fields: Any
) -> Requirement:
    request = pb.UpdateRequirementRequest(
        position_id=position_id,
        requirement_id=key,
        requirement=Requirement(**fields),
        update_mask=FieldMask(paths=paths),
    )
    return await matching.UpdateRequirement(request, metadata=recruiter.metadata)


async def delete(matching: MatchingServiceStub, recruiter: Person, position_id: str, key: str) -> None:
    request = pb.DeleteRequirementRequest(position_id=position_id, requirement_id=key)
    await matching.DeleteRequirement(request, metadata=recruiter.metadata)


async def rewrite(system: System, recruiter: Person, position: Position, description: str) -> Position:
    request = talenthub.UpdatePositionRequest(position_id=position.id, position=Position(description=description))
    return await TalentHubServiceStub(system.direct("talenthub")).UpdatePosition(request, metadata=recruiter.metadata)


async def test_what_was_added_is_listed_and_people_are_judged_by_it(
    system: System, matching: MatchingServiceStub
) -> None:
    await a_candidate(system)
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    (before,) = await ranking(matching, recruiter, position.id, lambda found: len(found) == 1)
    made = await create(matching, recruiter, position.id, RUST)
    assert (made.label, made.origin, made.HasField("span")) == ("Rust", Requirement.ORIGIN_RECRUITER, False)
    assert made == (await requirements(matching, recruiter, position.id))[-1]
    (after,) = await ranking(
        matching, recruiter, position.id, lambda found: any("Rust" in r.label for r in found[0].reasons)
    )
    assert after.score < before.score


async def test_the_same_request_again_adds_nothing(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    request_id = str(uuid4())
    made = await create(matching, recruiter, position.id, RUST, request_id=request_id)
    assert await create(matching, recruiter, position.id, RUST, request_id=request_id) == made
    await delete(matching, recruiter, position.id, made.id)
    with refused("NOT_FOUND", resource="requirement"):
        await create(matching, recruiter, position.id, RUST, request_id=request_id)


async def test_a_change_wins_over_a_later_reading_of_the_text(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    nice = named(await requirements(matching, recruiter, position.id), "Kubernetes")
    assert not nice.must
    changed = await update(matching, recruiter, position.id, nice.id, "must", must=True)
    assert (changed.id, changed.must, changed.origin) == (nice.id, True, Requirement.ORIGIN_RECRUITER)
    assert changed.span == nice.span
    await rewrite(system, recruiter, position, f"A new beginning of the text.\n{DESCRIPTION}")
    moved = nice.span.start + len("A new beginning of the text.\n")
    again = await requirements(
        matching, recruiter, position.id, lambda found: named(found, "Kubernetes").span.start == moved
    )
    assert named(again, "Kubernetes").must
    assert named(again, "Kubernetes").origin == Requirement.ORIGIN_RECRUITER


async def test_a_degree_is_met_in_its_subject_and_may_be_asked_for_in_another(
    system: System, matching: MatchingServiceStub
) -> None:
    await a_candidate(system)
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)

    async def rule(expected: str) -> None:
        def ready(found: list[Match]) -> bool:
            reasons = found[0].reasons if found else []
            return any("degree" in one.label and one.rule == expected for one in reasons)

        await ranking(matching, recruiter, position.id, ready)

    await rule("reached")
    read = named(await requirements(matching, recruiter, position.id), "master's degree in computer science")
    changed = await update(matching, recruiter, position.id, read.id, "name", name="nursing")
    assert (changed.id, changed.level, changed.name) == (read.id, "MASTER", "nursing")
    await rule("other_subject")


async def test_what_was_removed_stays_removed_at_a_later_reading(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    docker = named(await requirements(matching, recruiter, position.id), "Docker")
    await delete(matching, recruiter, position.id, docker.id)
    with refused("NOT_FOUND", resource="requirement", id=docker.id):
        await delete(matching, recruiter, position.id, docker.id)
    await rewrite(system, recruiter, position, f"{DESCRIPTION}\nYou must know Docker and Java.")
    found = await requirements(matching, recruiter, position.id, lambda found: any(r.label == "Java" for r in found))
    assert not [one for one in found if one.label == "Docker"]


async def test_a_requirement_may_become_another_and_names_itself_anew(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    made = await create(matching, recruiter, position.id, RUST)
    paths = ("kind", "name", "level")
    asked = await update(
        matching, recruiter, position.id, made.id, *paths, kind=Requirement.KIND_LANGUAGE, name="Deutsch", level="c1"
    )
    assert (asked.label, asked.name, asked.level, asked.skill_id) == ("German C1", "german", "C1", "")
    assert (asked.id, asked.must) == (made.id, True)


KINDS: list[tuple[Requirement, dict[str, Any]]] = [
    (written(kind=Requirement.KIND_YEARS, years=2.5), {"label": "2.5 years of experience"}),
    (written(kind=Requirement.KIND_DEGREE, level="master"), {"level": "MASTER", "label": "master degree"}),
    (
        written(kind=Requirement.KIND_DEGREE, level="BACHELOR", name=" physics or  statistics"),
        {"name": "physics or statistics", "label": "bachelor degree in physics or statistics"},
    ),
    (written(kind=Requirement.KIND_LICENCE, name=" Forklift  Licence"), {"name": "forklift licence"}),
    (written(kind=Requirement.KIND_SENIORITY, level="SENIOR"), {"label": "senior level"}),
    (written(kind=Requirement.KIND_PLACE, location=Location(city="Ulm")), {"label": "Ulm"}),
    (written(kind=Requirement.KIND_WORK_MODE, level="REMOTE", label="From home"), {"label": "From home"}),
    (
        written(
            kind=Requirement.KIND_PAY,
            pay=PayRange(minimum=Money(minor_units=100, currency_code="EUR"), period=PAY_PERIOD_MONTH),
        ),
        {"pay": PayRange(minimum=Money(minor_units=1_200, currency_code="EUR"), period=PAY_PERIOD_YEAR)},
    ),
]


async def test_each_kind_is_kept_as_it_is_compared(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter, description="Nothing much.", publish=False)
    for requirement, stored in KINDS:
        made = await create(matching, recruiter, position.id, requirement)
        assert {name: getattr(made, name) for name in stored} == stored
        assert (await requirements(matching, recruiter, position.id))[-1] == made


EUR = Money(minor_units=500, currency_code="EUR")
USD = Money(minor_units=600, currency_code="USD")


IMPOSSIBLE = [
    (written(label="no kind"), "kind"),
    (written(kind=Requirement.KIND_SKILL), "skill_id"),
    (written(kind=Requirement.KIND_SKILL, skill_id="made up"), "skill_id"),
    (written(kind=Requirement.KIND_SKILL, skill_id=skill_id("Rust"), level="C1"), "level"),
    (written(kind=Requirement.KIND_YEARS), "years"),
    (written(kind=Requirement.KIND_YEARS, years=61), "years"),
    (written(kind=Requirement.KIND_YEARS, years=float("nan")), "years"),
    (written(kind=Requirement.KIND_YEARS, years=2, skill_id="made up"), "skill_id"),
    (written(kind=Requirement.KIND_DEGREE, level="UNKNOWN"), "level"),
    (written(kind=Requirement.KIND_LANGUAGE, name="Klingonish"), "name"),
    (written(kind=Requirement.KIND_LANGUAGE, name="german", level="D1"), "level"),
    (written(kind=Requirement.KIND_LICENCE, name=" - "), "name"),
    (written(kind=Requirement.KIND_SENIORITY, level="GURU"), "level"),
    (written(kind=Requirement.KIND_PLACE), "location"),
    (written(kind=Requirement.KIND_PLACE, location=Location(city=" ")), "location"),
    (written(kind=Requirement.KIND_WORK_MODE, level="SEA"), "level"),
    (written(kind=Requirement.KIND_PAY), "pay"),
    (written(kind=Requirement.KIND_PAY, pay=PayRange(minimum=EUR)), "pay.period"),
    (written(kind=Requirement.KIND_PAY, pay=PayRange(period=PAY_PERIOD_YEAR)), "pay"),
    (
        written(kind=Requirement.KIND_PAY, pay=PayRange(minimum=EUR, maximum=USD, period=PAY_PERIOD_YEAR)),
        "pay.maximum",
    ),
]


async def test_what_cannot_be_asked_for_is_refused_by_its_field(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter, publish=False)
    for requirement, field in IMPOSSIBLE:
        with refused("INVALID_ARGUMENT") as refusal:
            await create(matching, recruiter, position.id, requirement)
        assert list(refusal.fields) == [f"requirement.{field}"]


async def test_what_is_asked_for_already_is_changed_not_added(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    python = named(await requirements(matching, recruiter, position.id), "Python")
    with refused("INVALID_ARGUMENT", field="requirement.skill_id") as refusal:
        await create(matching, recruiter, position.id, written(kind=Requirement.KIND_SKILL, skill_id=python.skill_id))
    assert python.id in refusal.message


async def test_a_position_has_at_most_two_hundred_requirements(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter, description="Nothing much.", publish=False)
    made = await create(matching, recruiter, position.id, written(kind=Requirement.KIND_LICENCE, name="licence 0"))
    await system.database.execute(
        "insert into matching.requirement_edits (position_id, requirement_id, requirement, actor_id)"
        " select position_id, 'r' || n, jsonb_set(jsonb_set(requirement, '{name}', to_jsonb('licence ' || n)),"
        " '{id}', to_jsonb('r' || n)), actor_id"
        " from matching.requirement_edits, generate_series(1, 199) n where position_id = $1",
        position.id,
    )
    one_more = written(kind=Requirement.KIND_LICENCE, name="one more")
    with refused("INVALID_ARGUMENT", field="requirement"):
        await create(matching, recruiter, position.id, one_more)
    await delete(matching, recruiter, position.id, made.id)
    await create(matching, recruiter, position.id, one_more)


async def test_another_organizations_requirements_are_not_there(system: System, matching: MatchingServiceStub) -> None:
    position = await a_position(system, await a_recruiter(system))
    stranger = await a_recruiter(system)

    async def is_refused(call: Coroutine[Any, Any, object]) -> None:
        with refused("NOT_FOUND", resource="position", id=position.id):
            await call

    await asyncio.gather(
        is_refused(create(matching, stranger, position.id, RUST)),
        is_refused(update(matching, stranger, position.id, "x", must=True)),
        is_refused(delete(matching, stranger, position.id, "x")),
    )


async def test_who_only_interviews_changes_nothing(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    await create(matching, recruiter, position.id, RUST)
    await system.database.execute(
        "update matching.members set role = 'INTERVIEWER' where account_id = $1", recruiter.id
    )
    with refused("PERMISSION_DENIED"):
        await create(matching, recruiter, position.id, written(kind=Requirement.KIND_YEARS, years=3))
    # Whoever lets them see it does not let them change it.
    async with open_matching(system) as db, db.write() as session:
        with pytest.raises(PermissionDenied, match="MANAGE_POSITIONS"):
            await editing.update_weights(session, Caller(UUID(recruiter.id)), UUID(position.id), {"skill": 1.0})
