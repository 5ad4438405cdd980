"""Cover letters: written from the profile for an open position, streamed, kept with what they rest on."""

import asyncio
import json
from uuid import uuid4

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.profile_pb2 import Profile
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.work_pb2 import Location

from tests.builders import DESCRIPTION, Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.careerforge.lettering import Letters, an_id, streamed, texts
from tests.careerforge.profiled import Own
from tests.harness import System
from tests.refusals import refused, refused_json


@pytest.fixture(scope="module")
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


@pytest.fixture(scope="module")
async def position_id(system: System, recruiter: Person) -> str:
    return (await a_position(system, recruiter, location=Location(city="Berlin"))).id


@pytest.fixture
async def letters(system: System) -> Letters:
    person = await a_job_seeker(system)
    await an_analysis(system, person)
    return Letters(system, person)


async def test_a_letter_is_streamed_sentence_by_sentence_and_kept(letters: Letters, position_id: str) -> None:
    events = await letters.stream(position_id, tone="warm", length="short")
    letter = events[-1].letter
    assert list(letter.sentences) == streamed(events) == [event.sentence for event in events[:-1]]
    assert await letters.get(letter.id) == letter
    assert (letter.tone, letter.length, letter.language_code, letter.version_number) == ("warm", "short", "en", 1)
    assert (letter.position_title, letter.organization_name) == ("Senior Python Developer", "Example Works")
    assert letter.model == ""
    assert texts(letter)[-1] == "Ada Example"
    paragraphs = [one.paragraph for one in letter.sentences]
    assert paragraphs == sorted(paragraphs)
    assert paragraphs[0] == 0


async def test_each_sentence_points_at_resume_and_position(letters: Letters, position_id: str) -> None:
    letter = await letters.write(position_id)
    resume = await letters.ask("GetResumeText", pb.GetResumeTextRequest(resume_id=letter.resume_id))
    own = [span for one in letter.sentences for span in one.resume_spans]
    asked = [span for one in letter.sentences for span in one.position_spans]
    assert [resume.text[span.start : span.end] for span in own] == [span.text for span in own]
    assert [DESCRIPTION[span.start : span.end] for span in asked] == [span.text for span in asked]
    assert len(own) > 5
    assert len(asked) > 2


@pytest.mark.parametrize(("language", "words"), [("de", "bewerbe"), ("fr", "poste"), ("es", "puesto")])
async def test_letters_come_in_the_language_asked_for(
    letters: Letters, position_id: str, language: str, words: str
) -> None:
    letter = await letters.write(position_id, language_code=language)
    assert letter.language_code == language
    assert words in " ".join(texts(letter))


async def test_the_same_request_streams_the_same_letter_and_costs_nothing(letters: Letters, position_id: str) -> None:
    request_id, before = an_id(), await letters.credits()
    first = await letters.stream(position_id, request_id=request_id)
    again = await letters.stream(position_id, request_id=request_id)
    assert again == first
    assert await letters.credits() == before - 1
    other = await letters.write(position_id)
    assert other.id != first[-1].letter.id
    assert await letters.credits() == before - 2


async def test_of_the_same_request_twice_at_once_one_letter_comes(letters: Letters, position_id: str) -> None:
    request_id, before = an_id(), await letters.credits()
    calls = [letters.stream(position_id, request_id=request_id) for _ in range(4)]
    found = await asyncio.gather(*calls, return_exceptions=True)
    ids = {events[-1].letter.id for events in found if isinstance(events, list)}
    assert len(ids) == 1
    assert await letters.kept() == 1
    assert await letters.credits() == before - 1


async def test_anothers_request_id_is_nothing_to_me(system: System, letters: Letters, position_id: str) -> None:
    other = Letters(system, await a_job_seeker(system))
    await an_analysis(system, other.person)
    request_id = an_id()
    theirs = await other.write(position_id, request_id=request_id)
    mine = await letters.write(position_id, request_id=request_id)
    assert mine.id != theirs.id
    assert (await letters.kept(), await other.kept()) == (1, 1)


async def test_without_credits_nothing_is_written(letters: Letters, position_id: str) -> None:
    for _ in range(await letters.credits()):
        await letters.write(position_id, length="short")
    kept = await letters.kept()
    assert await letters.credits() == 0
    with refused("QUOTA_EXCEEDED", quota="cover_letter"):
        await letters.stream(position_id)
    assert await letters.kept() == kept


async def test_a_position_that_is_not_open_is_not_found(
    system: System, letters: Letters, recruiter: Person, position_id: str
) -> None:
    draft = await a_position(system, recruiter, publish=False)
    paused = await a_position(system, recruiter)
    pause = talenthub.PausePositionRequest(position_id=paused.id)
    await TalentHubServiceStub(system.direct("talenthub")).PausePosition(pause, metadata=recruiter.metadata)
    before = await letters.credits()
    for closed in (draft.id, paused.id, str(uuid4())):
        with refused("NOT_FOUND", resource="position", id=closed):
            await letters.stream(closed)
    assert (await letters.kept(), await letters.credits()) == (0, before)


async def test_who_has_said_nothing_gets_no_letter(system: System, position_id: str) -> None:
    letters = Letters(system, await a_job_seeker(system))
    before = await letters.credits()
    with refused("WRONG_STATE", state="EMPTY"):
        await letters.stream(position_id)
    assert (await letters.kept(), await letters.credits()) == (0, before)


async def test_entries_alone_are_enough(system: System, position_id: str) -> None:
    letters = Letters(system, await a_job_seeker(system))
    own = Own(system, letters.person)
    await own.change(Profile(display_name="Ines Ortega"), "display_name")
    await own.create(
        "Python Developer",
        (2020, 3),
        employer="Harbour Systems",
        current=True,
        description="Built services in Python and PostgreSQL for 40 customers",
    )
    letter = await letters.write(position_id)
    text = " ".join(texts(letter))
    assert "Harbour Systems" in text
    assert "40 customers" in text
    assert texts(letter)[-1] == "Ines Ortega"
    spans = [span for one in letter.sentences for span in one.resume_spans]
    assert spans
    assert {(span.start, span.end, span.page) for span in spans} == {(0, 0, 0)}
    assert "" not in {span.text for span in spans}
    assert letter.resume_id == ""


@pytest.mark.parametrize("seen", [False, True], ids=["at once", "once a worker has seen it"])
async def test_a_letter_says_what_the_profile_says_now(letters: Letters, position_id: str, seen: bool) -> None:
    own = Own(letters.system, letters.person)
    senior, junior = await own.experiences()
    await own.update(senior.id, employer="Renamed Works")
    await own.remove(junior.id)
    if seen:
        await own.refreshed()
    letter = await letters.write(position_id, length="long")
    text = " ".join(texts(letter))
    assert "Renamed Works" in text
    assert "Sample Systems" not in text
    assert "3,000 requests" in text
    resume = await letters.ask("GetResumeText", pb.GetResumeTextRequest(resume_id=letter.resume_id))
    spans = [span for one in letter.sentences for span in one.resume_spans]
    placed = [span for span in spans if span.end]
    assert placed
    assert [resume.text[span.start : span.end] for span in placed] == [span.text for span in placed]
    assert "Renamed Works" in {span.text for span in spans if not span.end}


async def test_a_stream_that_is_cut_leaves_nothing_or_the_whole_letter(letters: Letters, position_id: str) -> None:
    before = await letters.credits()
    for after in range(4):
        request = pb.WriteCoverLetterRequest(position_id=position_id)
        stream = letters.stub.WriteCoverLetter(request, metadata=letters.person.metadata)
        for _ in range(after):
            await stream.read()
        stream.cancel()
    left = await letters.credits()
    # A call that was cut may still be on its way to its end.
    async with asyncio.timeout(60):
        while before - left != await letters.kept():
            await asyncio.sleep(0.1)
            left = await letters.credits()
    listed = await letters.ask("ListCoverLetters", pb.ListCoverLettersRequest())
    whole = [await letters.get(one.id) for one in listed.letters]
    assert all(texts(letter)[-1] == "Ada Example" for letter in whole)


async def test_rest_streams_a_letter_as_server_sent_events(letters: Letters, position_id: str) -> None:
    body = {"positionId": position_id, "length": "short"}
    async with letters.system.rest.stream(
        "POST", "/v1/letters:write", json=body, headers=letters.person.headers
    ) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")
        lines = [line async for line in answer.aiter_lines()]
    events = [json.loads(line.removeprefix("data:")) for line in lines if line]
    assert [list(event) for event in events] == [["sentence"]] * (len(events) - 1) + [["letter"]]
    assert (await letters.get(events[-1]["letter"]["id"])).version_number == 1


async def test_rest_is_refused_with_a_body_before_anything_was_streamed(letters: Letters) -> None:
    answer = await letters.system.rest.post(
        "/v1/letters:write", json={"positionId": an_id()}, headers=letters.person.headers
    )
    refused_json(answer, 404, "NOT_FOUND")
