"""What would bring a person to a rank: advice that holds when the engine computes it."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.profile_pb2 import Preferences, Profile
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.type.v1.work_pb2 import WORK_MODE_ONSITE, Location

from services.ai.credentials import EducationLevel
from services.ai.matching import CandidateFeatures, PositionFeatures
from services.matching.whatif import Question
from tests.builders import RESUME, Person, a_job_seeker, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import WEAKER, a_candidate, ranking
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

NOBODY = CandidateFeatures((), (), EducationLevel.UNKNOWN, None, (), ())


async def what_if(matching: MatchingServiceStub, person: Person, position_id: str, **fields: Any) -> pb.WhatIfResponse:
    request = pb.WhatIfRequest(position_id=position_id, **{"target_rank": 1, **fields})
    return await matching.WhatIf(request, metadata=person.metadata)


async def test_who_comes_second_is_told_what_would_bring_them_first(
    system: System, matching: MatchingServiceStub
) -> None:
    better = await a_candidate(system, RESUME.replace("Senior Python Developer", "Filing Clerk"))
    weaker = await a_candidate(system, WEAKER.replace("Senior Python Developer", "Filing Clerk"))
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    rows = await ranking(matching, recruiter, position.id, lambda found: len(found) == 2)
    assert [row.candidate_id for row in rows] == [better.id, weaker.id]
    found = await what_if(matching, weaker, position.id, max_changes=10)
    assert found.changes
    assert found.reached_rank == 1
    assert found.reached_score >= rows[0].score
    assert found.exact, "few changes are possible: all sets were looked through"
    assert all(change.score_gain > 0 and change.label for change in found.changes)
    # One change less does not do.
    less = await what_if(matching, weaker, position.id, max_changes=len(found.changes) - 1 or 10, target_rank=1)
    if len(found.changes) > 1:
        assert (list(less.changes), less.reached_rank, less.reached_score) == ([], 2, rows[1].score)
    there = await what_if(matching, better, position.id)
    assert (list(there.changes), there.reached_rank, there.reached_score) == ([], 1, rows[0].score)
    second = await what_if(matching, weaker, position.id, target_rank=2)
    assert (list(second.changes), second.reached_rank) == ([], 2)
    with refused("PERMISSION_DENIED"):
        await what_if(matching, recruiter, position.id)


async def wishing(system: System, person: Person, **preferences: Any) -> None:
    request = careerforge.UpdateProfileRequest(profile=Profile(preferences=Preferences(**preferences)))
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    await stub.UpdateProfile(request, metadata=person.metadata)


async def test_who_wants_to_work_elsewhere_is_told_and_who_may_not_work_there_is_told_nothing(
    system: System, matching: MatchingServiceStub
) -> None:
    person, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(
        system, recruiter, location=Location(city="Berlin", country_code="DE"), work_mode=WORK_MODE_ONSITE
    )
    await ranking(matching, recruiter, position.id, lambda found: len(found) == 1)
    await wishing(system, person, locations=[Location(city="Paris", country_code="FR")])
    await ranking(matching, recruiter, position.id, lambda found: not found)
    found = await what_if(matching, person, position.id)
    assert [(change.kind, change.label) for change in found.changes] == [
        ("change_preference", "be open to work in Berlin, DE")
    ]
    await wishing(system, person, locations=[], work_permit_countries=["FR"])
    async with asyncio.timeout(60):
        while not await system.count("matching.candidates", "permits = '{FR}'"):
            await asyncio.sleep(0.05)
    assert not (await what_if(matching, person, position.id)).changes


def test_the_target_is_the_least_score_of_a_rank() -> None:
    """Equal scores are ordered by id."""
    unit = 10**-9
    ids = [UUID(int=n) for n in (2, 4, 6, 8)]
    others = list(zip((-0.9, -0.5, -0.5, -0.1), ids, strict=True))
    for number in (1, 3, 5, 7, 9):
        question = Question(UUID(int=number), NOBODY, PositionFeatures((), ()), None, others, barred=False)
        for rank in range(1, 6):
            target = question.target(rank)
            assert question.rank(target) <= rank
            assert target == 0 or question.rank(round(target - unit, 9)) > rank


async def test_only_open_positions_and_candidates_are_there(system: System, matching: MatchingServiceStub) -> None:
    recruiter, newcomer = await a_recruiter(system), await a_job_seeker(system)
    position = await a_position(system, recruiter)
    draft = await a_position(system, recruiter, publish=False)
    await ranking(matching, recruiter, position.id, lambda found: True)
    for key in (draft.id, str(uuid4())):
        with refused("NOT_FOUND", resource="position", id=key):
            await what_if(matching, newcomer, key)
