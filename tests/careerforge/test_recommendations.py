"""Skills worth learning: what is promised is what the engine says once the skill is there."""

import time
from typing import Any
from uuid import uuid4

import pytest
from skillsync.billing.v1 import billing_service_pb2 as billing_pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import FEATURE_AI_INSIGHT
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.growth_pb2 import SkillRecommendation
from skillsync.careerforge.v1.profile_pb2 import Profile
from skillsync.matching.v1 import matching_service_pb2 as matching_pb
from skillsync.matching.v1.match_pb2 import MATCH_VIEW_BASIC
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from tests.builders import Person, a_job_seeker, a_position, a_recruiter
from tests.careerforge.profiled import Own
from tests.careerforge.test_entries import skill_named
from tests.harness import System, as_service
from tests.matching.ranked import a_candidate, ranking
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

ASKS = """You must have:
- PostgreSQL
- Terraform and Python
- 2 years of experience with Terraform
Nice to have:
- Apache Kafka"""
ALSO = """You must have:
- Python and Docker
- Terraform
Nice to have:
- Ansible"""


async def recommended(
    careerforge: CareerForgeServiceStub, person: Person, **fields: Any
) -> pb.ListSkillRecommendationsResponse:
    request = pb.ListSkillRecommendationsRequest(**fields)
    return await careerforge.ListSkillRecommendations(request, metadata=person.metadata)


async def scores(matching: MatchingServiceStub, person: Person) -> dict[str, float]:
    request = matching_pb.ListPositionMatchesRequest(view=MATCH_VIEW_BASIC)
    found = await matching.ListPositionMatches(request, metadata=person.metadata)
    return {match.position_id: match.score for match in found.matches}


async def credits_left(system: System, person: Person) -> int:
    stub = BillingServiceStub(system.direct("billing"))
    found = await stub.ListCredits(billing_pb.ListCreditsRequest(), metadata=person.metadata)
    return next(c.available_count for c in found.credits if c.feature == FEATURE_AI_INSIGHT)


async def an_open_market(system: System, matching: MatchingServiceStub, person: Person) -> list[str]:
    """Two positions that the person is ranked for."""
    recruiter = await a_recruiter(system)
    ids = []
    for title, description in (("Platform Engineer", ASKS), ("Python Developer", ALSO)):
        position = await a_position(system, recruiter, title=title, description=description)
        await ranking(matching, recruiter, position.id, bool)
        ids.append(position.id)
    return ids


async def rescored(matching: MatchingServiceStub, person: Person, before: dict[str, float]) -> dict[str, float]:
    """Once they are others."""
    for _ in range(400):
        if (found := await scores(matching, person)) != before and found.keys() == before.keys():
            return found
        time.sleep(0.05)
    return before


def by_label(found: pb.ListSkillRecommendationsResponse) -> dict[str, SkillRecommendation]:
    return {one.label: one for one in found.recommendations}
