"""Resumes: uploaded, analysed, looked at, deleted; and what does not get in."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from skillsync.billing.v1 import billing_service_pb2 as billing
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import FEATURE_RESUME_ANALYSIS
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.resume_pb2 import ResumeAnalysis

from services.careerforge import analyses, uploads
from services.kit.auth import Caller
from services.kit.blobs import Blobs
from services.kit.db import Database
from services.kit.settings import Settings
from tests.builders import RESUME, Person, a_job_seeker, a_pdf, an_analysis, an_upload
from tests.harness import System, as_service
from tests.refusals import refused

SAMPLE = Path("services/demo/resumes/david-kowalski.pdf")


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


@pytest.fixture
def blobs(system: System) -> Blobs:
    return system.blobs


async def credits_left(system: System, person: Person) -> int:
    stub = BillingServiceStub(system.direct("billing"))
    found = await stub.GetEntitlements(billing.GetEntitlementsRequest(), metadata=person.metadata)
    return next(b.remaining for b in found.balances if b.feature == FEATURE_RESUME_ANALYSIS)


async def until_settled(system: System, person: Person) -> int:
    """Credits left once nothing is reserved any more."""
    async with asyncio.timeout(60):
        while await system.count("billing.reservations", "user_id = $1 and state = 'RESERVED'", person.id):
            await asyncio.sleep(0.05)
    return await credits_left(system, person)


async def until_gone(blobs: Blobs, prefix: str) -> None:
    """Files go a moment later than what they belonged to."""
    async with asyncio.timeout(60):
        while await blobs.keys(prefix):
            await asyncio.sleep(0.05)


async def test_an_analysis_goes_through_its_stages_in_order(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    begun = await an_upload(system, person)
    request = pb.WatchResumeAnalysisRequest(analysis_id=begun.id)
    seen = [begun]
    async with asyncio.timeout(60):
        events = careerforge.WatchResumeAnalysis(request, metadata=person.metadata)
        seen += [event.analysis async for event in events]
    states = [analysis.state for analysis in seen]
    assert states == sorted(states)
    assert states[-1] == ResumeAnalysis.STATE_SUCCEEDED
    percents = [analysis.progress_percent for analysis in seen]
    assert percents == sorted(percents)
    assert percents[-1] == 100


async def test_what_an_analysis_found_can_be_read(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    analysis = await an_analysis(system, person)
    assert analysis.result.strength == sum(part.points for part in analysis.result.strength_parts)
    request = pb.GetParsedResumeRequest(resume_id=analysis.resume_id)
    parsed = (await careerforge.GetParsedResume(request, metadata=person.metadata)).parsed_resume
    text = (
        await careerforge.GetResumeText(pb.GetResumeTextRequest(resume_id=analysis.resume_id), metadata=person.metadata)
    ).text
    assert parsed.contact.emails[0].text == "ada@example.org"
    assert [e.title.text for e in parsed.experiences] == ["Senior Python Developer", "Python Developer"]
    spans = [span for skill in parsed.skills for span in skill.spans]
    assert spans
    assert all(text[span.start : span.end] == span.text for span in spans)
    profile = await careerforge.GetProfile(pb.GetProfileRequest(), metadata=person.metadata)
    found = profile.insights
    assert found.resume_id == analysis.resume_id
    assert found.profile_strength == sum(part.points for part in found.strength_parts) > 50


async def test_a_clean_resume_can_be_downloaded_as_it_was(
    careerforge: CareerForgeServiceStub, system: System, person: Person, blobs: Blobs
) -> None:
    data = SAMPLE.read_bytes()
    analysis = await an_analysis(system, person, data)
    file = await careerforge.DownloadResume(
        pb.DownloadResumeRequest(resume_id=analysis.resume_id), metadata=person.metadata
    )
    assert (file.data, file.content_type) == (data, "application/pdf")
    await until_gone(blobs, f"quarantine/{person.id}")


async def test_an_analysis_costs_one_credit(system: System, person: Person) -> None:
    before = await credits_left(system, person)
    await an_analysis(system, person)
    assert await until_settled(system, person) == before - 1


async def test_the_same_request_is_one_analysis(system: System, person: Person) -> None:
    request_id = str(uuid4())
    first = await an_upload(system, person, request_id=request_id)
    again = await an_upload(system, person, request_id=request_id)
    assert first.id == again.id


ENCRYPTED = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "FILE_EMPTY"),
        (b" \n\t ", "FILE_EMPTY"),
        (b"GIF89a" + b"\x00" * 100, "FILE_TYPE_UNSUPPORTED"),
        (b"PK\x03\x04 not an archive", "FILE_TRUNCATED"),
        (a_pdf()[:-600], "FILE_TRUNCATED"),
        (b"a" * (20 * 1024 * 1024 + 1), "FILE_TOO_LARGE"),
    ],
    ids=["empty", "blank", "picture", "broken archive", "cut PDF", "too large"],
)
async def test_what_cannot_be_a_resume_leaves_nothing_behind(
    system: System, person: Person, blobs: Blobs, data: bytes, reason: str
) -> None:
    tables = ("careerforge.resumes", "careerforge.resume_analyses")
    with refused(reason, field="file"):
        await an_upload(system, person, data)
    assert [await system.count(table, "user_id = $1", person.id) for table in tables] == [0, 0]
    assert await system.count("careerforge.jobs", "payload::text like '%' || $1 || '%'", person.id) == 0
    assert await blobs.keys(f"quarantine/{person.id}") == []
    assert await credits_left(system, person) == 5


async def test_a_file_that_cannot_be_read_fails_and_costs_nothing(system: System, person: Person, blobs: Blobs) -> None:
    analysis = await an_analysis(system, person, ENCRYPTED)
    assert analysis.state == ResumeAnalysis.STATE_FAILED
    assert analysis.failure_reason in ("FILE_UNREADABLE", "NO_TEXT")
    assert analysis.failure_message
    assert await until_settled(system, person) == 5
    await until_gone(blobs, f"quarantine/{person.id}")


async def test_without_credits_nothing_begins(system: System, person: Person, blobs: Blobs) -> None:
    for _ in range(5):
        await an_analysis(system, person, "Ada Example\n\nSkills\nPython\n")
    await until_settled(system, person)
    await until_gone(blobs, f"quarantine/{person.id}")
    with refused("QUOTA_EXCEEDED", quota="resume_analysis", limit="5"):
        await an_upload(system, person)
    assert await system.count("careerforge.resume_analyses", "user_id = $1", person.id) == 5
    assert await blobs.keys(f"quarantine/{person.id}") == []


async def test_cancelling_gives_the_credit_back(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    begun = await an_upload(system, person)
    request = pb.CancelResumeAnalysisRequest(analysis_id=begun.id)
    assert (await careerforge.CancelResumeAnalysis(request, metadata=person.metadata)).state == (
        ResumeAnalysis.STATE_CANCELLED
    )
    with refused("WRONG_STATE", state="CANCELLED"):
        await careerforge.CancelResumeAnalysis(request, metadata=person.metadata)
    assert await until_settled(system, person) == 5


@pytest.mark.parametrize("deleted", [False, True], ids=["cancelled", "deleted"])
async def test_what_ends_while_its_file_is_copied_leaves_no_copy(
    careerforge: CareerForgeServiceStub,
    system: System,
    person: Person,
    blobs: Blobs,
    monkeypatch: pytest.MonkeyPatch,
    deleted: bool,
) -> None:
    copy, copied = Blobs.copy, asyncio.Event()

    async def end_meanwhile(self: Blobs, source: str, target: str) -> None:
        await copy(self, source, target)
        if deleted:
            await careerforge.DeleteResume(pb.DeleteResumeRequest(resume_id=begun.resume_id), metadata=person.metadata)
        else:
            request = pb.CancelResumeAnalysisRequest(analysis_id=begun.id)
            await careerforge.CancelResumeAnalysis(request, metadata=person.metadata)
        copied.set()

    monkeypatch.setattr(Blobs, "copy", end_meanwhile)
    begun = await an_upload(system, person)
    await asyncio.wait_for(copied.wait(), 60)
    await until_gone(blobs, f"resumes/{person.id}")
    if deleted:
        await until_gone(blobs, f"quarantine/{person.id}")


async def test_another_persons_analysis_and_resume_are_not_there(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    begun, stranger = await an_upload(system, person), await a_job_seeker(system)
    for analysis_id in (begun.id, str(uuid4())):
        with refused("NOT_FOUND", resource="resume analysis", id=analysis_id):
            request = pb.GetResumeAnalysisRequest(analysis_id=analysis_id)
            await careerforge.GetResumeAnalysis(request, metadata=stranger.metadata)
        with refused("NOT_FOUND"):
            watch = pb.WatchResumeAnalysisRequest(analysis_id=analysis_id)
            await careerforge.WatchResumeAnalysis(watch, metadata=stranger.metadata).read()
    with refused("NOT_FOUND", resource="resume"):
        await careerforge.DeleteResume(pb.DeleteResumeRequest(resume_id=begun.resume_id), metadata=stranger.metadata)


async def test_deleting_a_resume_takes_everything_that_came_from_it(
    careerforge: CareerForgeServiceStub, system: System, person: Person, blobs: Blobs
) -> None:
    analysis = await an_analysis(system, person)
    await careerforge.DeleteResume(pb.DeleteResumeRequest(resume_id=analysis.resume_id), metadata=person.metadata)
    await until_gone(blobs, f"resumes/{person.id}")
    profile = await careerforge.GetProfile(pb.GetProfileRequest(), metadata=person.metadata)
    assert (profile.insights.resume_id, profile.insights.profile_strength) == ("", 0)
    assert await system.count("careerforge.resume_analyses", "user_id = $1", person.id) == 0


async def test_a_resume_in_quarantine_is_not_handed_out(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    analysis = await an_analysis(system, person, ENCRYPTED)
    with refused("WRONG_STATE", state="QUARANTINED"):
        await careerforge.DownloadResume(
            pb.DownloadResumeRequest(resume_id=analysis.resume_id), metadata=person.metadata
        )


async def test_the_matcher_gets_features_and_no_identity(
    careerforge: CareerForgeServiceStub, system: System, person: Person, clean: None
) -> None:
    person = await a_job_seeker(system)
    await an_analysis(system, person)
    stream = careerforge.WatchCandidates(pb.WatchCandidatesRequest(), metadata=as_service("matching"))
    async with asyncio.timeout(60):
        candidate = (await stream.read()).candidate
    stream.cancel()
    assert candidate.id == person.id
    assert len(candidate.vector) == 384
    assert {skill.label for skill in candidate.skills} >= {"Python", "PostgreSQL"}
    written = str(candidate)
    assert not [word for word in ("Ada", "ada@example.org", "1234567", "Berlin") if word in written]


async def test_a_hidden_person_leaves_matching(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    await an_analysis(system, person)
    stream = careerforge.WatchCandidates(pb.WatchCandidatesRequest(), metadata=as_service("matching"))
    async with asyncio.timeout(60):
        while not (await stream.read()).HasField("snapshot_complete"):
            pass
        change = pb.UpdateProfileRequest()
        change.profile.visibility = change.profile.VISIBILITY_HIDDEN
        await careerforge.UpdateProfile(change, metadata=person.metadata)
        while (event := await stream.read()).removed_candidate_id != person.id:
            assert event.WhichOneof("event") != "candidate" or event.candidate.id != person.id
    stream.cancel()


def test_the_sample_is_what_people_upload() -> None:
    assert RESUME.count("\n") > 10
    assert SAMPLE.stat().st_size > 10_000


async def test_an_upload_that_died_halfway_is_taken_back(system: System, person: Person, blobs: Blobs) -> None:
    """As after a crash between the steps: promised, reserved and kept, but never begun."""
    resume_id, analysis_id = analyses.new_ids()
    key = uploads.quarantine_key(UUID(person.id), resume_id)
    async with Database.opened(Settings.of("careerforge", system.environment).database_url.get_secret_value()) as db:
        async with db.write() as session:
            caller = Caller(UUID(person.id))
            promise_id = await analyses.promise(session, caller, analysis_id, key)
        request = billing.ReserveCreditsRequest(
            account_id=person.id, feature=FEATURE_RESUME_ANALYSIS, amount=1, operation_id=str(analysis_id)
        )
        reserve = BillingServiceStub(system.direct("billing")).ReserveCredits
        await reserve(request, metadata=as_service("careerforge"))
        await blobs.put(key, b"x")
        assert await credits_left(system, person) == 4
        async with db.write() as session:
            await analyses.take_back(session, promise_id)
    assert await until_settled(system, person) == 5
    assert key not in await blobs.keys("quarantine/")
