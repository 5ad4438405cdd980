"""A profile as a whole: what is told to matching, its strength, its wishes, who sees it, and its watch stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.candidate_pb2 import Candidate
from skillsync.careerforge.v1.parsed_resume_pb2 import SKILL_EVIDENCE_STATED, SKILL_EVIDENCE_USED_IN_ROLE
from skillsync.careerforge.v1.profile_pb2 import Preferences, Profile
from skillsync.type.v1.money_pb2 import PAY_PERIOD_YEAR, Money, PayRange
from skillsync.type.v1.span_pb2 import Span
from skillsync.type.v1.work_pb2 import (
    LANGUAGE_LEVEL_B2,
    SENIORITY_SENIOR,
    WORK_MODE_HYBRID,
    WORK_MODE_REMOTE,
    Location,
)

from tests.builders import RESUME, a_job_seeker, an_analysis
from tests.careerforge.profiled import Own
from tests.careerforge.test_entries import OTHER, skill_named
from tests.harness import System, as_service
from tests.refusals import refused


@pytest.fixture
async def own(system: System) -> Own:
    return Own(system, await a_job_seeker(system))


def labels(candidate: Candidate) -> set[str]:
    return {skill.label for skill in candidate.skills}


def spans(candidate: Candidate) -> list[Span]:
    return [
        *(span for skill in candidate.skills for span in skill.spans),
        *(role.span for role in candidate.roles),
        *(language.language.span for language in candidate.languages),
        *(span for degree in candidate.degrees for span in degree.spans),
        *candidate.passages,
    ]


async def elsewhere(own: Own, candidate: Candidate) -> list[Span]:
    """Spans that are no places of the resume, though they say so."""
    request = pb.GetResumeTextRequest(resume_id=candidate.resume_id)
    text = (await own.stub.GetResumeText(request, metadata=own.person.metadata)).text
    found = [span for span in spans(candidate) if span.end or not span.text]
    return [span for span in found if not span.text or text[span.start : span.end] != span.text]


async def test_what_nobody_edited_is_told_as_it_was_read(system: System, own: Own) -> None:
    analysis = await an_analysis(system, own.person)
    candidate = await own.told()
    assert candidate.resume_id == analysis.resume_id
    assert await elsewhere(own, candidate) == []
    assert all(span.end for span in spans(candidate))
    stored = await system.database.fetchval(
        "select told from careerforge.user_careerforge where id = $1", own.person.id
    )
    assert stored is None


async def test_what_was_removed_is_not_told(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    before = await own.told()
    _, junior = await own.experiences()
    await own.remove(junior.id)
    await own.remove_education((await own.educations())[0].id)
    await own.remove_language("German")
    await own.remove_skill(skill_named("Docker"))
    candidate = await own.told(lambda c: len(c.roles) == 1)
    assert [role.title for role in candidate.roles] == ["Senior Python Developer"]
    assert (len(before.degrees), len(candidate.degrees), candidate.education_level) == (1, 0, 0)
    assert [one.language.text for one in candidate.languages] == ["English"]
    assert labels(candidate) == labels(before) - {"Docker", "data pipelines"}
    python = {c.etag: next(s for s in c.skills if s.label == "Python") for c in (before, candidate)}
    assert python[candidate.etag].years < python[before.etag].years
    assert candidate.years_of_experience < before.years_of_experience
    assert "data pipelines" not in str(candidate)
    assert list(candidate.vector) != list(before.vector)
    assert await elsewhere(own, candidate) == []
    assert all(span.end for span in spans(candidate))


async def test_what_only_a_removed_role_showed_is_not_told(system: System, own: Own) -> None:
    await an_analysis(system, own.person, RESUME.replace("Wrote data pipelines in Python", "Wrote Terraform modules"))
    assert "Terraform" in labels(await own.told())
    await own.remove((await own.experiences())[1].id)
    assert "Terraform" not in labels(await own.told(lambda c: len(c.roles) == 1))
    assert "Terraform" not in await own.skills()


async def test_what_a_person_wrote_is_told_and_is_not_of_the_resume(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    senior, _ = await own.experiences()
    await own.update(senior.id, description="Ran Terraform for 30 teams\nMentored 4 engineers")
    await own.create(
        "Site Reliability Engineer", (2012, 1), employer="Old Works", description="Kept Kubernetes clusters up"
    )
    await own.set_language("French", LANGUAGE_LEVEL_B2)
    await own.study("A school", degree="Bachelor of Arts", field="History")
    await own.set_skill(skill_named("Ansible"), 9)
    candidate = await own.told(lambda c: "Ansible" in labels(c) and len(c.roles) == 3)
    assert {"Terraform", "Kubernetes"} <= labels(candidate)
    terraform = next(skill for skill in candidate.skills if skill.label == "Terraform")
    assert terraform.evidence == SKILL_EVIDENCE_USED_IN_ROLE
    assert list(terraform.spans) == [Span(text="Terraform")]
    ansible = next(skill for skill in candidate.skills if skill.label == "Ansible")
    assert (ansible.evidence, ansible.years, ansible.HasField("last_used")) == (SKILL_EVIDENCE_STATED, 0, False)
    assert list(ansible.spans) == [Span(text="Ansible")]
    assert Span(text="Ran Terraform for 30 teams") in candidate.passages
    assert Span(text="Site Reliability Engineer") in [role.span for role in candidate.roles]
    assert Span(text="Bachelor of Arts") in [span for degree in candidate.degrees for span in degree.spans]
    assert "French" in [one.language.text for one in candidate.languages]
    told = spans(candidate)
    assert [span for span in told if span.end], "the rest is of the resume as before"
    assert await elsewhere(own, candidate) == []
    assert all(not (span.start or span.page) for span in told if not span.end)
    # In the resume it stood in this role alone, which says something else by now.
    assert "3,000 requests" not in str(candidate)
    # Employers and schools are no facts for matching.
    assert not [word for word in ("Old Works", "A school", "Ada", "Berlin") if word in str(candidate)]


async def test_removed_skills_come_back_by_hand_alone(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    await own.remove_skill(skill_named("Docker"))
    await own.told(lambda c: "Docker" not in labels(c))
    await an_analysis(system, own.person, OTHER)
    assert "Docker" not in labels(await own.told(lambda c: len(c.roles) == 3))
    await own.set_skill(skill_named("Docker"))
    assert "Docker" in labels(await own.told(lambda c: "Docker" in labels(c)))


async def test_a_first_resume_does_not_speak_as_if_nothing_had_been_removed(system: System, own: Own) -> None:
    """Not even until a worker has seen what was."""
    role = await own.create("Python Developer", (2016, 1), employer="Sample Systems")
    await own.remove(role.id)
    await own.refreshed()
    async with told_of(own) as stream:
        await an_analysis(system, own.person)
        while (event := await stream.read()).candidate.id != own.person.id:
            pass
    assert [role.title for role in event.candidate.roles] == ["Senior Python Developer"]


async def test_the_old_facts_are_told_until_the_new_ones_are_known(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    await own.remove((await own.experiences())[1].id)
    await own.told(lambda c: len(c.roles) == 1)
    async with told_of(own) as stream:
        last = await an_analysis(system, own.person, OTHER)
        seen = []
        while not seen or seen[-1].resume_id != last.resume_id:
            event = await stream.read()
            seen += [event.candidate] if event.candidate.id == own.person.id else []
    assert not [role for candidate in seen for role in candidate.roles if role.title == "Python Developer"]
    for candidate in seen:
        assert await elsewhere(own, candidate) == []


async def test_bytes_that_are_known_do_not_bring_back_what_was_removed(system: System, own: Own) -> None:
    """They are answered without models, and the rest is a job's."""
    barista = RESUME.replace(
        "Education", "Barista, Blue Cup\nJune 2010 - September 2011\n- Made 200 cups a day\n\nEducation"
    )
    await an_analysis(system, own.person, barista)
    assert len((await own.told()).roles) == 3
    await an_analysis(system, own.person, OTHER)
    role = await own.create("Barista", (2010, 6), employer="Blue Cup")
    await own.remove(role.id)
    await own.refreshed()
    async with told_of(own) as stream:
        last = await an_analysis(system, own.person, barista)
        seen = []
        while not seen or seen[-1].resume_id != last.resume_id:
            event = await stream.read()
            seen += [event.candidate] if event.candidate.id == own.person.id else []
    assert "Barista" not in str(seen)
    assert "Barista" not in str(await own.told()) + str(await own.experiences())


@asynccontextmanager
async def told_of(own: Own) -> AsyncIterator[Any]:
    """What matching hears from now on."""
    stream = own.stub.WatchCandidates(pb.WatchCandidatesRequest(), metadata=as_service("matching"))
    try:
        async with asyncio.timeout(60):
            while not (await stream.read()).HasField("snapshot_complete"):
                pass
            yield stream
    finally:
        stream.cancel()


async def test_strength_says_why_and_what_would_raise_it(system: System, own: Own) -> None:
    empty = (await own.profile()).insights
    assert (empty.profile_strength, empty.career_stage) == (0, 0)
    strengths = [0]
    await own.create("Developer")
    await own.refreshed()
    strengths.append((await own.profile()).insights.profile_strength)
    role = (await own.experiences())[0]
    await own.update(role.id, employer="Example Works", description="Built 3 services\nCut costs by 40%")
    await own.refreshed()
    strengths.append((await own.profile()).insights.profile_strength)
    await own.set_skill(skill_named("Python"))
    await own.set_language("German")
    await own.refreshed()
    strengths.append((await own.profile()).insights.profile_strength)
    profile = await own.change(Profile(display_name="Ada", headline="Developer"))
    found = profile.insights
    strengths.append(found.profile_strength)
    assert strengths == sorted(set(strengths))
    assert sum(part.max_points for part in found.strength_parts) == 100
    assert sum(part.points for part in found.strength_parts) == found.profile_strength
    assert all(part.why for part in found.strength_parts)
    gains = [one.max_gain for one in found.suggestions]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 0
    # What is suggested brings what is said.
    education = next(one for one in found.suggestions if one.topic == "education")
    await own.study("A school", degree="Bachelor of Arts")
    await own.refreshed()
    assert (await own.profile()).insights.profile_strength == found.profile_strength + education.max_gain


WISHES = Preferences(
    pay=PayRange(minimum=Money(minor_units=6_000_000, currency_code="EUR"), period=PAY_PERIOD_YEAR),
    locations=[Location(city="Berlin", country_code="DE"), Location(country_code="AT")],
    work_modes=[WORK_MODE_HYBRID, WORK_MODE_REMOTE],
    blocked_employers=["Former Works"],
    interests=["health"],
    work_permit_countries=["DE"],
    seniority=SENIORITY_SENIOR,
)


async def test_wishes_are_kept_whole_and_told(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    before = (await own.profile()).insights.profile_strength
    changed = await own.change(Profile(preferences=WISHES))
    assert changed.preferences == WISHES == (await own.profile()).preferences
    assert changed.insights.profile_strength == before + 5
    assert (await own.told(lambda c: c.preferences.locations)).preferences == WISHES
    cleared = await own.change(Profile(), "preferences")
    assert cleared.preferences == Preferences()
    with refused("INVALID_ARGUMENT"):
        await own.change(Profile(preferences=Preferences(seniority=99)))  # type: ignore[arg-type]
    with refused("ETAG_MISMATCH", resource="profile"):
        await own.change(Profile(headline="x", etag=changed.etag))


async def test_what_a_worker_finds_leaves_the_etag_of_the_profile(system: System, own: Own) -> None:
    """Or who adds a skill could not save the headline beside it."""
    await an_analysis(system, own.person)
    read = await own.profile()
    await own.set_skill(skill_named("Ansible"))
    await own.told(lambda c: "Ansible" in labels(c))
    assert (await own.change(Profile(headline="x", etag=read.etag))).headline == "x"


@asynccontextmanager
async def watching(own: Own, token: str = "") -> AsyncIterator[Any]:
    stream = own.stub.WatchProfile(pb.WatchProfileRequest(resume_token=token), metadata=own.person.metadata)
    try:
        async with asyncio.timeout(60):
            yield stream
    finally:
        stream.cancel()


async def snapshot(stream: Any) -> list[pb.WatchProfileResponse]:
    found = []
    while not found or not found[-1].HasField("snapshot_complete"):
        found.append(await stream.read())
    return found


async def test_a_watch_shows_profile_and_entries_and_then_each_change(system: System, own: Own) -> None:
    await an_analysis(system, own.person)
    stranger = Own(system, await a_job_seeker(system))
    async with watching(own) as stream:
        begin = await snapshot(stream)
        kinds = [event.WhichOneof("event") for event in begin]
        assert kinds[0] == "profile"
        counts = {kind: kinds.count(kind) for kind in kinds}
        assert (counts["experience"], counts["education"], counts["language"]) == (2, 1, 2)
        assert counts["skill"] == len(await own.skills())
        assert begin[-1].snapshot_complete.row_count == len(begin) - 1
        await stranger.create("Not mine")
        made = await own.create("Mine")
        assert (await stream.read()).experience == made
        after = await stream.read()
        while not after.HasField("profile"):
            after = await stream.read()
        await own.remove(made.id)
        while not (event := await stream.read()).removed_entry_id:
            assert "Not mine" not in str(event)
        assert event.removed_entry_id == made.id
        token = event.resume_token
    changed = await own.change(Profile(headline="Meanwhile"))
    async with watching(own, token) as stream:
        event = await stream.read()
        while not event.HasField("profile") or event.profile.headline != "Meanwhile":
            assert not event.HasField("snapshot_complete")
            event = await stream.read()
        assert event.profile.etag == changed.etag
    # Cut within the snapshot: the rest of it comes, and nothing twice.
    async with watching(own, begin[1].resume_token) as stream:
        rest = await snapshot(stream)
    ids = [event.experience.id for event in (*begin[:2], *rest) if event.HasField("experience")]
    assert len(ids) == len(set(ids)) == 2
    with refused("RESUME_TOKEN_INVALID"):
        await stranger.stub.WatchProfile(
            pb.WatchProfileRequest(resume_token=token), metadata=stranger.person.metadata
        ).read()


async def test_who_has_nothing_yet_watches_an_empty_profile(own: Own) -> None:
    async with watching(own) as stream:
        begin = await snapshot(stream)
    assert [event.WhichOneof("event") for event in begin] == ["profile", "snapshot_complete"]
    assert begin[0].profile.id == own.person.id
