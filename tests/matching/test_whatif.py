"""What would bring a person to a rank: advice that holds when the engine computes it."""

from typing import Any
from uuid import uuid4

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from tests.builders import RESUME, Person, a_job_seeker, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import WEAKER, a_candidate, ranking
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


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


async def test_only_open_positions_and_candidates_are_there(system: System, matching: MatchingServiceStub) -> None:
    recruiter, newcomer = await a_recruiter(system), await a_job_seeker(system)
    position = await a_position(system, recruiter)
    draft = await a_position(system, recruiter, publish=False)
    await ranking(matching, recruiter, position.id, lambda found: True)
    for key in (draft.id, str(uuid4())):
        with refused("NOT_FOUND", resource="position", id=key):
            await what_if(matching, newcomer, key)
