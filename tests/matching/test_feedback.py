"""What recruiters did with matches is kept once, with the rank and score that they judged."""

from typing import Any
from uuid import uuid4

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from tests.builders import Person, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import a_candidate, ranking
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


async def record(
    matching: MatchingServiceStub, recruiter: Person, position_id: str, candidate_id: str, **fields: Any
) -> None:
    request = pb.RecordFeedbackRequest(position_id=position_id, candidate_id=candidate_id, **fields)
    await matching.RecordFeedback(request, metadata=recruiter.metadata)


async def test_it_is_kept_once_with_what_was_judged(system: System, matching: MatchingServiceStub) -> None:
    candidate, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter)
    (match,) = await ranking(matching, recruiter, position.id, lambda found: len(found) == 1)
    for _ in range(2):
        await record(
            matching, recruiter, position.id, candidate.id, kind=pb.FEEDBACK_KIND_SAVED, request_id=str(uuid4())
        )
    request_id = str(uuid4())
    for _ in range(2):
        await record(
            matching,
            recruiter,
            position.id,
            candidate.id,
            kind=pb.FEEDBACK_KIND_REJECTED,
            reason=" no Rust ",
            request_id=request_id,
        )
    rows = await system.database.fetch("select * from matching.feedback order by id")
    assert [(row["kind"], row["reason"]) for row in rows] == [("SAVED", ""), ("SAVED", ""), ("REJECTED", "no Rust")]
    for row in rows:
        assert (row["rank"], row["score"], row["engine_version"]) == (1, match.score, match.engine_version)
        assert str(row["actor_id"]) == recruiter.id


async def test_a_rejection_says_why_and_only_matches_are_judged(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    nobody = str(uuid4())
    with refused("INVALID_ARGUMENT", field="reason"):
        await record(matching, recruiter, position.id, nobody, kind=pb.FEEDBACK_KIND_REJECTED, reason="  ")
    with refused("NOT_FOUND", resource="match", id=nobody):
        await record(matching, recruiter, position.id, nobody, kind=pb.FEEDBACK_KIND_VIEWED)
    stranger = await a_recruiter(system)
    with refused("NOT_FOUND", resource="position"):
        await record(matching, stranger, position.id, nobody, kind=pb.FEEDBACK_KIND_VIEWED)
