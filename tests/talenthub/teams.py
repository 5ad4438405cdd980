"""A team that hires, and who applies to it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.profile_pb2 import Profile
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Application, Interview, Stage
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB

from services.kit.db import utc_now
from tests.builders import Person, a_job_seeker, a_person, a_position, an_organization
from tests.harness import System
from tests.talenthub.test_members import JOIN

LEAVE = """
with gone as (update talenthub.members set remove_time = now() where organization_id = $1 and account_id = $2 returning id)
insert into talenthub.changes (kind, resource_id, scope) select 'member', id, $1 from gone"""


@dataclass(frozen=True, slots=True)
class Team:
    """`members` by role in lower case."""

    organization_id: str
    position: Position
    members: Mapping[str, Person] = field(default_factory=dict)

    @property
    def admin(self) -> Person:
        return self.members["admin"]


async def a_team(system: System, *roles: str, **position: Any) -> Team:
    """An admin with an open position, and members of these roles."""
    admin, *others = await asyncio.gather(*(a_person(system, PLATFORM_TALENTHUB) for _ in ("admin", *roles)))
    organization = await an_organization(system, admin)
    made = await a_position(system, admin, **position)
    for role, person in zip(roles, others, strict=True):
        await join(system, organization.id, person, role)
    return Team(organization.id, made, {"admin": admin} | dict(zip(roles, others, strict=True)))


async def join(system: System, organization_id: str, person: Person, role: str) -> None:
    await system.database.execute(JOIN, UUID(organization_id), UUID(person.id), role.upper())


async def a_colleague(system: System, organization_id: str) -> Person:
    person = await a_person(system, PLATFORM_TALENTHUB)
    await system.database.execute(JOIN, UUID(organization_id), UUID(person.id), "RECRUITER")
    return person


async def an_application(system: System, team: Team, seeker: Person | None = None, **fields: Any) -> Application:
    person = seeker or await a_job_seeker(system)
    request = pb.ApplyRequest(**({"position_id": team.position.id} | fields))
    return await TalentHubServiceStub(system.direct("talenthub")).Apply(request, metadata=person.metadata)


async def an_applicant(system: System, team: Team, **fields: Any) -> tuple[Person, Application]:
    person = await a_job_seeker(system)
    return person, await an_application(system, team, person, **fields)


async def moved(system: System, team: Team, application_id: str, stage: str, **fields: Any) -> Application:
    """By the admin."""
    request = pb.MoveApplicationRequest(
        **({"application_id": application_id, "stage": Stage.Value(f"STAGE_{stage}"), "reason": "as agreed"} | fields)
    )
    stub = TalentHubServiceStub(system.direct("talenthub"))
    return await stub.MoveApplication(request, metadata=team.admin.metadata)


async def profile_of(system: System, person: Person, **fields: Any) -> Profile:
    """What the person says of themselves; returns what careerforge has then."""
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    request = careerforge.UpdateProfileRequest(profile=Profile(**fields))
    return await stub.UpdateProfile(request, metadata=person.metadata)


async def a_talk(system: System, team: Team, application_id: str, *interviewers: Person) -> Interview:
    """Tomorrow, agreed on by the admin."""
    request = pb.ScheduleInterviewRequest(
        application_id=application_id, duration_minutes=45, interviewer_ids=[one.id for one in interviewers]
    )
    request.start_time.FromDatetime(utc_now() + timedelta(days=1))
    stub = TalentHubServiceStub(system.direct("talenthub"))
    return await stub.ScheduleInterview(request, metadata=team.admin.metadata)
