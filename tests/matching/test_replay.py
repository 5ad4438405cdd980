"""A stored match computed again: the same bytes, from the very inputs it was computed from, whatever they are by now."""

from uuid import UUID

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from sqlalchemy import text

from services.kit.auth import Caller
from services.kit.db import WriteSession
from services.matching import editing, queries
from services.matching.versions import keep_former
from tests.builders import Person, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import a_candidate, ranking
from tests.matching.scored import open_matching
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


async def replay(
    matching: MatchingServiceStub, recruiter: Person, position_id: str, candidate_id: str
) -> pb.ReplayMatchResponse:
    request = pb.ReplayMatchRequest(position_id=position_id, candidate_id=candidate_id)
    return await matching.ReplayMatch(request, metadata=recruiter.metadata)


async def no_job(session: WriteSession) -> None:
    """What these inputs are now is ranked by nobody while the test looks."""
    await session.execute(text("delete from matching.jobs where state = 'queued'"))


async def test_it_is_the_same_again_and_says_so_when_it_is_not(system: System, matching: MatchingServiceStub) -> None:
    candidate, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter)
    (match,) = await ranking(matching, recruiter, position.id, lambda found: len(found) == 1)
    again = await replay(matching, recruiter, position.id, candidate.id)
    assert again.identical
    assert again.match == match
    for column, value in (
        ("score", "0.5"),
        ("candidate_fit", "0.5"),
        ("reasons", "'[]'"),
        ("candidate_reasons", "'[]'"),
    ):
        kept = await system.database.fetchval(f"select {column}::text from matching.matches")
        await system.database.execute(f"update matching.matches set {column} = {value}")
        changed = await replay(matching, recruiter, position.id, candidate.id)
        assert not changed.identical
        assert changed.match.score == match.score
        kind = "jsonb" if "reasons" in column else "float8"
        await system.database.execute(f"update matching.matches set {column} = cast($1::text as {kind})", kept)
    assert (await replay(matching, recruiter, position.id, candidate.id)).identical


async def test_former_inputs_are_found_again_and_missing_ones_are_told(
    system: System, matching: MatchingServiceStub
) -> None:
    candidate, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter)
    (match,) = await ranking(matching, recruiter, position.id, lambda found: len(found) == 1)
    async with open_matching(system) as db, db.write() as session:
        who = Caller(UUID(recruiter.id))
        await editing.update_weights(session, who, UUID(position.id), {"language": 1.0})
        row = await queries.find_candidate(session, UUID(candidate.id))
        assert row is not None
        await keep_former(session, row.id, row.version, row.features)
        row.features, row.version = {**row.features, "skills": []}, "another"
        await no_job(session)
    again = await replay(matching, recruiter, position.id, candidate.id)
    assert again.identical
    assert again.match.score == match.score
    await system.database.execute("delete from matching.former_inputs")
    with refused("NOT_FOUND", resource="input"):
        await replay(matching, recruiter, position.id, candidate.id)


async def test_who_is_not_ranked_is_not_there(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    with refused("NOT_FOUND", resource="match"):
        await replay(matching, recruiter, position.id, recruiter.id)
