"""Every ranking that was shown to a recruiter is on matching's record, and each match of it is computed again to the same bytes."""

import asyncio

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.matching import auditing
from tests.builders import a_person_of_all_roles, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import WEAKER, a_candidate, ranking
from tests.matching.scored import open_matching

pytestmark = pytest.mark.usefixtures("clean")


async def records(matching: MatchingServiceStub, system: System, position_id: str, count: int) -> list[pb.AuditRecord]:
    """As soon as there are so many: they are written a moment after a look."""
    ops = await a_person_of_all_roles(system)
    request = pb.ListAuditRecordsRequest(position_id=position_id)
    async with asyncio.timeout(10):
        while len(found := list((await matching.ListAuditRecords(request, metadata=ops.metadata)).records)) < count:
            await asyncio.sleep(0.1)
    return found


async def test_each_shown_ranking_is_replayed_unchanged(system: System, matching: MatchingServiceStub) -> None:
    for resume in ({}, {"resume": WEAKER}):
        await a_candidate(system, **resume)
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    shown = await ranking(matching, recruiter, position.id, lambda found: len(found) == 2)
    last, *_ = kept = await records(matching, system, position.id, 1)
    assert (last.viewer_id, last.position_id, last.row_count) == (recruiter.id, position.id, 2)
    assert {match.engine_version for match in shown} == {last.engine_version}
    for match in shown[: last.row_count]:
        request = pb.ReplayMatchRequest(position_id=position.id, candidate_id=match.candidate_id)
        again = await matching.ReplayMatch(request, metadata=recruiter.metadata)
        assert again.identical
        assert again.match.SerializeToString(deterministic=True) == match.SerializeToString(deterministic=True)
    # To compute it again is no look of its own, and changes no record.
    assert await records(matching, system, position.id, 1) == kept
    organization = await system.database.fetchval("select organization_id from matching.audit_records limit 1")
    async with open_matching(system) as db, db.read() as session:
        assert await auditing.verify_chain(session, organization) is None
