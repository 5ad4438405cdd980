"""What members write about applications, and how they rate them."""

import asyncio
from uuid import uuid4

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB

from tests.builders import a_person, a_person_of_all_roles, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.teams import Team, a_talk, a_team, an_applicant, an_application, join


@pytest.fixture(scope="module")
async def team(system: System) -> Team:
    return await a_team(system, "recruiter", "viewer")


async def test_notes_are_written_once_for_a_request_and_listed_newest_first(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made = await an_application(system, team)
    metadata = {"metadata": team.members["recruiter"].metadata}
    first = pb.CreateNoteRequest(application_id=made.id, text="Called", request_id=str(uuid4()))
    notes = await asyncio.gather(*(talenthub.CreateNote(first, **metadata) for _ in range(4)))
    assert len({note.id for note in notes}) == 1
    for text in ("Wrote", "Met"):
        await talenthub.CreateNote(pb.CreateNoteRequest(application_id=made.id, text=text), **metadata)
    viewer = team.members["viewer"].metadata
    page = await talenthub.ListNotes(pb.ListNotesRequest(application_id=made.id, page_size=2), metadata=viewer)
    assert [(note.text, note.author_id) for note in page.notes] == [
        ("Met", team.members["recruiter"].id),
        ("Wrote", team.members["recruiter"].id),
    ]
    rest = pb.ListNotesRequest(application_id=made.id, page_size=2, page_token=page.next_page_token)
    assert (await talenthub.ListNotes(rest, metadata=viewer)).notes == [notes[0]]


async def test_rating_again_replaces_the_own_rating(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made = await an_application(system, team)

    def rate(role: str, requirement: str, grade: int) -> object:
        request = pb.RateApplicationRequest(application_id=made.id, requirement_id=requirement, grade=grade)
        return talenthub.RateApplication(request, metadata=team.members[role].metadata)

    await rate("admin", "r1", 1)
    await rate("recruiter", "r1", 4)
    await rate("admin", "r2", 5)
    await asyncio.gather(*(rate("admin", "r1", 3) for _ in range(6)))  # type: ignore[arg-type]
    request = pb.ListRatingsRequest(application_id=made.id)
    ratings = (await talenthub.ListRatings(request, metadata=team.admin.metadata)).ratings
    assert [(r.author_id, r.requirement_id, r.grade) for r in ratings] == [
        (team.admin.id, "r1", 3),
        (team.members["recruiter"].id, "r1", 4),
        (team.admin.id, "r2", 5),
    ]


async def test_a_viewer_reads_and_writes_nothing(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    made, viewer = await an_application(system, team), {"metadata": team.members["viewer"].metadata}
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.CreateNote(pb.CreateNoteRequest(application_id=made.id, text="x"), **viewer)
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        rate = pb.RateApplicationRequest(application_id=made.id, requirement_id="r", grade=1)
        await talenthub.RateApplication(rate, **viewer)


async def test_what_is_said_stays_among_colleagues(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    seeker, made = await an_applicant(system, team)
    stranger = await a_recruiter(system)
    for request in (
        pb.CreateNoteRequest(application_id=made.id, text="x"),
        pb.ListNotesRequest(application_id=made.id),
        pb.RateApplicationRequest(application_id=made.id, requirement_id="r", grade=1),
        pb.ListRatingsRequest(application_id=made.id),
    ):
        method = getattr(talenthub, type(request).__name__.removesuffix("Request"))
        with refused("NOT_FOUND", resource="application", id=made.id):
            await method(request, metadata=stranger.metadata)
        with refused("PERMISSION_DENIED"):
            await method(request, metadata=seeker.metadata)


async def test_interviewers_rate_those_that_they_talk_with_and_nobody_else(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    interviewer = await a_person(system, PLATFORM_TALENTHUB)
    await join(system, team.organization_id, interviewer, "INTERVIEWER")
    mine, other = await an_application(system, team), await an_application(system, team)
    await a_talk(system, team, mine.id, interviewer)
    rate = pb.RateApplicationRequest(application_id=mine.id, requirement_id="r", grade=4)
    assert (await talenthub.RateApplication(rate, metadata=interviewer.metadata)).author_id == interviewer.id
    rate.application_id = other.id
    with refused("NOT_FOUND", resource="application", id=other.id):
        await talenthub.RateApplication(rate, metadata=interviewer.metadata)
    note = pb.CreateNoteRequest(application_id=mine.id, text="x")
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.CreateNote(note, metadata=interviewer.metadata)


async def test_nobody_rates_reads_or_writes_about_themselves(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    colleague = await a_person_of_all_roles(system)
    await join(system, team.organization_id, colleague, "ADMIN")
    made = await an_application(system, team, colleague)
    for request in (
        pb.CreateNoteRequest(application_id=made.id, text="x"),
        pb.ListNotesRequest(application_id=made.id),
        pb.RateApplicationRequest(application_id=made.id, requirement_id="r", grade=5),
        pb.ListRatingsRequest(application_id=made.id),
    ):
        method = getattr(talenthub, type(request).__name__.removesuffix("Request"))
        with refused("PERMISSION_DENIED", permission="an application of somebody else"):
            await method(request, metadata=colleague.metadata)


async def test_two_applications_may_be_written_about_with_the_same_request(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    key = str(uuid4())
    for _ in range(2):
        made = await an_application(system, team)
        request = pb.CreateNoteRequest(application_id=made.id, text="x", request_id=key)
        assert (await talenthub.CreateNote(request, metadata=team.admin.metadata)).application_id == made.id
