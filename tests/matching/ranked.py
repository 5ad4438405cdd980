"""Candidates, and rankings waited for."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Match, Requirement
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.position_pb2 import Position

from tests.builders import RESUME, Person, a_job_seeker, an_analysis
from tests.harness import System

WEAKER = RESUME.replace("PostgreSQL", "filing").replace("Docker", "archives").replace("Kubernetes", "shelves")


async def a_candidate(system: System, resume: str = RESUME) -> Person:
    person = await a_job_seeker(system)
    await an_analysis(system, person, resume)
    return person


async def ranking(
    matching: MatchingServiceStub, recruiter: Person, position_id: str, ready: Callable[[list[Match]], Any]
) -> list[Match]:
    """As soon as it is ready."""
    request = pb.ListMatchesRequest(position_id=position_id)
    async with asyncio.timeout(60):
        while not ready(found := list((await matching.ListMatches(request, metadata=recruiter.metadata)).matches)):
            await asyncio.sleep(0.05)
    return found


async def requirements(
    matching: MatchingServiceStub,
    recruiter: Person,
    position_id: str,
    ready: Callable[[list[Requirement]], Any] = bool,
) -> list[Requirement]:
    """As soon as they are ready."""
    request = pb.ListRequirementsRequest(position_id=position_id)
    async with asyncio.timeout(60):
        while not ready(
            found := list((await matching.ListRequirements(request, metadata=recruiter.metadata)).requirements)
        ):
            await asyncio.sleep(0.05)
    return found


def named(found: list[Requirement], label: str) -> Requirement:
    return next(one for one in found if one.label == label)


async def until_ranked(system: System, position: Position) -> None:
    """Its first job is over."""
    async with asyncio.timeout(60):
        while not await system.count("matching.rankings", "id = $1 and refresh_date is not null", UUID(position.id)):
            await asyncio.sleep(0.05)
