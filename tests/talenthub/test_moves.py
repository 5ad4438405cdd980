"""Applications on their way through the pipeline."""

import asyncio
from uuid import uuid4

import grpc
import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import (
    STAGE_APPLIED,
    STAGE_INTERVIEW,
    STAGE_REJECTED,
    STAGE_SCREENING,
    STAGE_WITHDRAWN,
    Application,
)
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.access_pb2 import PERMISSION_MANAGE_APPLICATIONS

from services.kit.membership import GRANTS
from tests.builders import a_person_of_all_roles, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.teams import Team, a_team, an_applicant, an_application, join, moved

ROLES = ("recruiter", "hiring_manager", "interviewer", "viewer")
AT_ONCE = 64


@pytest.fixture(scope="module")
async def team(system: System) -> Team:
    return await a_team(system, *ROLES)


async def test_a_step_has_who_and_why_and_the_candidate_reads_only_what_is_meant_for_them(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team)
    after = await moved(system, team, made.id, "REJECTED", reason="no licence", candidate_message="Another time")
    assert after.stage == STAGE_REJECTED
    assert after.etag != made.etag
    steps = pb.ListStageMovesRequest(application_id=made.id)
    last = (await talenthub.ListStageMoves(steps, metadata=team.admin.metadata)).moves[-1]
    assert (last.from_stage, last.to_stage, last.actor_id, last.reason) == (
        STAGE_APPLIED,
        STAGE_REJECTED,
        team.admin.id,
        "no licence",
    )
    (seen,) = (
        await talenthub.ListMyApplications(pb.ListMyApplicationsRequest(), metadata=seeker.metadata)
    ).applications
    assert (seen.stage, seen.candidate_message) == (STAGE_REJECTED, "Another time")
    with refused("PERMISSION_DENIED"):
        await talenthub.ListStageMoves(steps, metadata=seeker.metadata)


@pytest.mark.parametrize("reason", ["", "  ", "…"])
async def test_nobody_is_rejected_without_a_reason(system: System, team: Team, reason: str) -> None:
    made = await an_application(system, team)
    with refused("INVALID_ARGUMENT", field="reason"):
        await moved(system, team, made.id, "REJECTED", reason=reason)
    assert await system.count("talenthub.applications", "id = $1 and stage = 'APPLIED'", made.id) == 1
    assert await system.count("talenthub.stage_moves", "application_id = $1", made.id) == 1
    assert await system.count("talenthub.decisions", "subject_id = $1", made.id) == 0


async def test_a_rejection_can_be_taken_back(system: System, team: Team) -> None:
    made = await an_application(system, team)
    await moved(system, team, made.id, "REJECTED")
    with refused("INVALID_ARGUMENT", field="reason"):
        await moved(system, team, made.id, "INTERVIEW", reason="")
    assert (await moved(system, team, made.id, "INTERVIEW", reason="was wrong")).stage == STAGE_INTERVIEW


async def test_a_step_that_does_not_exist_says_what_is_needed(system: System, team: Team) -> None:
    made = await an_application(system, team)
    with refused("WRONG_STATE", resource="application", state="APPLIED", needed="OFFER"):
        await moved(system, team, made.id, "HIRED")
    with refused("WRONG_STATE", state="APPLIED"):
        await moved(system, team, made.id, "WITHDRAWN")


async def test_stages_that_the_organization_left_out_are_not_entered(system: System) -> None:
    team = await a_team(system)
    await system.database.execute(
        """update talenthub.organizations set stages = '[{"stage": "INTERVIEW", "display_name": "Talk"}]' where id = $1""",
        team.organization_id,
    )
    made = await an_application(system, team)
    for left_out in ("SCREENING", "OFFER"):
        with refused("WRONG_STATE", state="APPLIED"):
            await moved(system, team, made.id, left_out)
    assert (await moved(system, team, made.id, "INTERVIEW")).stage == STAGE_INTERVIEW
    await moved(system, team, made.id, "HIRED")


@pytest.mark.parametrize("role", ROLES)
async def test_members_move_if_their_role_grants_it(
    system: System, talenthub: TalentHubServiceStub, team: Team, role: str
) -> None:
    made = await an_application(system, team)
    request = pb.MoveApplicationRequest(application_id=made.id, stage=STAGE_SCREENING)
    if PERMISSION_MANAGE_APPLICATIONS in GRANTS[role]:
        after = await talenthub.MoveApplication(request, metadata=team.members[role].metadata)
        assert after.stage == STAGE_SCREENING
        return
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.MoveApplication(request, metadata=team.members[role].metadata)


async def test_another_organizations_application_is_not_there(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made, stranger = await an_application(system, team), await a_recruiter(system)
    for key in (made.id, str(uuid4())):
        move = pb.MoveApplicationRequest(application_id=key, stage=STAGE_SCREENING)
        with refused("NOT_FOUND", resource="application", id=key):
            await talenthub.MoveApplication(move, metadata=stranger.metadata)
        with refused("NOT_FOUND", resource="application", id=key, index="0"):
            await talenthub.MoveApplications(pb.MoveApplicationsRequest(moves=[move]), metadata=stranger.metadata)
        with refused("NOT_FOUND", resource="application", id=key):
            steps = pb.ListStageMovesRequest(application_id=key)
            await talenthub.ListStageMoves(steps, metadata=stranger.metadata)


async def test_nobody_decides_about_themselves(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    colleague = await a_person_of_all_roles(system)
    await join(system, team.organization_id, colleague, "ADMIN")
    made = await an_application(system, team, colleague)
    move = pb.MoveApplicationRequest(application_id=made.id, stage=STAGE_SCREENING)
    for call in (
        talenthub.MoveApplication(move, metadata=colleague.metadata),
        talenthub.MoveApplications(pb.MoveApplicationsRequest(moves=[move]), metadata=colleague.metadata),
        talenthub.ListStageMoves(pb.ListStageMovesRequest(application_id=made.id), metadata=colleague.metadata),
    ):
        with refused("PERMISSION_DENIED"):
            await call


async def test_of_64_who_move_one_application_at_once_one_wins(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made = await an_application(system, team)
    movers = [team.members[role] for role in ("admin", "recruiter", "hiring_manager")]
    stages = (STAGE_SCREENING, STAGE_INTERVIEW, STAGE_REJECTED)

    async def move(number: int) -> Application:
        request = pb.MoveApplicationRequest(
            application_id=made.id, stage=stages[number % 3], reason=f"mover {number}", etag=made.etag
        )
        return await talenthub.MoveApplication(request, metadata=movers[number % 2].metadata)

    answers = await asyncio.gather(*map(move, range(AT_ONCE)), return_exceptions=True)
    winners = [answer for answer in answers if isinstance(answer, Application)]
    codes = [answer.code() for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert (len(winners), codes) == (1, [grpc.StatusCode.ABORTED] * (AT_ONCE - 1))
    assert await system.count("talenthub.stage_moves", "application_id = $1", made.id) == 2
    assert await system.count("talenthub.decisions", "subject_id = $1", made.id) == 1
    with refused("ETAG_MISMATCH", grpc.StatusCode.ABORTED, resource="application"):
        await move(0)


async def test_the_same_request_moves_once(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    made, key = await an_application(system, team), str(uuid4())
    first = await moved(system, team, made.id, "SCREENING", request_id=key, etag=made.etag)
    again = await asyncio.gather(
        *(moved(system, team, made.id, "SCREENING", request_id=key, etag=made.etag) for _ in range(5))
    )
    assert all(answer == first for answer in again)
    assert await system.count("talenthub.stage_moves", "application_id = $1", made.id) == 2


async def test_several_are_moved_all_or_none(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    made = [await an_application(system, team) for _ in range(4)]
    await moved(system, team, made[2].id, "REJECTED")

    def request(reason: str, **fields: str) -> pb.MoveApplicationsRequest:
        moves = [pb.MoveApplicationRequest(application_id=a.id, stage=STAGE_SCREENING, reason=reason) for a in made]
        return pb.MoveApplicationsRequest(moves=moves, **fields)

    with refused("INVALID_ARGUMENT", field="moves[2].reason", index="2") as refusal:
        await talenthub.MoveApplications(request(""), metadata=team.admin.metadata)
    assert refusal.fields.keys() == {"moves[2].reason"}
    keys = [application.id for application in made]
    assert await system.count("talenthub.applications", "id = any($1) and stage = 'SCREENING'", keys) == 0
    whole = request("read again", request_id=str(uuid4()))
    answer = await talenthub.MoveApplications(whole, metadata=team.admin.metadata)
    assert [(a.id, a.stage) for a in answer.applications] == [(key, STAGE_SCREENING) for key in keys]
    assert await talenthub.MoveApplications(whole, metadata=team.admin.metadata) == answer


async def test_the_first_of_several_that_was_changed_is_named(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made = [await an_application(system, team) for _ in range(2)]
    await moved(system, team, made[1].id, "SCREENING")
    moves = [pb.MoveApplicationRequest(application_id=a.id, stage=STAGE_INTERVIEW, etag=a.etag) for a in reversed(made)]
    with refused("ETAG_MISMATCH", index="0"):
        await talenthub.MoveApplications(pb.MoveApplicationsRequest(moves=moves), metadata=team.admin.metadata)
    with refused("INVALID_ARGUMENT", field="moves[0].application_id"):
        twice = pb.MoveApplicationsRequest(moves=[moves[1], moves[1]])
        await talenthub.MoveApplications(twice, metadata=team.admin.metadata)


async def test_two_who_move_the_same_ones_in_opposite_order_both_go_on(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made = [await an_application(system, team) for _ in range(6)]

    async def move(stage: int, order: int) -> pb.MoveApplicationsResponse:
        moves = [pb.MoveApplicationRequest(application_id=a.id, stage=stage) for a in made[::order]]
        return await talenthub.MoveApplications(pb.MoveApplicationsRequest(moves=moves), metadata=team.admin.metadata)

    await asyncio.gather(move(STAGE_SCREENING, 1), move(STAGE_INTERVIEW, -1))
    stages = await system.database.fetch(
        "select distinct stage from talenthub.applications where id = any($1)", [a.id for a in made]
    )
    assert len(stages) == 1


async def test_candidates_withdraw_once_and_for_good(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team)
    request = pb.WithdrawApplicationRequest(application_id=made.id, reason="found work", request_id=str(uuid4()))
    after = await talenthub.WithdrawApplication(request, metadata=seeker.metadata)
    assert after.stage == STAGE_WITHDRAWN
    assert await talenthub.WithdrawApplication(request, metadata=seeker.metadata) == after
    with refused("WRONG_STATE", state="WITHDRAWN"):
        other = pb.WithdrawApplicationRequest(application_id=made.id)
        await talenthub.WithdrawApplication(other, metadata=seeker.metadata)
    with refused("WRONG_STATE", state="WITHDRAWN"):
        await moved(system, team, made.id, "SCREENING")
    steps = pb.ListStageMovesRequest(application_id=made.id)
    last = (await talenthub.ListStageMoves(steps, metadata=team.admin.metadata)).moves[-1]
    assert (last.actor_id, last.reason) == (seeker.id, "found work")


async def test_only_the_own_application_is_withdrawn(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made, (other, _) = await an_application(system, team), await an_applicant(system, team)
    with refused("NOT_FOUND", resource="application", id=made.id):
        request = pb.WithdrawApplicationRequest(application_id=made.id)
        await talenthub.WithdrawApplication(request, metadata=other.metadata)


async def test_steps_stand_in_the_log_of_decisions(system: System, team: Team) -> None:
    made = await an_application(system, team)
    for stage in ("SCREENING", "OFFER", "REJECTED"):
        await moved(system, team, made.id, stage, reason=f"to {stage}")
    rows = await system.database.fetch(
        "select kind, actor_id, reason from talenthub.decisions where subject_id = $1 order by sequence", made.id
    )
    assert [(row["kind"], str(row["actor_id"]), row["reason"]) for row in rows] == [
        ("moved", team.admin.id, "to SCREENING"),
        ("offered", team.admin.id, "to OFFER"),
        ("rejected", team.admin.id, "to REJECTED"),
    ]
