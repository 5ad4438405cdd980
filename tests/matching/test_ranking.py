"""Rankings: explained, live, resumable, and nobody else's business."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Requirement
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from tests.builders import RESUME, Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.harness import System
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

WEAKER = RESUME.replace("PostgreSQL", "filing").replace("Docker", "archives").replace("Kubernetes", "shelves")
Kind = pb.MatchEvent


async def a_candidate(system: System, resume: str = RESUME) -> Person:
    person = await a_job_seeker(system)
    await an_analysis(system, person, resume)
    return person


class Feed:
    """An open match stream. `token` is the last one seen."""

    def __init__(self, matching: MatchingServiceStub, recruiter: Person, position: Position, **fields: Any) -> None:
        request = pb.StreamMatchesRequest(position_id=position.id, **fields)
        self._call = matching.StreamMatches(request, metadata=recruiter.metadata)
        self.token = ""

    async def next(self) -> pb.StreamMatchesResponse:
        async with asyncio.timeout(60):
            response = await self._call.read()
        self.token = response.resume_token
        return response

    async def match_of(self, person: Person) -> pb.MatchEvent:
        """The next event about a person."""
        while True:
            event = (await self.next()).match
            if event.match.candidate_id == person.id:
                return event

    def cut(self) -> None:
        self._call.cancel()


async def ranked(matching: MatchingServiceStub, recruiter: Person, position: Position, count: int) -> list[Any]:
    """The ranking, once it has so many rows."""
    request = pb.ListMatchesRequest(position_id=position.id)
    async with asyncio.timeout(60):
        while True:
            found = (await matching.ListMatches(request, metadata=recruiter.metadata)).matches
            if len(found) == count:
                return list(found)
            await asyncio.sleep(0.1)


async def test_the_better_candidate_comes_first_and_every_reason_adds_up(
    system: System, matching: MatchingServiceStub
) -> None:
    weaker, better = await a_candidate(system, WEAKER), await a_candidate(system)
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    rows = await ranked(matching, recruiter, position, 2)
    assert [row.candidate_id for row in rows] == [better.id, weaker.id]
    for row in rows:
        assert sum(reason.contribution for reason in row.reasons) == pytest.approx(row.score, abs=1e-9)
        assert sum(reason.weight for reason in row.reasons) == pytest.approx(1, abs=1e-6)
        asked = [reason.requirement for reason in row.reasons if reason.HasField("requirement")]
        assert asked
        assert all(position.description[span.start : span.end] == span.text for span in asked)


async def test_every_piece_of_evidence_stands_in_the_resume(system: System, matching: MatchingServiceStub) -> None:
    candidate, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter)
    row = (await ranked(matching, recruiter, position, 1))[0]
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    profile = await stub.GetProfile(careerforge.GetProfileRequest(), metadata=candidate.metadata)
    request = careerforge.GetResumeTextRequest(resume_id=profile.insights.resume_id)
    text = (await stub.GetResumeText(request, metadata=candidate.metadata)).text
    evidence = [span for reason in row.reasons for span in reason.evidence]
    assert evidence
    assert all(text[span.start : span.end] == span.text for span in evidence)


async def test_a_position_says_what_it_asks_for(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    request = pb.ListRequirementsRequest(position_id=position.id)
    async with asyncio.timeout(60):
        while not (found := (await matching.ListRequirements(request, metadata=recruiter.metadata)).requirements):
            await asyncio.sleep(0.1)
    asked = {(r.kind, r.label, r.must) for r in found}
    assert asked >= {
        (Requirement.KIND_SKILL, "Python", True),
        (Requirement.KIND_SKILL, "Kubernetes", False),
        (Requirement.KIND_YEARS, "5 years of Python", True),
        (Requirement.KIND_DEGREE, "master's degree in computer science", False),
        (Requirement.KIND_LANGUAGE, "english C1", True),
    }


async def test_who_comes_moves_and_leaves_is_seen_live(system: System, matching: MatchingServiceStub) -> None:
    first, recruiter = await a_candidate(system, WEAKER), await a_recruiter(system)
    position = await a_position(system, recruiter)
    await ranked(matching, recruiter, position, 1)
    feed = Feed(matching, recruiter, position)
    snapshot = (await feed.next()).match
    assert (snapshot.kind, snapshot.match.candidate_id, snapshot.new_rank) == (Kind.KIND_SNAPSHOT, first.id, 1)
    assert (await feed.next()).HasField("snapshot_complete")

    second = await a_candidate(system)
    entered = await feed.match_of(second)
    assert (entered.kind, entered.old_rank, entered.new_rank) == (Kind.KIND_ENTERED, 0, 1)

    await an_analysis(system, first, RESUME + "\nCertifications\nKubernetes, Docker and PostgreSQL administrator\n")
    changed = await feed.match_of(first)
    assert changed.kind in (Kind.KIND_MOVED, Kind.KIND_RESCORED)
    assert changed.old_rank == 2
    assert changed.match.score > snapshot.match.score

    change = careerforge.UpdateProfileRequest()
    change.profile.visibility = change.profile.VISIBILITY_HIDDEN
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    await stub.UpdateProfile(change, metadata=second.metadata)
    left = await feed.match_of(second)
    assert (left.kind, left.new_rank, left.match.score) == (Kind.KIND_LEFT, 0, 0)
    feed.cut()


async def test_a_cut_stream_goes_on_without_loss_or_repeat(system: System, matching: MatchingServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    feed = Feed(matching, recruiter, position)
    assert (await feed.next()).HasField("snapshot_complete")
    feed.cut()
    missed = await a_candidate(system)
    await ranked(matching, recruiter, position, 1)
    resumed = Feed(matching, recruiter, position, resume_token=feed.token)
    assert (await resumed.match_of(missed)).match.candidate_id == missed.id
    resumed.cut()
    again = Feed(matching, recruiter, position, resume_token=resumed.token)
    assert (await again.next()).HasField("checkpoint")
    later = await a_candidate(system, WEAKER)
    assert (await again.next()).match.match.candidate_id == later.id
    again.cut()


async def test_a_snapshot_cut_in_the_middle_goes_on_at_the_next_row(
    system: System, matching: MatchingServiceStub
) -> None:
    for resume in (RESUME, WEAKER):
        await a_candidate(system, resume)
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    rows = await ranked(matching, recruiter, position, 2)
    feed = Feed(matching, recruiter, position)
    assert (await feed.next()).match.match.candidate_id == rows[0].candidate_id
    feed.cut()
    resumed = Feed(matching, recruiter, position, resume_token=feed.token)
    second = (await resumed.next()).match
    assert (second.match.candidate_id, second.new_rank) == (rows[1].candidate_id, 2)
    assert (await resumed.next()).HasField("snapshot_complete")
    resumed.cut()


async def test_only_the_followed_ranks_are_sent(system: System, matching: MatchingServiceStub) -> None:
    weaker, recruiter = await a_candidate(system, WEAKER), await a_recruiter(system)
    position = await a_position(system, recruiter)
    await ranked(matching, recruiter, position, 1)
    feed = Feed(matching, recruiter, position, limit=1)
    assert (await feed.match_of(weaker)).new_rank == 1
    assert (await feed.next()).HasField("snapshot_complete")
    better = await a_candidate(system)
    events = [(await feed.next()).match for _ in range(2)]
    kinds = {event.match.candidate_id: event.kind for event in events}
    assert kinds == {weaker.id: Kind.KIND_LEFT, better.id: Kind.KIND_ENTERED}
    feed.cut()


async def test_another_organizations_ranking_is_not_there(system: System, matching: MatchingServiceStub) -> None:
    position = await a_position(system, await a_recruiter(system))
    stranger = await a_recruiter(system)
    for key in (position.id, str(uuid4())):
        with refused("NOT_FOUND", resource="position", id=key):
            await matching.ListMatches(pb.ListMatchesRequest(position_id=key), metadata=stranger.metadata)
        with refused("NOT_FOUND", resource="position", id=key):
            await matching.StreamMatches(pb.StreamMatchesRequest(position_id=key), metadata=stranger.metadata).read()


async def test_one_match_is_explained_and_who_is_not_ranked_is_not_there(
    system: System, matching: MatchingServiceStub
) -> None:
    candidate, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter)
    listed = (await ranked(matching, recruiter, position, 1))[0]
    request = pb.ExplainMatchRequest(position_id=position.id, candidate_id=candidate.id)
    assert await matching.ExplainMatch(request, metadata=recruiter.metadata) == listed
    with refused("NOT_FOUND", resource="match"):
        nobody = pb.ExplainMatchRequest(position_id=position.id, candidate_id=str(uuid4()))
        await matching.ExplainMatch(nobody, metadata=recruiter.metadata)


async def test_a_new_text_is_ranked_anew(system: System, matching: MatchingServiceStub) -> None:
    await a_candidate(system)
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    before = (await ranked(matching, recruiter, position, 1))[0]
    feed = Feed(matching, recruiter, position)
    await feed.next()
    change = talenthub.UpdatePositionRequest(
        position_id=position.id,
        position=Position(description="You must have ten years of experience in COBOL and nursing."),
    )
    changed = await TalentHubServiceStub(system.direct("talenthub")).UpdatePosition(change, metadata=recruiter.metadata)
    while (after := (await feed.next()).match.match).position_etag != changed.etag:
        pass
    assert after.score < before.score
    feed.cut()
