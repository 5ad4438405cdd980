"""What matching is told between an edit and the worker that sees it, and of people who have no resume."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.resume_pb2 import Resume

from services.careerforge import queries, telling
from services.careerforge.insights import said
from services.careerforge.tables import UserCareerForge
from services.careerforge.telling import Spokesman
from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from tests.builders import RESUME, a_job_seeker, an_analysis
from tests.careerforge.profiled import Own
from tests.careerforge.test_entries import OTHER
from tests.harness import System
from tests.refusals import refused


@pytest.fixture
async def own(system: System) -> Own:
    return Own(system, await a_job_seeker(system))


@pytest.fixture
async def db(system: System) -> AsyncIterator[Database]:
    async with Database.opened(
        Settings.of("careerforge", system.environment).database_url.get_secret_value(), EVERYONE
    ) as db:
        yield db


async def _speaks(db: Database, own: Own, resume_id: str) -> tuple[list[str], bool]:
    """Titles that are told, and whether the person takes part, before any worker has seen that this resume speaks."""
    account = UUID(own.person.id)
    async with db.write() as session:
        profile = await session.get_one(UserCareerForge, account, with_for_update=True)
        parsed, vector = await queries.get_reading(session, UUID(resume_id))
        await telling.speak(session, profile, Spokesman(UUID(resume_id), parsed, vector, "any"))
        await session.refresh(profile)
        titles = [role.title.text for role in said(profile).experiences if role.title]
        return titles, account in await queries.candidates_by_id(session, [account])


async def test_what_was_told_last_is_told_until_a_worker_has_seen_the_next(
    system: System, own: Own, db: Database
) -> None:
    await an_analysis(system, own.person)
    newer = await an_analysis(system, own.person, OTHER)
    lead = next(role for role in await own.experiences() if role.title == "Lead Python Engineer")
    await own.remove(lead.id)
    await own.refreshed()
    again = await an_analysis(system, own.person, RESUME)
    await own.refreshed()
    assert (await own.told()).resume_id == again.resume_id
    titles, takes_part = await _speaks(db, own, newer.resume_id)
    assert titles == ["Senior Python Developer", "Python Developer"]
    assert takes_part


async def test_nobody_takes_part_before_anything_may_be_told(system: System, own: Own, db: Database) -> None:
    first = await an_analysis(system, own.person, OTHER)
    lead = next(role for role in await own.experiences() if role.title == "Lead Python Engineer")
    await own.remove(lead.id)
    await own.refreshed()
    async with db.write() as session:
        profile = await session.get_one(UserCareerForge, UUID(own.person.id))
        profile.parsed_resume = profile.resume_id = profile.skill_vector = profile.told = None
    _, takes_part = await _speaks(db, own, first.resume_id)
    assert not takes_part


async def _use(own: Own, resume_id: str) -> Resume:
    return await own.stub.UseResume(pb.UseResumeRequest(resume_id=resume_id), metadata=own.person.metadata)


async def test_a_person_chooses_which_resume_speaks_and_edits_stay(system: System, own: Own) -> None:
    older, newer = await an_analysis(system, own.person), await an_analysis(system, own.person, OTHER)
    lead, senior = (await own.experiences())[:2]
    await own.update(senior.id, description="As I wrote it.")
    await own.remove(lead.id)
    for _ in range(2):
        assert (await _use(own, older.resume_id)).in_use
    listed = (await own.stub.ListResumes(pb.ListResumesRequest(), metadata=own.person.metadata)).resumes
    assert {one.id for one in listed if one.in_use} == {older.resume_id}
    told = await own.told(lambda c: c.resume_id == older.resume_id)
    assert [role.title for role in told.roles] == ["Sr. Python Developer", "Python Developer"]
    assert (await own.experiences())[0].description == "As I wrote it."
    await _use(own, newer.resume_id)
    back = await own.told(lambda c: c.resume_id == newer.resume_id)
    assert "Lead Python Engineer" not in {role.title for role in back.roles}


async def test_only_what_was_read_and_is_ones_own_can_speak(system: System, own: Own) -> None:
    first = await an_analysis(system, own.person)
    await system.database.execute("update careerforge.resumes set parsed = null where id = $1", UUID(first.resume_id))
    with refused("WRONG_STATE", state="NOT_READ"):
        await _use(own, first.resume_id)
    other = Own(system, await a_job_seeker(system))
    theirs = await an_analysis(system, other.person)
    with refused("NOT_FOUND", resource="resume"):
        await _use(own, theirs.resume_id)
    nobody = Own(system, await a_job_seeker(system))
    with refused("NOT_FOUND", resource="resume"):
        await _use(nobody, theirs.resume_id)


async def test_who_wrote_a_profile_without_a_resume_takes_part(own: Own) -> None:
    await own.create("Python Developer", (2019, 5), employer="Example Works", current=True, description="Wrote Python.")
    candidate = await own.told(lambda c: c.skills)
    assert [role.title for role in candidate.roles] == ["Python Developer"]
    assert "Python" in {skill.label for skill in candidate.skills}
    assert candidate.resume_id == ""


async def test_who_has_said_nothing_takes_no_part(own: Own, db: Database) -> None:
    role = await own.create("Python Developer", (2019, 5))
    await own.remove(role.id)
    await own.refreshed()
    async with db.read() as session:
        assert not await queries.candidates_by_id(session, [UUID(own.person.id)])
