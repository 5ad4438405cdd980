"""Milestones: what they bring, how their proof is reviewed, and that the score is their sum whatever happens."""

import asyncio
import random
from typing import Any

import grpc
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import growth_pb2
from skillsync.careerforge.v1.growth_pb2 import Milestone

from services.careerforge import milestones
from tests.builders import a_job_seeker, with_role
from tests.careerforge.shown import Showing, an_id
from tests.careerforge.test_documents import LETTER
from tests.harness import System
from tests.refusals import refused

NONE, IN_REVIEW, ACCEPTED, REJECTED = (
    Milestone.VERIFICATION_NONE,
    Milestone.VERIFICATION_IN_REVIEW,
    Milestone.VERIFICATION_ACCEPTED,
    Milestone.VERIFICATION_REJECTED,
)
JOB, SKILL, CERTIFICATE, PROJECT = 1, 2, 3, 4
# Nobody is asked for what lies there.
PROOF = "https://10.0.0.1/proof"


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


@pytest.fixture
async def reviewer(system: System) -> Showing:
    return Showing(system, await with_role(system, await a_job_seeker(system), "ops"))


async def in_review(ada: Showing, **fields: Any) -> Milestone:
    made = await ada.reach(**({"proof_url": PROOF} | fields))
    return await ada.verify(made.id)


async def test_a_milestone_is_kept_as_stated(ada: Showing) -> None:
    made = await ada.reach("CKA", CERTIFICATE, description="Kubernetes", proof_url=PROOF)
    assert (made.title, made.description, made.proof_url) == ("CKA", "Kubernetes", PROOF)
    assert (made.achievement_points, made.verified, made.verification) == (25, False, NONE)
    assert await ada.milestones() == [made]


@pytest.mark.parametrize(
    "change", [{"title": "Nobel Prize"}, {"proof_url": PROOF + "/other"}, {"milestone_type": JOB}, {"description": "x"}]
)
async def test_what_changes_after_it_was_verified_is_not_verified_any_more(
    ada: Showing, reviewer: Showing, change: dict[str, Any]
) -> None:
    sent = await in_review(ada)
    await reviewer.review(sent.id, accept=True)
    changed = await ada.change(sent.id, **change)
    points = 50 if "milestone_type" in change else 25
    assert (changed.verified, changed.verification, changed.achievement_points) == (False, NONE, points)
    assert not changed.HasField("verify_time")
    assert await ada.score() == points


async def test_what_is_said_again_changes_nothing(ada: Showing, reviewer: Showing) -> None:
    sent = await in_review(ada, title="CKA")
    await reviewer.review(sent.id, accept=True)
    assert (await ada.change(sent.id, title="CKA", proof_url=PROOF)).verified


async def test_only_what_has_a_proof_can_be_verified_and_only_once(ada: Showing, reviewer: Showing) -> None:
    made = await ada.reach()
    with refused("WRONG_STATE", state="NO_PROOF"):
        await ada.verify(made.id)
    sent = await in_review(ada)
    with refused("WRONG_STATE", state="IN_REVIEW"):
        await ada.verify(sent.id)
    await reviewer.review(sent.id, accept=True)
    with refused("WRONG_STATE", state="ACCEPTED"):
        await ada.verify(sent.id)


async def test_a_file_that_was_not_scanned_is_no_proof_yet(ada: Showing) -> None:
    document = await ada.a_document(LETTER)
    made = await ada.reach(proof_document_id=document.id)
    await ada.system.database.execute("update careerforge.documents set clean = false where id = $1", document.id)
    with refused("WRONG_STATE", resource="document", state="QUARANTINED"):
        await ada.verify(made.id)


async def test_a_document_that_goes_leaves_the_milestone_without_it(ada: Showing) -> None:
    document = await ada.a_document(LETTER)
    made = await ada.reach(proof_document_id=document.id)
    await ada.delete_document(document.id)
    (milestone,) = await ada.milestones()
    assert (milestone.id, milestone.proof_document_id) == (made.id, "")
    with refused("WRONG_STATE", state="NO_PROOF"):
        await ada.verify(made.id)


async def test_a_document_of_somebody_else_is_no_proof(ada: Showing) -> None:
    eve = Showing(ada.system, await a_job_seeker(ada.system))
    document, made = await ada.a_document(LETTER), await eve.reach()
    answers = set()
    for document_id in (document.id, an_id()):
        with refused("NOT_FOUND", resource="document") as refusal:
            await eve.reach(proof_document_id=document_id)
        answers.add(refusal.message.replace(document_id, "ID"))
        with refused("NOT_FOUND", resource="document"):
            await eve.change(made.id, proof_document_id=document_id)
    assert len(answers) == 1
    assert await eve.milestones() == [made]


async def test_the_same_request_has_effect_once(ada: Showing, reviewer: Showing) -> None:
    request_id = an_id()
    made = await asyncio.gather(*(ada.reach(request_id=request_id, proof_url=PROOF) for _ in range(4)))
    assert len({one.id for one in made}) == len(await ada.milestones()) == 1
    change = {"milestone_id": made[0].id, "request_id": an_id(), "title": "x", "etag": made[0].etag}
    assert await ada.change(**change) == await ada.change(**change)
    request_id = an_id()
    sent = await asyncio.gather(*(ada.verify(made[0].id, request_id) for _ in range(4)))
    assert all(one == sent[0] for one in sent)
    request_id = an_id()
    await reviewer.review(made[0].id, accept=True, request_id=request_id)
    await reviewer.review(made[0].id, accept=True, request_id=request_id)
    assert await ada.score() == 50


async def test_what_changed_meanwhile_is_not_overwritten(ada: Showing) -> None:
    made = await ada.reach()
    changed = await ada.change(made.id, description="first", etag=made.etag)
    with refused("ETAG_MISMATCH", resource="milestone"):
        await ada.change(made.id, description="second", etag=made.etag)
    assert await ada.milestones() == [changed]


async def test_a_milestone_has_a_kind_and_a_title(ada: Showing) -> None:
    with refused("INVALID_ARGUMENT", field="milestone.milestone_type"):
        await ada.ask("CreateMilestone", pb.CreateMilestoneRequest(milestone=Milestone(title="x")))
    with refused("INVALID_ARGUMENT", field="milestone.title"):
        await ada.reach(" ")
    made = await ada.reach()
    for field in ("title", "milestone_type"):
        with refused("INVALID_ARGUMENT", field=f"milestone.{field}"):
            await ada.change(made.id, (field,))
    with refused("INVALID_ARGUMENT", field="update_mask"):
        await ada.change(made.id, ("verified",))


async def test_there_is_a_limit_to_how_many(ada: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(milestones, "MOST_MILESTONES", 1)
    await ada.reach()
    with refused("INVALID_ARGUMENT", field="milestone", limit="1"):
        await ada.reach()


async def test_nobody_touches_the_milestones_of_others(ada: Showing) -> None:
    made = await ada.reach(proof_url=PROOF)
    eve = Showing(ada.system, await a_job_seeker(ada.system))
    for attempt in (eve.change(made.id, title="x"), eve.verify(made.id), eve.forget(made.id)):
        with refused("NOT_FOUND", resource="milestone"):
            await attempt
    assert await eve.milestones() == []
    assert await ada.milestones() == [made]


async def test_who_watches_the_profile_sees_points_come_and_go(ada: Showing) -> None:
    made = await ada.reach("A job", growth_pb2.MILESTONE_TYPE_JOB_SECURED)
    stream = ada.stub.WatchProfile(pb.WatchProfileRequest(), metadata=ada.person.metadata)
    seen = []
    async with asyncio.timeout(60):
        while 0 not in seen:
            event = await stream.read()
            if event.HasField("profile"):
                seen.append(event.profile.insights.achievement_score)
            if event.HasField("snapshot_complete"):
                await ada.forget(made.id)
    stream.cancel()
    assert seen[0] == 50


@pytest.mark.parametrize("seed", range(3))
async def test_the_score_is_the_sum_after_any_sequence(ada: Showing, reviewer: Showing, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        known = await ada.milestones()
        step = chance.choice(["reach", "reach", "change", "verify", "review", "forget"])
        one = chance.choice(known) if known else None
        try:
            await _do(step, one, ada, reviewer, chance)
        except grpc.RpcError as refusal:
            assert refusal.code() in (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND)  # noqa: PT017
        now = await ada.milestones()
        total = sum(milestone.achievement_points for milestone in now)
        assert await ada.score() == (await ada.progress()).achievement_score == total
        assert all(milestone.verified == (milestone.verification == ACCEPTED) for milestone in now)
    assert await ada.score() > 0


async def _do(step: str, one: Milestone | None, ada: Showing, reviewer: Showing, chance: random.Random) -> None:
    if step == "reach" or one is None:
        await ada.reach(kind=chance.randint(1, 4), proof_url=chance.choice(["", PROOF]))
    elif step == "change":
        await ada.change(one.id, milestone_type=chance.randint(1, 4), proof_url=f"{PROOF}/{chance.random()}")
    elif step == "verify":
        await ada.verify(one.id)
    elif step == "review":
        await reviewer.review(one.id, accept=chance.random() < 0.7)
    else:
        await ada.forget(one.id)


async def test_points_that_come_at_once_all_count(ada: Showing) -> None:
    await asyncio.gather(*(ada.reach() for _ in range(8)))
    assert await ada.score() == 8 * 25
