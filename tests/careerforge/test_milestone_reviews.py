"""Proofs of milestones that wait for a reviewer, who is never the person."""

import asyncio

import grpc
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb

from tests.builders import a_job_seeker, a_recruiter, with_role
from tests.careerforge.shown import Showing
from tests.careerforge.test_documents import LETTER
from tests.careerforge.test_milestones import (
    ACCEPTED,
    CERTIFICATE,
    IN_REVIEW,
    JOB,
    NONE,
    PROJECT,
    PROOF,
    REJECTED,
    SKILL,
    in_review,
)
from tests.harness import System
from tests.refusals import refused


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


@pytest.fixture
async def reviewer(system: System) -> Showing:
    return Showing(system, await with_role(system, await a_job_seeker(system), "ops"))


@pytest.mark.parametrize(("kind", "points"), [(JOB, 100), (SKILL, 30), (CERTIFICATE, 50), (PROJECT, 20)])
async def test_half_the_points_until_a_reviewer_accepts_then_all(
    ada: Showing, reviewer: Showing, kind: int, points: int
) -> None:
    sent = await in_review(ada, kind=kind)
    assert (sent.verification, sent.achievement_points, await ada.score()) == (IN_REVIEW, points // 2, points // 2)
    await reviewer.review(sent.id, accept=True, reason="the issuer confirms it")
    (milestone,) = await ada.milestones()
    assert (milestone.verification, milestone.verified, milestone.achievement_points) == (ACCEPTED, True, points)
    assert milestone.verification_message == "the issuer confirms it"
    assert milestone.HasField("verify_time")
    assert await ada.score() == (await ada.progress()).achievement_score == points


async def test_a_rejected_proof_says_why_and_may_be_sent_again_once_it_changed(ada: Showing, reviewer: Showing) -> None:
    sent = await in_review(ada)
    await reviewer.review(sent.id, accept=False, reason="the page is empty")
    (milestone,) = await ada.milestones()
    assert (milestone.verification, milestone.verification_message) == (REJECTED, "the page is empty")
    assert (milestone.achievement_points, await ada.score()) == (25, 25)
    with refused("WRONG_STATE", state="REJECTED"):
        await ada.verify(sent.id)
    changed = await ada.change(sent.id, proof_url=PROOF + "/2")
    assert (changed.verification, changed.verification_message) == (NONE, "")
    assert (await ada.verify(sent.id)).verification == IN_REVIEW


async def test_what_changes_in_review_is_not_in_review_any_more(ada: Showing, reviewer: Showing) -> None:
    sent = await in_review(ada)
    (review,) = [one for one in await reviewer.reviews() if one.milestone_id == sent.id]
    await ada.change(sent.id, title="Another title")
    with refused("NOT_FOUND", resource="milestone review"):
        await reviewer.review(sent.id, accept=True)
    await ada.verify(sent.id)
    with refused("ETAG_MISMATCH"):
        await reviewer.review(sent.id, accept=True, etag=review.etag)
    assert not (await ada.milestones())[0].verified


async def test_a_file_is_a_proof_that_only_reviewers_see(ada: Showing, reviewer: Showing, system: System) -> None:
    document = await ada.a_document(LETTER, filename="letter.txt")
    made = await ada.reach(proof_document_id=document.id)
    with refused("NOT_FOUND", resource="milestone review"):
        await reviewer.proof(made.id)
    sent = await ada.verify(made.id)
    (review,) = [one for one in await reviewer.reviews() if one.milestone_id == sent.id]
    assert (review.title, review.proof_document.filename) == (made.title, "letter.txt")
    assert (await reviewer.proof(sent.id)).data == LETTER.encode()
    looked = "action like '%DownloadMilestoneProof' and actor_id = $1 and target = $2 and result = 'OK'"
    assert await system.count("activity.activities", looked, reviewer.person.id, f"milestone/{sent.id}") == 1
    await reviewer.review(sent.id, accept=True)
    with refused("NOT_FOUND", resource="milestone review"):
        await reviewer.proof(sent.id)


async def test_a_document_stays_while_a_verified_milestone_rests_on_it(ada: Showing, reviewer: Showing) -> None:
    document = await ada.a_document(LETTER)
    made = await ada.reach(proof_document_id=document.id)
    await ada.verify(made.id)
    with refused("WRONG_STATE", resource="document", state="PROOF"):
        await ada.delete_document(document.id)
    await reviewer.review(made.id, accept=True)
    with refused("WRONG_STATE", resource="document", state="PROOF"):
        await ada.delete_document(document.id)
    await ada.change(made.id, ("proof_document_id",))
    await ada.delete_document(document.id)
    assert (await ada.milestones())[0].proof_document_id == ""


async def test_nobody_reviews_what_is_their_own(reviewer: Showing) -> None:
    sent = await in_review(reviewer)
    assert sent.id not in [one.milestone_id for one in await reviewer.reviews()]
    with refused("NOT_FOUND", resource="milestone review"):
        await reviewer.review(sent.id, accept=True)
    with refused("NOT_FOUND", resource="milestone review"):
        await reviewer.proof(sent.id)
    assert (await reviewer.milestones())[0].verification == IN_REVIEW


async def test_only_who_may_review_sees_proofs(ada: Showing, system: System) -> None:
    sent = await in_review(ada)
    support = await with_role(system, await a_job_seeker(system), "support")
    for person in (ada.person, await a_recruiter(system), support):
        other = Showing(system, person)
        for attempt in (other.reviews(), other.review(sent.id, accept=True), other.proof(sent.id)):
            with refused("PERMISSION_DENIED", permission="PERMISSION_REVIEW_MILESTONES"):
                await attempt


async def test_proofs_wait_in_order_in_pages(ada: Showing, reviewer: Showing) -> None:
    sent = [(await in_review(ada)).id for _ in range(3)]
    found, token = [], ""
    while True:
        request = pb.ListMilestoneReviewsRequest(page_size=2, page_token=token)
        answer = await reviewer.ask("ListMilestoneReviews", request)
        found += [one.milestone_id for one in answer.reviews]
        if not (token := answer.next_page_token):
            break
    assert [one for one in found if one in sent] == sent


async def test_of_two_reviewers_one_decides(ada: Showing, reviewer: Showing, system: System) -> None:
    other = Showing(system, await with_role(system, await a_job_seeker(system), "ops"))
    sent = await in_review(ada)
    answers = await asyncio.gather(
        reviewer.review(sent.id, accept=True), other.review(sent.id, accept=False), return_exceptions=True
    )
    assert sorted(isinstance(answer, grpc.RpcError) for answer in answers) == [False, True]
    (milestone,) = await ada.milestones()
    assert await ada.score() == milestone.achievement_points == (50 if milestone.verified else 25)
