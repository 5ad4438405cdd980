"""Every ranking that was shown to a recruiter is on matching's record, and is computed again as it was shown, whatever changed since."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Match
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2 import RunBiasAuditRequest
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from sqlalchemy import text

from services.matching import auditing, rankings
from services.matching.projection import remove_candidate
from services.matching.search.opening import open_indexes
from tests.builders import RESUME, Person, a_person_of_all_roles, a_position, a_recruiter, an_analysis
from tests.harness import System
from tests.matching.ranked import WEAKER, a_candidate, ranking
from tests.matching.scored import open_matching
from tests.user.known_people import apply

pytestmark = pytest.mark.usefixtures("clean")


async def records(matching: MatchingServiceStub, system: System, position_id: str, count: int) -> list[pb.AuditRecord]:
    """As soon as there are so many, newest first: they are written a moment after a look."""
    ops = await a_person_of_all_roles(system)
    request = pb.ListAuditRecordsRequest(position_id=position_id)
    async with asyncio.timeout(60):
        while len(found := list((await matching.ListAuditRecords(request, metadata=ops.metadata)).records)) < count:
            await asyncio.sleep(0.1)
    return found


async def replayed(matching: MatchingServiceStub, system: System, record: pb.AuditRecord) -> pb.ReplayRankingResponse:
    ops = await a_person_of_all_roles(system)
    return await matching.ReplayRanking(pb.ReplayRankingRequest(record_id=record.id), metadata=ops.metadata)


def as_shown(matches: Sequence[Match]) -> list[tuple[int, str, float]]:
    return [(match.rank, match.candidate_id, match.score) for match in matches]


def as_replayed(found: pb.ReplayRankingResponse) -> list[tuple[int, str, float]]:
    return [(row.rank, row.candidate_id, row.score) for row in found.rows]


async def a_shown_ranking(
    system: System, matching: MatchingServiceStub
) -> tuple[Person, list[Person], Position, list[Match]]:
    people = [await a_candidate(system, **resume) for resume in ({}, {"resume": WEAKER})]
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    return recruiter, people, position, await ranking(matching, recruiter, position.id, lambda found: len(found) == 2)


async def test_it_is_computed_again_and_that_is_no_look_of_its_own(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter, _, position, shown = await a_shown_ranking(system, matching)
    kept = await records(matching, system, position.id, 1)
    assert (kept[0].viewer_id, kept[0].position_id, kept[0].row_count) == (recruiter.id, position.id, 2)
    again = await replayed(matching, system, kept[0])
    assert (again.record, again.intact, again.identical) == (kept[0], True, True)
    assert as_replayed(again) == as_shown(shown)
    assert {row.as_of_date for row in again.rows} == {match.as_of_date for match in shown}
    assert await records(matching, system, position.id, 1) == kept
    async with open_matching(system) as db, db.read() as session:
        organization = UUID(position.organization_id)
        assert await auditing.verify_chain(session, organization) is None


async def test_it_is_the_same_after_resumes_weights_and_the_ranking_have_changed(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter, people, position, shown = await a_shown_ranking(system, matching)
    (first,) = await records(matching, system, position.id, 1)
    weights = pb.UpdateWeightsRequest(position_id=position.id, weights={"skill": 0.1, "language": 0.9})
    await matching.UpdateWeights(weights, metadata=recruiter.metadata)
    await an_analysis(system, people[1], RESUME)
    scores = {match.score for match in shown}
    changed = await ranking(
        matching, recruiter, position.id, lambda found: len(found) == 2 and not scores & {m.score for m in found}
    )
    async with open_matching(system) as db, db.write() as session:
        await session.execute(text("update matching.ranking_changes set create_time = create_time - interval '1 year'"))
        await rankings.tidy(session, changed[0].compute_time.ToDatetime())
    again = await replayed(matching, system, first)
    assert (again.intact, again.identical, as_replayed(again)) == (True, True, as_shown(shown))
    newest, *_ = await records(matching, system, position.id, 2)
    assert as_replayed(await replayed(matching, system, newest)) == as_shown(changed)


async def test_what_the_live_feed_told_is_computed_again(system: System, matching: MatchingServiceStub) -> None:
    recruiter, people, position, _ = await a_shown_ranking(system, matching)
    before = await records(matching, system, position.id, 1)
    request = pb.StreamMatchesRequest(position_id=position.id)
    told: list[Match] = []
    async for response in matching.StreamMatches(request, metadata=recruiter.metadata):
        if response.HasField("match"):
            told.append(response.match.match)
        if response.HasField("snapshot_complete"):
            await an_analysis(system, people[1], RESUME)
        if len(told) == 3:
            break
    change, snapshot, *_ = await records(matching, system, position.id, len(before) + 2)
    assert as_replayed(await replayed(matching, system, snapshot)) == as_shown(told[:2])
    assert as_replayed(await replayed(matching, system, change)) == as_shown(told[2:])


async def test_who_left_meanwhile_is_computed_again_and_who_was_erased_is_not(
    system: System, matching: MatchingServiceStub
) -> None:
    _, (hidden, erased), position, shown = await a_shown_ranking(system, matching)
    (first,) = await records(matching, system, position.id, 1)
    async with open_matching(system) as db, open_indexes() as indexes, db.write() as session:
        for person in (hidden, erased):
            await remove_candidate(session, UUID(person.id), indexes.candidates)
    again = await replayed(matching, system, first)
    assert (again.identical, as_replayed(again)) == (True, as_shown(shown))
    async with open_matching(system) as db, db.write() as session:
        await auditing.forget_candidate(session, UUID(erased.id))
    assert not await system.count("matching.shown_rows", "candidate_id = $1", UUID(erased.id))
    again = await replayed(matching, system, first)
    assert (again.intact, again.identical) == (True, True)
    assert [row.candidate_id for row in again.rows] == [
        "" if match.candidate_id == erased.id else match.candidate_id for match in shown
    ]


@pytest.mark.parametrize(
    "tampering",
    [
        "update matching.shown_rows set score = score - 0.1 where rank = 1",
        "update matching.shown_rows set rank = 3 where rank = 1",
        "delete from matching.shown_rows where rank = 2",
        "update matching.audit_records set row_count = 1",
    ],
)
async def test_what_was_changed_afterwards_is_not_intact(
    system: System, matching: MatchingServiceStub, tampering: str
) -> None:
    _, _, position, _ = await a_shown_ranking(system, matching)
    (first,) = await records(matching, system, position.id, 1)
    await system.database.execute(tampering)
    assert not (await replayed(matching, system, first)).intact


async def test_what_an_audit_reads_is_shown_to_nobody(
    system: System, matching: MatchingServiceStub, talenthub: TalentHubServiceStub
) -> None:
    recruiter, people, position, _ = await a_shown_ranking(system, matching)
    await apply(system, people[0], position.id, "Hello")
    kept = await records(matching, system, position.id, 1)
    request = RunBiasAuditRequest(organization_id=position.organization_id)
    await talenthub.RunBiasAudit(request, metadata=recruiter.metadata)
    await asyncio.sleep(1.2)
    assert await records(matching, system, position.id, 1) == kept
