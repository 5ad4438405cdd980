"""What people say against a match or a decision, and what they are answered; both on the record."""

import asyncio
from uuid import UUID, uuid4

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Application
from skillsync.talenthub.v1.fairness_pb2 import Dispute
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from services.talenthub import decisions
from tests.builders import Person, a_job_seeker, a_person, a_person_of_all_roles, a_position, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.teams import a_talk, a_team, an_applicant, join


async def an_application(system: System, recruiter: Person, seeker: Person) -> tuple[Position, Application]:
    position = await a_position(system, recruiter)
    stub = TalentHubServiceStub(system.direct("talenthub"))
    return position, await stub.Apply(pb.ApplyRequest(position_id=position.id), metadata=seeker.metadata)


async def log_of(system: System, organization_id: str) -> list[tuple[str, str, str]]:
    """Kind, actor and reason, of a chain that holds."""
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db, db.read() as session:
        assert await decisions.verify_chain(session, UUID(organization_id)) is None
    rows = await system.database.fetch(
        "select kind, actor_id, reason from talenthub.decisions where organization_id = $1 and kind = any($2) order by sequence",
        UUID(organization_id), ["disputed", "answered", "corrected"],
    )  # fmt: skip
    return [(row["kind"], str(row["actor_id"]), row["reason"]) for row in rows]


@pytest.mark.parametrize(
    ("corrected", "state", "kind"),
    [(True, Dispute.STATE_CORRECTED, "corrected"), (False, Dispute.STATE_ANSWERED, "answered")],
)
async def test_a_dispute_is_answered_once_and_both_words_are_on_the_record(
    system: System, talenthub: TalentHubServiceStub, corrected: bool, state: int, kind: str
) -> None:
    recruiter, seeker = await a_recruiter(system), await a_job_seeker(system)
    position, application = await an_application(system, recruiter, seeker)
    create = pb.CreateDisputeRequest(application_id=application.id, text="I know Docker.", request_id=str(uuid4()))
    made = await asyncio.gather(*(talenthub.CreateDispute(create, metadata=seeker.metadata) for _ in range(4)))
    assert {one.id for one in made} == {made[0].id}
    assert (made[0].state, made[0].text, made[0].answer) == (Dispute.STATE_OPEN, "I know Docker.", "")
    answer = pb.AnswerDisputeRequest(dispute_id=made[0].id, answer="You are right.", corrected=corrected)
    for _ in range(2):
        found = await talenthub.AnswerDispute(answer, metadata=recruiter.metadata)
        assert (found.state, found.answer) == (state, "You are right.")
    answer.answer = "On second thoughts, no."
    with refused("WRONG_STATE", needed="OPEN"):
        await talenthub.AnswerDispute(answer, metadata=recruiter.metadata)
    assert await log_of(system, position.organization_id) == [
        ("disputed", seeker.id, "I know Docker."),
        (kind, recruiter.id, "You are right."),
    ]


async def test_both_sides_list_them_newest_first(system: System, talenthub: TalentHubServiceStub) -> None:
    recruiter, seeker = await a_recruiter(system), await a_job_seeker(system)
    position, application = await an_application(system, recruiter, seeker)
    for number in range(3):
        create = pb.CreateDisputeRequest(application_id=application.id, text=f"Word {number}")
        await talenthub.CreateDispute(create, metadata=seeker.metadata)
    # Also where the position is not public any more.
    await talenthub.PausePosition(pb.PausePositionRequest(position_id=position.id), metadata=recruiter.metadata)
    for who in (recruiter, seeker):
        request = pb.ListDisputesRequest(application_id=application.id, page_size=2)
        first = await talenthub.ListDisputes(request, metadata=who.metadata)
        request.page_token = first.next_page_token
        second = await talenthub.ListDisputes(request, metadata=who.metadata)
        assert [one.text for one in (*first.disputes, *second.disputes)] == ["Word 2", "Word 1", "Word 0"]
    late = pb.CreateDisputeRequest(application_id=application.id, text="And this.")
    assert (await talenthub.CreateDispute(late, metadata=seeker.metadata)).state == Dispute.STATE_OPEN


async def test_others_disputes_and_applications_are_not_there(system: System, talenthub: TalentHubServiceStub) -> None:
    recruiter, seeker = await a_recruiter(system), await a_job_seeker(system)
    _, application = await an_application(system, recruiter, seeker)
    create = pb.CreateDisputeRequest(application_id=application.id, text="No.")
    dispute = await talenthub.CreateDispute(create, metadata=seeker.metadata)
    other_seeker, other_recruiter = await a_job_seeker(system), await a_recruiter(system)
    for key in (application.id, str(uuid4())):
        with refused("NOT_FOUND", resource="application", id=key):
            request = pb.CreateDisputeRequest(application_id=key, text="Mine?")
            await talenthub.CreateDispute(request, metadata=other_seeker.metadata)
        for who in (other_seeker, other_recruiter):
            with refused("NOT_FOUND", resource="application", id=key):
                await talenthub.ListDisputes(pb.ListDisputesRequest(application_id=key), metadata=who.metadata)
    for key in (dispute.id, str(uuid4())):
        with refused("NOT_FOUND", resource="dispute", id=key):
            answer = pb.AnswerDisputeRequest(dispute_id=key, answer="No.")
            await talenthub.AnswerDispute(answer, metadata=other_recruiter.metadata)


async def test_who_only_looks_on_does_not_answer(system: System, talenthub: TalentHubServiceStub) -> None:
    recruiter, viewer, seeker = await a_recruiter(system), await a_person(system, 2), await a_job_seeker(system)
    position, application = await an_application(system, recruiter, seeker)
    await system.database.execute(
        "insert into talenthub.members (id, organization_id, account_id, role) values ($1, $2, $3, 'VIEWER')",
        uuid4(), UUID(position.organization_id), UUID(viewer.id),
    )  # fmt: skip
    create = pb.CreateDisputeRequest(application_id=application.id, text="No.")
    dispute = await talenthub.CreateDispute(create, metadata=seeker.metadata)
    listed = await talenthub.ListDisputes(
        pb.ListDisputesRequest(application_id=application.id), metadata=viewer.metadata
    )
    assert [one.id for one in listed.disputes] == [dispute.id]
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.AnswerDispute(
            pb.AnswerDisputeRequest(dispute_id=dispute.id, answer="No."), metadata=viewer.metadata
        )


async def test_nobody_answers_their_own_word(system: System, talenthub: TalentHubServiceStub) -> None:
    """Be the person who applied a colleague, whose role would let them."""
    recruiter, colleague = await a_recruiter(system), await a_person_of_all_roles(system)
    position, application = await an_application(system, recruiter, colleague)
    await join(system, position.organization_id, colleague, "ADMIN")
    create = pb.CreateDisputeRequest(application_id=application.id, text="No.")
    dispute = await talenthub.CreateDispute(create, metadata=colleague.metadata)
    with refused("PERMISSION_DENIED"):
        answer = pb.AnswerDisputeRequest(dispute_id=dispute.id, answer="Yes.", corrected=True)
        await talenthub.AnswerDispute(answer, metadata=colleague.metadata)
    assert len(await log_of(system, position.organization_id)) == 1


async def test_interviewers_see_disputes_of_those_that_they_talk_with(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    team = await a_team(system, "interviewer")
    interviewer, (_, application) = team.members["interviewer"], await an_applicant(system, team)
    request = pb.ListDisputesRequest(application_id=application.id)
    with refused("NOT_FOUND", resource="application", id=application.id):
        await talenthub.ListDisputes(request, metadata=interviewer.metadata)
    await a_talk(system, team, application.id, interviewer)
    assert not (await talenthub.ListDisputes(request, metadata=interviewer.metadata)).disputes


async def test_of_two_who_answer_at_once_one_is_told(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system, "recruiter")
    seeker, application = await an_applicant(system, team)
    create = pb.CreateDisputeRequest(application_id=application.id, text="No.")
    dispute = await talenthub.CreateDispute(create, metadata=seeker.metadata)
    answers = await asyncio.gather(
        *(
            talenthub.AnswerDispute(
                pb.AnswerDisputeRequest(dispute_id=dispute.id, answer=f"{role} says so"),
                metadata=team.members[role].metadata,
            )
            for role in ("admin", "recruiter")
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Dispute) for answer in answers) == 1
    assert len(await log_of(system, team.organization_id)) == 2


async def test_two_applications_may_be_disputed_with_the_same_request(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    key, team = str(uuid4()), await a_team(system)
    for _ in range(2):
        seeker, application = await an_applicant(system, team)
        create = pb.CreateDisputeRequest(application_id=application.id, text="No.", request_id=key)
        made = await talenthub.CreateDispute(create, metadata=seeker.metadata)
        assert made.application_id == application.id
