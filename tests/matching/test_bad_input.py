"""Positions and resumes at the edge of what can be ranked: a clear error, or a ranking."""

import asyncio

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Match
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.position_pb2 import Position

from tests.builders import Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.harness import System
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


async def matches_of(stub: MatchingServiceStub, recruiter: Person, position: Position, count: int) -> list[Match]:
    request = pb.ListMatchesRequest(position_id=position.id)
    async with asyncio.timeout(60):
        while True:
            found = (await stub.ListMatches(request, metadata=recruiter.metadata)).matches
            if len(found) == count:
                return list(found)
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(("description", "limit"), [("", "at least 1"), ("x" * 100_000, "at most 50000")])
async def test_a_position_without_text_or_with_too_much_is_refused(
    system: System, description: str, limit: str
) -> None:
    recruiter = await a_recruiter(system)
    with refused("INVALID_ARGUMENT") as refusal:
        await a_position(system, recruiter, description=description)
    assert limit in refusal.fields["position.description"]


async def test_a_text_of_ten_thousand_points_has_as_many_requirements_as_fit(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter, seeker = await a_recruiter(system), await a_job_seeker(system)
    await an_analysis(system, seeker)
    points = "\n".join(["You must have:", *(f"- C{number}" for number in range(6_000)), "- Python", "- PostgreSQL"])
    position = await a_position(system, recruiter, description=points[:50_000])
    row = (await matches_of(matching, recruiter, position, 1))[0]
    request = pb.ListRequirementsRequest(position_id=position.id)
    asked = (await matching.ListRequirements(request, metadata=recruiter.metadata)).requirements
    assert len(asked) <= 200
    assert sum(reason.contribution for reason in row.reasons) == pytest.approx(row.score, abs=1e-9)


async def test_a_position_of_blanks_asks_for_nothing_and_is_ranked(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter, seeker = await a_recruiter(system), await a_job_seeker(system)
    await an_analysis(system, seeker)
    position = await a_position(system, recruiter, title="-", description="   \n  ")
    row = (await matches_of(matching, recruiter, position, 1))[0]
    assert {reason.factor for reason in row.reasons} <= {"recency", "title", "similarity"}


async def test_a_resume_without_skills_is_ranked_and_says_what_is_missing(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter, seeker = await a_recruiter(system), await a_job_seeker(system)
    await an_analysis(system, seeker, "Jane Doe\n\nI like long walks along the river with my dog.\n" * 3)
    position = await a_position(system, recruiter)
    row = (await matches_of(matching, recruiter, position, 1))[0]
    rules = {reason.rule for reason in row.reasons if reason.factor == "skill"}
    assert rules == {"missing"}
