"""What tests of growth ask for: open positions, credits, and scores that are waited for."""

import asyncio

from skillsync.billing.v1 import billing_service_pb2 as billing
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import FEATURE_AI_INSIGHT
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import MATCH_VIEW_BASIC
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.position_pb2 import Position

from tests.builders import Person, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import ranking

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


async def insights_left(system: System, person: Person) -> int:
    """Credits, once nothing is reserved any more."""
    stub = BillingServiceStub(system.direct("billing"))
    async with asyncio.timeout(60):
        while await system.count("billing.reservations", "user_id = $1 and state = 'RESERVED'", person.id):
            await asyncio.sleep(0.05)
    found = await stub.GetEntitlements(billing.GetEntitlementsRequest(), metadata=person.metadata)
    return next(b.remaining for b in found.balances if b.feature == FEATURE_AI_INSIGHT)


async def a_market(
    system: System,
    *descriptions: str,
    title: str = "Platform Engineer",
    people: int = 1,
    recruiter: Person | None = None,
) -> list[Position]:
    """Open positions, once so many people are ranked for each."""
    recruiter, matching = recruiter or await a_recruiter(system), MatchingServiceStub(system.direct("matching"))
    positions = [await a_position(system, recruiter, title=title, description=text) for text in descriptions]
    for position in positions:
        await ranking(matching, recruiter, position.id, lambda found: len(found) >= people)
    return positions


async def scores(system: System, person: Person) -> dict[str, tuple[float, str]]:
    """Of the positions of a person, each with the etag of what it was computed from."""
    stub = MatchingServiceStub(system.direct("matching"))
    found = await stub.ListPositionMatches(
        pb.ListPositionMatchesRequest(view=MATCH_VIEW_BASIC), metadata=person.metadata
    )
    return {match.position_id: (match.score, match.candidate_etag) for match in found.matches}


async def rescored(system: System, person: Person, before: dict[str, tuple[float, str]]) -> dict[str, float]:
    """Once all of them are computed anew."""
    async with asyncio.timeout(60):
        while True:
            now = await scores(system, person)
            if now.keys() == before.keys() and all(now[key][1] != before[key][1] for key in now):
                return {key: score for key, (score, _) in now.items()}
            await asyncio.sleep(0.05)
