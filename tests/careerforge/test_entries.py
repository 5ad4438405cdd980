"""Entries of a profile: written by hand, filled from resumes, never overwritten, never resurrected."""

import asyncio
from uuid import UUID, uuid4

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.parsed_resume_pb2 import SKILL_EVIDENCE_STATED, SKILL_EVIDENCE_USED_IN_ROLE
from skillsync.careerforge.v1.profile_pb2 import ORIGIN_PERSON, ORIGIN_RESUME, Education, Experience
from skillsync.type.v1.work_pb2 import LANGUAGE_LEVEL_B2, LANGUAGE_LEVEL_C1, LANGUAGE_LEVEL_NATIVE, YearMonth
from sqlalchemy import text

from services.ai.skills import load
from services.kit.db import Database
from services.kit.settings import Settings
from tests.builders import RESUME, a_job_seeker, an_analysis
from tests.careerforge.profiled import Own
from tests.harness import System
from tests.refusals import refused

# The same person, worded otherwise, with a role more.
OTHER = """Ada Example
ada@example.org | Berlin, Germany

Professional Experience
Lead Python Engineer, Newer Works
2026-01 - present
- Led 4 engineers

Sr. Python Developer, Example Works GmbH
May 2019 - December 2025
- Built services in Python and PostgreSQL that answer 3,000 requests a second

Python Developer, Sample Systems Inc.
01/2016 - 04/2019
- Wrote data pipelines in Python, cut run time by 40%

Education
M.Sc. Computer Science, Technical University Berlin

Skills
Python, PostgreSQL, Docker, Kubernetes, machine learning, Terraform

Languages
Englisch (fluent), Deutsch (native), French (B1)
"""


@pytest.fixture
async def own(system: System) -> Own:
    return Own(system, await a_job_seeker(system))


async def test_an_analysis_fills_the_profile(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    roles = await own.experiences()
    assert [(r.title, r.employer, r.origin) for r in roles] == [
        ("Senior Python Developer", "Example Works", ORIGIN_RESUME),
        ("Python Developer", "Sample Systems", ORIGIN_RESUME),
    ]
    assert (roles[0].start, roles[0].current, roles[0].HasField("end")) == (YearMonth(year=2019, month=5), True, False)
    assert "3,000 requests" in roles[0].description
    (study,) = await own.educations()
    assert study.institution == "Technical University of Berlin"
    skills = await own.skills()
    assert skills["Python"].evidence == SKILL_EVIDENCE_USED_IN_ROLE
    assert skills["Python"].years > 9
    assert next(iter(skills.values())).evidence == SKILL_EVIDENCE_USED_IN_ROLE
    languages = await own.languages()
    assert {name: one.level for name, one in languages.items()} == {
        "English": LANGUAGE_LEVEL_C1, "German": LANGUAGE_LEVEL_NATIVE,
    }  # fmt: skip


async def test_another_resume_adds_what_is_new_and_nothing_twice(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    before = await own.experiences()
    await an_analysis(system, own.person, OTHER)
    after = await own.experiences()
    assert [role.title for role in after] == ["Lead Python Engineer", "Sr. Python Developer", "Python Developer"]
    assert [role.id for role in after[1:]] == [role.id for role in before]
    assert len(await own.educations()) == 1
    assert len(await own.languages()) == 3
    await an_analysis(system, own.person)
    assert [role.id for role in await own.experiences()] == [role.id for role in before]


async def test_what_a_person_edited_or_removed_stays_so(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    senior, junior = await own.experiences()
    edited = await own.update(senior.id, title="Principal Developer", description="Mine alone")
    assert (edited.origin, edited.employer) == (ORIGIN_PERSON, "Example Works")
    await own.remove(junior.id)
    await own.remove_education((await own.educations())[0].id)
    await own.remove_skill((await own.skills())["Docker"].skill_id)
    await own.set_language("Deutsch", LANGUAGE_LEVEL_B2)
    await own.remove_language("english")
    for resume in (OTHER, RESUME, OTHER):
        await an_analysis(system, own.person, resume)
        await own.refreshed()
        roles = {role.id: role for role in await own.experiences()}
        assert (roles[senior.id].title, roles[senior.id].description) == ("Principal Developer", "Mine alone")
        assert not [role for role in roles.values() if role.title == "Python Developer"]
        assert len(roles) == (2 if resume is OTHER else 1)
        assert await own.educations() == []
        assert "Docker" not in await own.skills()
        languages = await own.languages()
        assert languages.keys() == {"Deutsch", "French"} if resume is OTHER else {"Deutsch"}
        assert languages["Deutsch"].level == LANGUAGE_LEVEL_B2


async def test_deleting_the_resume_takes_what_came_from_it_alone(system: System, own: Own) -> None:
    analysis = await an_analysis(system, own.person)
    senior, _ = await own.experiences()
    await own.update(senior.id, title="Principal Developer")
    await own.stub.DeleteResume(pb.DeleteResumeRequest(resume_id=analysis.resume_id), metadata=own.person.metadata)
    await own.refreshed()
    assert [role.title for role in await own.experiences()] == ["Principal Developer"]
    assert await own.educations() == []
    assert await own.languages() == {}


async def test_a_removed_entry_is_readable_by_nobody(system: System, own: Own) -> None:
    role = await own.create("A secret job", (2020, 1))
    await own.remove(role.id)
    with refused("NOT_FOUND", resource="experience", id=role.id):
        await own.remove(role.id)
    assert await own.experiences() == []
    assert await system.count("careerforge.removed_entries", "user_id = $1", own.person.id) == 1
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url, UUID(own.person.id)) as db, db.write() as session:
        assert (await session.execute(text("select count(*) from careerforge.removed_entries"))).scalar_one() == 0
        await session.execute(text("delete from careerforge.removed_entries"))
    assert await system.count("careerforge.removed_entries", "user_id = $1", own.person.id) == 1


async def test_the_same_request_adds_one(own: Own) -> None:
    request_id = str(uuid4())
    made = await asyncio.gather(*(own.create("Developer", request_id=request_id) for _ in range(4)))
    assert {role.id for role in made} == {(await own.experiences())[0].id}
    first, again = await own.study("A school", request_id), await own.study("A school", request_id)
    assert first == again


async def test_an_entry_changes_by_its_mask(own: Own) -> None:
    made = await own.create("Developer", (2020, 0), employer="Example Works", description="x", current=True)
    assert (made.start, made.origin) == (YearMonth(year=2020), ORIGIN_PERSON)
    changed = await own.update(made.id, ("employer", "start"))
    assert (changed.title, changed.employer, changed.HasField("start"), changed.current) == (
        "Developer",
        "",
        False,
        True,
    )
    with refused("INVALID_ARGUMENT", field="update_mask"):
        await own.update(made.id, ("origin",))
    with refused("ETAG_MISMATCH", resource="experience"):
        await own.update(made.id, title="Tester", etag=made.etag)
    assert (await own.update(made.id, title="Tester", etag=changed.etag)).title == "Tester"


@pytest.mark.parametrize(
    ("experience", "field"),
    [
        (Experience(), "experience.title"),
        (Experience(title="  "), "experience.title"),
        (Experience(title="x" * 301), "experience.title"),
        (Experience(title="x", current=True, end=YearMonth(year=2020)), "experience.end"),
        (
            Experience(title="x", start=YearMonth(year=2020, month=5), end=YearMonth(year=2020, month=4)),
            "experience.end",
        ),
        (Experience(title="x", start=YearMonth(year=2020), end=YearMonth(year=2019, month=12)), "experience.end"),
        (Experience(title="x", start=YearMonth(year=1800)), "experience.start.year"),
    ],
)
async def test_what_cannot_be_is_refused(own: Own, experience: Experience, field: str) -> None:
    with refused("INVALID_ARGUMENT", field=field):
        await own.stub.CreateExperience(pb.CreateExperienceRequest(experience=experience), metadata=own.person.metadata)
    assert await own.experiences() == []


MANY = """insert into careerforge.{} (id, user_id, {}) select gen_random_uuid(), $1, {} from generate_series(1, $2) n"""


async def test_there_is_a_most_of_everything(system: System, own: Own) -> None:
    await own.change(await own.profile())
    skills = iter([skill_named("Python"), skill_named("Docker")])
    cases = (
        ("experiences", "title", "'x' || n", 200, lambda: own.create("One more")),
        ("educations", "institution", "'x' || n", 100, lambda: own.study("One more")),
        ("profile_skills", "skill_id", "'x' || n", 500, lambda: own.set_skill(next(skills))),
        ("profile_languages", "name, language", "'x' || n, 'x' || n", 50, lambda: own.set_language("German")),
    )
    for table, columns, values, most, add in cases:
        await system.database.execute(MANY.format(table, columns, values), own.person.id, most - 1)
        await add()
        with refused("INVALID_ARGUMENT", limit=str(most)) as refusal:
            await (own.set_language("French") if table == "profile_languages" else add())
        assert "remove one first" in refusal.message


def skill_named(label: str) -> str:
    """Its id."""
    found = load().find(label)
    assert found
    return found.id


async def test_two_at_once_do_not_pass_the_limit(system: System, own: Own) -> None:
    await own.create("First")
    await system.database.execute(MANY.format("experiences", "title", "'x' || n"), own.person.id, 198)
    made = await asyncio.gather(*(own.create(f"Last {n}") for n in range(3)), return_exceptions=True)
    assert sum(isinstance(one, Experience) for one in made) == 1
    assert await system.count("careerforge.experiences", "user_id = $1", own.person.id) == 200


async def test_pages_hold_each_entry_once_latest_first(own: Own) -> None:
    for year in (2012, 2020, 2016, 2018, 2014):
        await own.create(f"Role of {year}", (year, 1))
    await own.create("Undated")
    await own.create("Still", (2001, 1), current=True)
    seen, token = [], ""
    while True:
        request = pb.ListExperiencesRequest(page_size=2, page_token=token)
        page = await own.stub.ListExperiences(request, metadata=own.person.metadata)
        seen += [role.title for role in page.experiences]
        # What was removed meanwhile does not break the list.
        await own.remove(page.experiences[-1].id)
        if not (token := page.next_page_token):
            break
    assert seen == ["Still", *(f"Role of {year}" for year in (2020, 2018, 2016, 2014, 2012)), "Undated"]
    with refused("PAGE_TOKEN_INVALID"):
        await own.stub.ListEducations(pb.ListEducationsRequest(page_token="x"), metadata=own.person.metadata)


async def test_a_skill_by_hand_is_named_and_its_years_are_kept(system: System, own: Own) -> None:
    skill_id = skill_named("Terraform")
    made = await own.set_skill(skill_id, 7)
    assert (made.label, made.years, made.evidence, made.origin) == (
        "Terraform",
        7,
        SKILL_EVIDENCE_STATED,
        ORIGIN_PERSON,
    )
    await an_analysis(system, own.person, OTHER)
    await own.refreshed()
    assert (await own.skills())["Terraform"].years == 7
    with refused("ETAG_MISMATCH", resource="skill"):
        await own.set_skill(skill_id, 8, etag="v99")
    with refused("NOT_FOUND", resource="skill"):
        await own.set_skill("no-such-skill")
    await own.remove_skill(skill_id)
    await own.refreshed()
    assert "Terraform" not in await own.skills()


async def test_one_language_has_many_names(own: Own) -> None:
    first = await own.set_language("German", LANGUAGE_LEVEL_B2)
    second = await own.set_language("Deutsch", LANGUAGE_LEVEL_C1, etag=first.etag)
    assert first.id == second.id
    with refused("ETAG_MISMATCH"):
        await own.set_language("German", LANGUAGE_LEVEL_B2, etag=first.etag)
    await own.remove_language("ALLEMAND")
    assert await own.languages() == {}


async def test_another_persons_entry_is_not_there(system: System, own: Own) -> None:
    role, study = await own.create("Developer"), await own.study("A school")
    stranger = Own(system, await a_job_seeker(system))
    for role_id, study_id in ((role.id, study.id), (str(uuid4()), str(uuid4()))):
        with refused("NOT_FOUND", resource="experience", id=role_id):
            await stranger.update(role_id, title="Mine")
        with refused("NOT_FOUND", resource="experience", id=role_id):
            await stranger.remove(role_id)
        with refused("NOT_FOUND", resource="education", id=study_id):
            await stranger.remove_education(study_id)
        with refused("NOT_FOUND", resource="education", id=study_id):
            change = pb.UpdateEducationRequest(education_id=study_id, education=Education(institution="x"))
            await stranger.stub.UpdateEducation(change, metadata=stranger.person.metadata)
    assert await stranger.experiences() == []
    assert [one.title for one in await own.experiences()] == ["Developer"]
