"""The same call several times at once, as impatient people and retrying clients make it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.growth_pb2 import MILESTONE_TYPE_CERT_EARNED
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.organization_pb2 import Organization
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.builders import PASSWORD, Person, a_job_seeker, a_person
from tests.harness import System

Call = Callable[[System, Person], Awaitable[Any]]


def sign_in(system: System, person: Person) -> Awaitable[Any]:
    return UserServiceStub(system.direct("user")).SignIn(user.SignInRequest(email=person.email, password=PASSWORD))


def update_me(system: System, person: Person) -> Awaitable[Any]:
    request = user.UpdateMeRequest()
    request.account.display_name = "Ada"
    return UserServiceStub(system.direct("user")).UpdateMe(request, metadata=person.metadata)


def join_platform(system: System, person: Person) -> Awaitable[Any]:
    request = user.JoinPlatformRequest(platform=PLATFORM_TALENTHUB)
    return UserServiceStub(system.direct("user")).JoinPlatform(request, metadata=person.metadata)


def update_profile(system: System, person: Person) -> Awaitable[Any]:
    request = careerforge.UpdateProfileRequest()
    request.profile.headline = "Engineer"
    return CareerForgeServiceStub(system.direct("careerforge")).UpdateProfile(request, metadata=person.metadata)


def create_showcase(system: System, person: Person) -> Awaitable[Any]:
    request = careerforge.CreateShowcaseRequest()
    request.item.project_title = "Engine"
    return CareerForgeServiceStub(system.direct("careerforge")).CreateShowcase(request, metadata=person.metadata)


def create_milestone(system: System, person: Person) -> Awaitable[Any]:
    request = careerforge.CreateMilestoneRequest()
    request.milestone.title, request.milestone.milestone_type = "Certified", MILESTONE_TYPE_CERT_EARNED
    return CareerForgeServiceStub(system.direct("careerforge")).CreateMilestone(request, metadata=person.metadata)


@pytest.mark.parametrize("call", [sign_in, update_me, join_platform, update_profile, create_showcase, create_milestone])
async def test_each_of_eight_calls_at_once_is_answered(system: System, call: Call) -> None:
    person = await a_job_seeker(system)
    await asyncio.gather(*(call(system, person) for _ in range(8)))


async def test_the_score_counts_each_of_the_milestones(system: System) -> None:
    person = await a_job_seeker(system)
    await asyncio.gather(*(create_milestone(system, person) for _ in range(8)))
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    profile = await stub.GetProfile(careerforge.GetProfileRequest(), metadata=person.metadata)
    assert profile.insights.achievement_score == 8 * 25


async def test_a_first_organization_made_twice_at_once_is_two(system: System) -> None:
    person = await a_person(system, PLATFORM_TALENTHUB)
    stub = TalentHubServiceStub(system.direct("talenthub"))
    request = talenthub.CreateOrganizationRequest(organization=Organization(display_name="Example"))
    made = await asyncio.gather(*(stub.CreateOrganization(request, metadata=person.metadata) for _ in range(2)))
    assert made[0].id != made[1].id
