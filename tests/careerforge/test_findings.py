"""What was found once: taken up again for the same bytes, made again by a newer engine, compared with a position."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
import sqlalchemy as sa
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.resume_pb2 import ResumeAnalysis

from services.ai.documents import Document, File
from services.careerforge import hits, rereading
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.settings import Settings
from tests.builders import DESCRIPTION, RESUME, Person, a_job_seeker, an_analysis
from tests.careerforge.test_resumes import credits_left, until_settled
from tests.harness import System, as_service
from tests.refusals import refused


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files that were read meanwhile."""
    real, seen = File.extract, list[bytes]()

    def extract(self: File) -> Document:
        seen.append(self.data)
        return real(self)

    monkeypatch.setattr(File, "extract", extract)
    return seen


@asynccontextmanager
async def database(system: System) -> AsyncIterator[Database]:
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db:
        yield db


async def outcome(system: System, person: Person, analysis_id: str) -> ResumeAnalysis:
    stub, last = CareerForgeServiceStub(system.direct("careerforge")), ResumeAnalysis()
    async with asyncio.timeout(60):
        request = pb.WatchResumeAnalysisRequest(analysis_id=analysis_id)
        async for event in stub.WatchResumeAnalysis(request, metadata=person.metadata):
            last = event.analysis if event.HasField("analysis") else last
    return last


async def test_the_same_bytes_are_read_once_for_a_person(
    careerforge: CareerForgeServiceStub, system: System, person: Person, extracted: list[bytes]
) -> None:
    first = await an_analysis(system, person)
    second = await an_analysis(system, person)
    assert (first.state, second.state) == (ResumeAnalysis.STATE_SUCCEEDED,) * 2
    assert len(extracted) == 1
    assert first.result == second.result
    assert first.resume_id != second.resume_id
    texts = [
        (await careerforge.GetResumeText(pb.GetResumeTextRequest(resume_id=one), metadata=person.metadata)).text
        for one in (first.resume_id, second.resume_id)
    ]
    assert texts[0] == texts[1] != ""
    profile = await careerforge.GetProfile(pb.GetProfileRequest(), metadata=person.metadata)
    assert profile.insights.resume_id == second.resume_id
    assert await until_settled(system, person) == 3
    # Both have one file: who deletes the first keeps the second.
    await careerforge.DeleteResume(pb.DeleteResumeRequest(resume_id=first.resume_id), metadata=person.metadata)
    file = await careerforge.DownloadResume(
        pb.DownloadResumeRequest(resume_id=second.resume_id), metadata=person.metadata
    )
    assert file.data == RESUME.encode()


async def test_what_was_found_for_one_person_is_not_given_to_another(
    system: System, person: Person, extracted: list[bytes]
) -> None:
    await an_analysis(system, person)
    await an_analysis(system, await a_job_seeker(system))
    assert len(extracted) == 2


WAITING = """
    with made as (
      insert into careerforge.resumes (id, user_id, filename, content_type, byte_size, sha256, blob_key)
      select gen_random_uuid(), user_id, filename, content_type, byte_size, sha256, 'quarantine/none'
      from careerforge.resumes, generate_series(1, 30) where id = :resume returning id, user_id),
    begun as (
      insert into careerforge.resume_analyses (id, user_id, resume_id) select gen_random_uuid(), user_id, id from made
      returning id)
    insert into careerforge.jobs (id, kind, payload)
    select gen_random_uuid(), 'analyze_resume', jsonb_build_object('analysis_id', id) from begun"""


async def test_all_that_wait_with_known_bytes_are_answered_in_one_transaction(system: System, person: Person) -> None:
    first = await an_analysis(system, person)
    stored = await system.database.fetchrow("select * from careerforge.resumes where id = $1", first.resume_id)
    async with database(system) as db, db.write() as session:
        await session.execute(sa.text(WAITING), {"resume": UUID(first.resume_id)})
        known = hits.Known(stored["engine_version"], "minilm", utc_now().date())
        assert await hits.answer_waiting(session, hits.Known("another engine", "", utc_now().date())) == 0
        assert await hits.answer_waiting(session, known) == 30
    same = "user_id = $1 and clean and text = $2 and parsed = $3::jsonb and layout is not distinct from $4::jsonb"
    values = (person.id, stored["text"], stored["parsed"], stored["layout"])
    assert await system.count("careerforge.resumes", same, *values) == 31
    ended = "user_id = $1 and state = 'SUCCEEDED' and result = (select result from careerforge.resume_analyses where id = $2)"
    assert await system.count("careerforge.resume_analyses", ended, person.id, UUID(first.id)) == 31


async def test_an_upgrade_reads_again_what_nobody_edited(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    """For nothing; the matcher sees the new facts; what the person wrote is as it was."""
    analysis = await an_analysis(system, person)
    change = pb.UpdateProfileRequest()
    change.profile.display_name, change.profile.headline = "Ada of the engines", "I write this myself"
    await careerforge.UpdateProfile(change, metadata=person.metadata)
    await system.database.execute(
        """insert into careerforge.experiences (id, user_id, title, employer, description, origin)
           values (gen_random_uuid(), $1, 'Analyst', 'Example Works', 'mine', 'PERSON')""", person.id,
    )  # fmt: skip
    await system.database.execute(
        """insert into careerforge.educations (id, user_id, institution, origin)
           values (gen_random_uuid(), $1, 'A school', 'PERSON')""", person.id,
    )  # fmt: skip
    # As an engine left it that recognised no skill.
    bare = "jsonb_set({}, '{{{}}}', '[]')"
    await system.database.execute(
        f"""update careerforge.resumes set engine_version = 'older', parsed = {bare.format("parsed", "resume,skills")}
            where id = $1""", analysis.resume_id,
    )  # fmt: skip
    await system.database.execute(
        f"update careerforge.user_careerforge set parsed_resume = {bare.format('parsed_resume', 'skills')} where id = $1",
        person.id,
    )
    written = await what_the_person_wrote(system, person)
    before = await until_settled(system, person)
    current = await system.database.fetchval(
        "update careerforge.resume_analyses set engine_version = 'older' where id = $1 returning (select engine_version"
        " from careerforge.resume_analyses where id = $1)", analysis.id,
    )  # fmt: skip
    async with database(system) as db, db.write() as session:
        # The workers do so by themselves every minute, and may have done so just now.
        assert await rereading.begin_outdated(session, current, 60, utc_now()) <= 1
        assert await rereading.begin_outdated(session, current, 60, utc_now()) == 0
    latest = await careerforge.GetResume(pb.GetResumeRequest(resume_id=analysis.resume_id), metadata=person.metadata)
    again = await outcome(system, person, latest.latest_analysis_id)
    assert again.id != analysis.id
    assert again.state == ResumeAnalysis.STATE_SUCCEEDED
    assert await what_the_person_wrote(system, person) == written
    assert await until_settled(system, person) == before
    stream = careerforge.WatchCandidates(pb.WatchCandidatesRequest(), metadata=as_service("matching"))
    async with asyncio.timeout(60):
        while (event := await stream.read()).candidate.id != person.id:
            pass
    stream.cancel()
    assert {skill.label for skill in event.candidate.skills} >= {"Python", "PostgreSQL"}


async def what_the_person_wrote(system: System, person: Person) -> list[str]:
    found = []
    for statement in (
        "select display_name, headline, visibility, preferences from careerforge.user_careerforge where id = $1",
        "select * from careerforge.experiences where user_id = $1 and origin = 'PERSON'",
        "select * from careerforge.educations where user_id = $1 and origin = 'PERSON'",
    ):
        rows = await system.database.fetch(statement, person.id)
        found += [json.dumps(dict(row), default=str, sort_keys=True) for row in rows]
    assert len(found) == 3
    return found


async def test_a_person_can_have_a_resume_read_again_and_compared(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    first = await an_analysis(system, person)
    assert not first.result.HasField("comparison")
    position = "Senior Python Developer\n\n" + DESCRIPTION + "\nTerraform is required."
    request = pb.ReanalyzeResumeRequest(
        resume_id=first.resume_id, position_text=position, request_id="0190a8a0-0000-7000-8000-000000000001"
    )
    begun = await careerforge.ReanalyzeResume(request, metadata=person.metadata)
    assert (await careerforge.ReanalyzeResume(request, metadata=person.metadata)).id == begun.id
    again = await outcome(system, person, begun.id)
    compared = again.result.comparison
    fulfilled = {answer.label.split(":")[0]: answer.fulfilment for answer in compared.requirements}
    assert fulfilled["Python"] == 1
    assert fulfilled["Terraform"] == 0
    assert 0 < compared.met_count < len(compared.requirements)
    for answer in compared.requirements:
        asked = answer.requirement
        assert position[asked.start : asked.end] == asked.text
        assert all(span.text in RESUME for span in answer.evidence)
    assert 0.5 < compared.score < 1
    assert await until_settled(system, person) == await credits_left(system, person) == 3
    again.result.ClearField("comparison")
    assert again.result == first.result


async def test_what_is_being_read_or_was_never_is_not_read_again(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    failed = await an_analysis(system, person, b"%PDF-1.4\ntrailer\n<< >>\nstartxref\n0\n%%EOF\n")
    request = pb.ReanalyzeResumeRequest(resume_id=failed.resume_id)
    with refused("WRONG_STATE", state="NOT_READ"):
        await careerforge.ReanalyzeResume(request, metadata=person.metadata)
    stranger = await a_job_seeker(system)
    with refused("NOT_FOUND", resource="resume"):
        await careerforge.ReanalyzeResume(request, metadata=stranger.metadata)
    await system.database.execute("update careerforge.resume_analyses set state = 'PARSING' where id = $1", failed.id)
    with refused("WRONG_STATE", state="PARSING"):
        await careerforge.ReanalyzeResume(request, metadata=person.metadata)
    assert await until_settled(system, person) == 5


PAGE = """<html><body><h1>Ada Example</h1><p>ada@example.org</p><h2>Experience</h2><h3>Nurse, Example Clinic</h3>
<p>May 2019 - present</p><ul><li>Cared for 12 patients a day</li></ul>{}</body></html>"""
HIDDEN = '<p style="display:none">Kubernetes PostgreSQL Docker Python</p>'


async def test_what_people_cannot_see_is_shown_and_counts_for_nothing(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    stranger, found = await a_job_seeker(system), []
    for who, extra in ((person, HIDDEN), (stranger, "")):
        analysis = await an_analysis(system, who, PAGE.format(extra))
        assert analysis.state == ResumeAnalysis.STATE_SUCCEEDED
        request = pb.GetParsedResumeRequest(resume_id=analysis.resume_id)
        parsed = (await careerforge.GetParsedResume(request, metadata=who.metadata)).parsed_resume
        read = pb.GetResumeTextRequest(resume_id=analysis.resume_id)
        text = await careerforge.GetResumeText(read, metadata=who.metadata)
        facts = (
            "select parsed_resume, skill_vector::text, profile_strength from careerforge.user_careerforge where id = $1"
        )
        found.append((analysis, parsed, text, tuple(await system.database.fetchrow(facts, who.id))))
    hiding, plain = found
    assert hiding[1:2] + hiding[3:] == plain[1:2] + plain[3:]
    assert (hiding[2].text, hiding[0].result.strength) == (plain[2].text, plain[0].result.strength)
    assert "Kubernetes" not in str(hiding[1]) + hiding[2].text
    assert [c.text for c in hiding[2].concealed] == [c.text for c in hiding[0].result.concealed]
    assert "Kubernetes" in hiding[2].concealed[0].text
    checks = {check.name: check.passed for check in hiding[0].result.ats_checks}
    assert checks["hidden_text"] is False
    assert plain[0].result.concealed_count == 0
