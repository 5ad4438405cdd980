"""Talks with applicants, and their calendar files."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from icalendar import Calendar
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Interview
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.db import utc_now
from services.kit.times import moment
from tests.builders import Person, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.teams import Team, a_team, an_applicant, an_application, join, moved

# What a file must escape and fold: a comma, a semicolon, a backslash, a new line, and letters of several bytes over a line's 75.
PLACE = "Room 5, 2nd floor; left\\right\nBring: " + "Пропуск und Straßenschuhe " * 5


@pytest.fixture(scope="module")
async def team(system: System) -> Team:
    return await a_team(system, "recruiter", "interviewer", "viewer", title="Engineer, trains; signals")


def after(**ahead: float) -> Timestamp:
    found = Timestamp()
    found.FromDatetime((utc_now() + timedelta(**ahead)).replace(microsecond=0))
    return found


async def a_talk(system: System, team: Team, application_id: str, **fields: object) -> Interview:
    request = pb.ScheduleInterviewRequest(
        **({"application_id": application_id, "start_time": after(days=1), "duration_minutes": 45} | fields)  # type: ignore[arg-type]
    )
    stub = TalentHubServiceStub(system.direct("talenthub"))
    return await stub.ScheduleInterview(request, metadata=team.members["recruiter"].metadata)


async def calendar_of(system: System, interview: Interview, who: Person) -> tuple[bytes, Calendar]:
    stub = TalentHubServiceStub(system.direct("talenthub"))
    body = await stub.GetInterviewCalendar(
        pb.GetInterviewCalendarRequest(interview_id=interview.id), metadata=who.metadata
    )
    assert body.content_type == "text/calendar; charset=utf-8"
    return body.data, Calendar.from_ical(body.data)


async def test_interviews_are_listed_first_first_to_both_sides(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team)
    hours = (5, 1, 9, 1)
    talks = [await a_talk(system, team, made.id, start_time=after(hours=n)) for n in hours]
    wanted = [talk.id for talk in sorted(talks, key=lambda t: (t.start_time.seconds, t.id))]
    for who in (seeker, team.members["viewer"]):
        found, token = [], ""
        while not found or token:
            request = pb.ListInterviewsRequest(application_id=made.id, page_size=3, page_token=token)
            page = await talenthub.ListInterviews(request, metadata=who.metadata)
            found, token = [*found, *page.interviews], page.next_page_token
        assert [talk.id for talk in found] == wanted


async def test_interviewers_see_the_applications_that_they_talk_about_and_no_others(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    mine, other = await an_application(system, team), await an_application(system, team)
    interviewer = team.members["interviewer"]
    await a_talk(system, team, mine.id, interviewer_ids=[interviewer.id, team.admin.id])
    await a_talk(system, team, other.id, interviewer_ids=[team.admin.id])
    request = pb.ListApplicationsRequest(position_id=team.position.id)
    listed = (await talenthub.ListApplications(request, metadata=interviewer.metadata)).applications
    assert [application.id for application in listed] == [mine.id]
    await talenthub.ListNotes(pb.ListNotesRequest(application_id=mine.id), metadata=interviewer.metadata)
    with refused("NOT_FOUND", resource="application", id=other.id):
        await talenthub.ListNotes(pb.ListNotesRequest(application_id=other.id), metadata=interviewer.metadata)


@pytest.mark.parametrize("start", [Timestamp(seconds=1), after(seconds=-5), after(days=800), Timestamp(seconds=2**60)])
async def test_an_interview_begins_in_the_time_to_come(system: System, team: Team, start: Timestamp) -> None:
    made = await an_application(system, team)
    with refused("INVALID_ARGUMENT", field="start_time"):
        await a_talk(system, team, made.id, start_time=start)


async def test_interviewers_are_members(system: System, team: Team) -> None:
    made, stranger = await an_application(system, team), await a_recruiter(system)
    with refused("INVALID_ARGUMENT", field="interviewer_ids[1]"):
        await a_talk(system, team, made.id, interviewer_ids=[team.admin.id, stranger.id])


async def test_no_talk_is_agreed_on_an_application_that_has_ended(system: System, team: Team) -> None:
    made = await an_application(system, team)
    await moved(system, team, made.id, "REJECTED")
    with refused("WRONG_STATE", resource="application", state="REJECTED"):
        await a_talk(system, team, made.id)


async def test_the_same_request_agrees_on_one_interview(system: System, team: Team) -> None:
    made, key = await an_application(system, team), str(uuid4())
    talks = await asyncio.gather(*(a_talk(system, team, made.id, request_id=key) for _ in range(4)))
    assert len({talk.id for talk in talks}) == 1


async def test_two_applications_may_be_talked_about_with_the_same_request(system: System, team: Team) -> None:
    key, made = str(uuid4()), [await an_application(system, team) for _ in range(2)]
    talks = [await a_talk(system, team, one.id, request_id=key) for one in made]
    assert [talk.application_id for talk in talks] == [one.id for one in made]


async def test_who_left_the_organization_holds_no_talk(system: System, team: Team) -> None:
    made, former = await an_application(system, team), await a_recruiter(system)
    await join(system, team.organization_id, former, "INTERVIEWER")
    await system.database.execute(
        "update talenthub.members set remove_time = now() where organization_id = $1 and account_id = $2",
        team.organization_id, former.id,
    )  # fmt: skip
    with refused("INVALID_ARGUMENT", field="interviewer_ids[0]"):
        await a_talk(system, team, made.id, interviewer_ids=[former.id])


async def test_an_interview_is_held_once_its_end_has_passed_and_then_not_called_off(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    made = await an_application(system, team)
    talk = await a_talk(system, team, made.id)
    await system.database.execute(
        "update talenthub.interviews set start_time = now() - interval '44 minutes' where id = $1", talk.id
    )
    request = pb.ListInterviewsRequest(application_id=made.id)

    async def state() -> int:
        return (await talenthub.ListInterviews(request, metadata=team.admin.metadata)).interviews[0].state

    assert await state() == Interview.STATE_SCHEDULED
    await system.database.execute(
        "update talenthub.interviews set start_time = now() - interval '46 minutes' where id = $1", talk.id
    )
    assert await state() == Interview.STATE_COMPLETED
    with refused("WRONG_STATE", resource="interview", state="COMPLETED", needed="SCHEDULED"):
        cancel = pb.CancelInterviewRequest(interview_id=talk.id)
        await talenthub.CancelInterview(cancel, metadata=team.admin.metadata)


async def test_a_calendar_file_says_what_was_agreed(system: System, team: Team) -> None:
    seeker, made = await an_applicant(system, team)
    talk = await a_talk(system, team, made.id, place=PLACE)
    for who in (seeker, team.members["viewer"]):
        data, calendar = await calendar_of(system, talk, who)
        (event,) = calendar.events
        assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)
        assert event["UID"] == f"{talk.id}@skillsync"
        assert event["LOCATION"] == PLACE
        assert event["SUMMARY"] == "Interview: Engineer, trains; signals"
        begin: datetime = event.start
        assert (begin, event.end - begin) == (moment(talk.start_time), timedelta(minutes=45))
        lines = data.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert b"Room 5\\, 2nd floor\\; left\\\\right\\nBring" in data.replace(b"\r\n ", b"")


async def test_calling_off_reaches_the_same_entry_of_a_calendar(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team)
    talk = await a_talk(system, team, made.id)
    request = pb.CancelInterviewRequest(interview_id=talk.id, etag=talk.etag)
    off = await talenthub.CancelInterview(request, metadata=team.admin.metadata)
    assert off.state == Interview.STATE_CANCELLED
    assert await talenthub.CancelInterview(request, metadata=team.admin.metadata) == off
    _, calendar = await calendar_of(system, talk, seeker)
    (event,) = calendar.events
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert event["UID"] == f"{talk.id}@skillsync"


async def test_an_interview_that_was_changed_is_not_called_off_unseen(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    talk = await a_talk(system, team, (await an_application(system, team)).id)
    with refused("ETAG_MISMATCH", resource="interview"):
        request = pb.CancelInterviewRequest(interview_id=talk.id, etag="v7")
        await talenthub.CancelInterview(request, metadata=team.admin.metadata)


async def test_others_do_not_find_an_interview(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    talk = await a_talk(system, team, (await an_application(system, team)).id)
    stranger, (other, _) = await a_recruiter(system), await an_applicant(system, team)
    for key in (talk.id, str(uuid4())):
        for who in (stranger, other):
            with refused("NOT_FOUND", resource="interview", id=key):
                calendar = pb.GetInterviewCalendarRequest(interview_id=key)
                await talenthub.GetInterviewCalendar(calendar, metadata=who.metadata)
        with refused("NOT_FOUND", resource="interview", id=key):
            cancel = pb.CancelInterviewRequest(interview_id=key)
            await talenthub.CancelInterview(cancel, metadata=stranger.metadata)
