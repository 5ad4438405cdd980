"""Tests of skills, through the door."""

import asyncio
import json
from datetime import timedelta
from uuid import UUID, uuid4

import grpc
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import growth_pb2
from skillsync.careerforge.v1.growth_pb2 import Assessment
from skillsync.careerforge.v1.profile_pb2 import ORIGIN_PERSON
from skillsync.type.v1.privacy_pb2 import ExportUserDataRequest

from services.ai.assessments import MAX_ITEMS, MIN_ITEMS, choices_of
from services.careerforge import assessments
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.settings import Settings
from tests.builders import a_job_seeker, a_token_holder, an_analysis
from tests.careerforge.examined import (
    ABANDONED,
    NOT_PASSED,
    PASSED,
    PYTHON,
    RUNNING,
    Sitter,
    at_once,
    item_of,
    place_of,
)
from tests.harness import System, as_service
from tests.refusals import refused


@pytest.fixture
async def sitter(system: System) -> Sitter:
    return Sitter(system, await a_token_holder(system))


def refusals(answers: list[object]) -> list[str]:
    return [answer.details() or "" for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]


async def test_the_list_says_what_can_be_tested_and_where_the_caller_stands(sitter: Sitter) -> None:
    found = (await sitter._ask("ListAssessableSkills", pb.ListAssessableSkillsRequest())).skills
    assert len(found) >= 8
    assert [skill.label.casefold() for skill in found] == sorted(skill.label.casefold() for skill in found)
    test = await sitter.start()
    found = (await sitter._ask("ListAssessableSkills", pb.ListAssessableSkillsRequest())).skills
    python = next(skill for skill in found if skill.label == "Python")
    assert (python.running_assessment_id, python.min_item_count, python.max_item_count) == (test.id, 8, 20)
    assert not python.HasField("passed_time")


async def test_a_skill_without_a_bank_cannot_be_tested(sitter: Sitter) -> None:
    with refused("NOT_FOUND", resource="assessable skill"):
        await sitter.start("no-such-skill")


async def test_who_knows_everything_passes_and_gets_evidence_and_a_milestone(sitter: Sitter) -> None:
    test = await sitter.sit(right=True)
    assert test.state == PASSED
    assert MIN_ITEMS <= test.answered_count <= MAX_ITEMS
    assert test.ability - test.standard_error >= PYTHON.pass_ability
    assert not test.HasField("item")
    assert test.HasField("end_time")
    assert not test.HasField("next_try_time")
    skill = (await sitter.skills())["Python"]
    assert (skill.HasField("verified_time"), skill.origin) == (True, ORIGIN_PERSON)
    milestones = (await sitter._ask("ListMilestones", pb.ListMilestonesRequest())).milestones
    assert [(m.milestone_type, m.verified, m.achievement_points) for m in milestones] == [
        (growth_pb2.MILESTONE_TYPE_SKILL_MASTERED, True, 30)
    ]
    assert (await sitter.profile()).insights.achievement_score == 30


async def test_a_passed_skill_is_told_to_matching_and_stays_through_readings(system: System) -> None:
    sitter = Sitter(system, await a_job_seeker(system))
    await an_analysis(system, sitter.person)
    before = await sitter.told()
    assert list(before.assessed_skill_ids) == []
    years = (await sitter.skills())["Python"].years
    await sitter.sit(right=True)
    candidate = await sitter.told(lambda c: len(c.assessed_skill_ids) == 1)
    assert list(candidate.assessed_skill_ids) == [PYTHON.skill_id]
    assert candidate.etag != before.etag
    assert list(candidate.skills) == list(before.skills)
    await an_analysis(
        system, sitter.person, "Ada Example\n\nExperience\nCook, Inn\n2010 - 2012\n- Cooked for 200 guests"
    )
    candidate = await sitter.told(lambda c: c.roles and c.roles[0].title == "Cook")
    assert list(candidate.assessed_skill_ids) == [PYTHON.skill_id]
    assert [skill.label for skill in candidate.skills if skill.skill_id == PYTHON.skill_id] == ["Python"]
    skill = (await sitter.skills())["Python"]
    assert skill.HasField("verified_time")
    assert years > 0


async def test_matching_keeps_that_a_skill_was_assessed(system: System) -> None:
    sitter = Sitter(system, await a_job_seeker(system))
    await an_analysis(system, sitter.person)
    await sitter.sit(right=True)
    async with asyncio.timeout(60):
        while True:
            stored = await system.database.fetchval(
                "select features::text from matching.candidates where id = $1", UUID(sitter.person.id)
            )
            facts = json.loads(stored)["skills"] if stored else []
            if any(fact["skill_id"] == PYTHON.skill_id and fact["assessed"] for fact in facts):
                break
            await asyncio.sleep(0.05)
    assert sum(fact["assessed"] for fact in facts) == 1


async def test_a_skill_removed_and_set_again_is_still_verified(sitter: Sitter) -> None:
    await sitter.sit(right=True)
    await sitter.remove_skill(PYTHON.skill_id)
    assert "Python" not in await sitter.skills()
    assert (await sitter.set_skill(PYTHON.skill_id)).HasField("verified_time")


async def test_who_knows_nothing_waits_fourteen_days(sitter: Sitter) -> None:
    test = await sitter.sit(right=False)
    assert test.state == NOT_PASSED
    assert test.next_try_time.ToDatetime() - test.end_time.ToDatetime() == timedelta(days=14)
    assert "Python" not in await sitter.skills()
    with refused("WRONG_STATE", state="NOT_PASSED"):
        await sitter.start()
    await sitter.later(13.9)
    with refused("WRONG_STATE", state="NOT_PASSED"):
        await sitter.start()
    await sitter.later(0.2)
    assert (await sitter.start()).state == RUNNING


async def test_a_skill_that_is_passed_is_not_tried_again(sitter: Sitter) -> None:
    await sitter.sit(right=True)
    await sitter.later(400)
    with refused("WRONG_STATE", state="PASSED"):
        await sitter.start()


async def test_one_test_of_a_skill_runs_at_a_time(sitter: Sitter) -> None:
    answers = await at_once(*(sitter.start() for _ in range(5)))
    assert sum(isinstance(answer, Assessment) for answer in answers) == 1
    assert all("RUNNING" in refusal for refusal in refusals(answers))
    assert len(refusals(answers)) == 4


async def test_the_same_request_begins_one_test(sitter: Sitter) -> None:
    request_id = str(uuid4())
    tests = await at_once(*(sitter.start(request_id=request_id) for _ in range(5)))
    assert {test.id for test in tests if isinstance(test, Assessment)} == {tests[0].id}  # type: ignore[attr-defined]
    assert {test.item.id for test in tests if isinstance(test, Assessment)} == {tests[0].item.id}  # type: ignore[attr-defined]
    assert await sitter.start(request_id=request_id) == tests[0]


async def test_a_question_is_answered_once(sitter: Sitter) -> None:
    test = await sitter.start()
    await sitter.choose(test, 0)
    with refused("WRONG_STATE", resource="assessment"):
        await sitter.choose(test, 1)
    assert (await sitter.get(test.id)).answered_count == 1


async def test_of_two_answers_at_once_one_counts(sitter: Sitter) -> None:
    test = await sitter.start()
    for number in range(1, 6):
        answers = await at_once(*(sitter.choose(test, choice) for choice in (0, 1, 2)))
        assert len(refusals(answers)) == 2
        test = await sitter.get(test.id)
        assert test.answered_count == number


async def test_the_same_answer_sent_again_counts_once(sitter: Sitter) -> None:
    first, request_id = await sitter.start(), str(uuid4())
    answers = await at_once(*(sitter.choose(first, 0, request_id) for _ in range(4)))
    assert all(isinstance(answer, Assessment) for answer in answers)
    assert {answer.item.id for answer in answers} == {(await sitter.get(first.id)).item.id}  # type: ignore[attr-defined]
    assert (await sitter.choose(first, 2, request_id)).answered_count == 1


async def test_a_late_answer_is_wrong_however_right_it_is(system: System, sitter: Sitter) -> None:
    test = await sitter.start()
    await system.database.execute(
        "update careerforge.assessment_answers set expire_time = now() - interval '4 seconds' where id = $1",
        UUID(test.item.id),
    )
    test = await sitter.choose(test, place_of(test, right=True))
    assert test.state == RUNNING
    stored = "select correct from careerforge.assessment_answers where assessment_id = $1 and number = $2"
    assert await system.database.fetchval(stored, UUID(test.id), 1) is False
    test = await sitter.choose(test, place_of(test, right=True))
    assert await system.database.fetchval(stored, UUID(test.id), 2) is True


async def test_a_question_says_until_when_it_waits(sitter: Sitter) -> None:
    test = await sitter.start()
    left = test.item.expire_time.ToDatetime() - test.create_time.ToDatetime()
    assert left == timedelta(seconds=item_of(test).seconds)


async def test_a_choice_that_there_is_not_is_refused_and_answers_nothing(sitter: Sitter) -> None:
    test = await sitter.start()
    with refused("INVALID_ARGUMENT", field="choice"):
        await sitter.choose(test, 4)
    assert (await sitter.get(test.id)).answered_count == 0


async def test_nothing_tells_which_answer_is_right(system: System, sitter: Sitter) -> None:
    """No message, no export: neither the key, nor a parameter, nor the bank's own id of the question."""
    test = await sitter.start()
    texts = [str(test)]
    for right in (True, False, True, True):
        item = item_of(test)
        assert list(test.item.choices) == list(choices_of(item, UUID(test.id)))
        assert (test.ability, test.standard_error) == (0, 0), "its ups and downs would tell"
        test = await sitter.choose(test, place_of(test, right))
        texts.append(str(test))
    texts.append(str(await sitter.tests()))
    assert not any(item.why in text or item.id in text for item in PYTHON.items for text in texts)
    exported = b""
    stream = sitter.stub.ExportUserData(ExportUserDataRequest(account_id=sitter.person.id), metadata=as_service("user"))
    async for part in stream:
        if part.path == "assessment_answers.json":
            exported += part.content
    rows = json.loads(exported)
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5] or len(rows) == 5
    assert not {"item_id", "correct"} & rows[0].keys()
    assert not any(item.id in exported.decode() for item in PYTHON.items)


async def test_the_key_does_not_stand_at_one_place(system: System, sitter: Sitter) -> None:
    test, places = await sitter.start(), []
    while test.state == RUNNING:
        places.append(place_of(test, right=True))
        test = await sitter.choose(test, places[-1])
    assert len(set(places)) > 1


async def test_another_try_asks_what_was_not_asked_before(sitter: Sitter) -> None:
    await sitter.sit(right=False)
    await sitter.later(15)
    await sitter.sit(right=False)
    first, second = await sitter.shown()
    assert not set(first) & set(second)


async def test_a_test_is_given_up_once(sitter: Sitter) -> None:
    test = await sitter.start()
    given_up = await sitter.abandon(test.id)
    assert (given_up.state, given_up.HasField("item")) == (ABANDONED, False)
    with refused("WRONG_STATE", state="ABANDONED"):
        await sitter.abandon(test.id)
    with refused("WRONG_STATE", state="ABANDONED"):
        await sitter.choose(test, 0)
    # Else bad luck would be given up, and better questions asked for.
    with refused("WRONG_STATE", state="ABANDONED"):
        await sitter.start()
    await sitter.later(15)
    assert (await sitter.start()).state == RUNNING


async def test_what_is_left_alone_for_a_day_is_given_up(system: System, sitter: Sitter) -> None:
    test = await sitter.start()
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as db:
        for hours, state in ((23.9, RUNNING), (0.2, ABANDONED)):
            await sitter.later(hours / 24)
            async with db.write(EVERYONE) as session:
                await assessments.abandon_old(session, utc_now())
            assert (await sitter.get(test.id)).state == state


async def test_a_test_is_its_own_persons_alone(system: System, sitter: Sitter) -> None:
    stranger, test = Sitter(system, await a_token_holder(system)), await sitter.start()
    for call in (stranger.get(test.id), stranger.choose(test, 0), stranger.abandon(test.id)):
        with refused("NOT_FOUND", resource="assessment"):
            await call
    assert list((await stranger.tests()).assessments) == []
    assert (await sitter.get(test.id)).answered_count == 0


async def test_tests_are_listed_newest_first_page_by_page(sitter: Sitter) -> None:
    skills = [
        skill.skill_id for skill in (await sitter._ask("ListAssessableSkills", pb.ListAssessableSkillsRequest())).skills
    ]
    begun = [(await sitter.start(skill_id)).id for skill_id in skills[:3]]
    first = await sitter.tests(page_size=2)
    rest = await sitter.tests(page_size=2, page_token=first.next_page_token)
    assert [test.id for test in (*first.assessments, *rest.assessments)] == begun[::-1]
    assert rest.next_page_token == ""
    assert all(test.item.choices for test in first.assessments)
    with refused("PAGE_TOKEN_INVALID"):
        await sitter.tests(page_token="x")


async def test_a_question_that_the_bank_has_lost_is_passed_over(system: System, sitter: Sitter) -> None:
    test = await sitter.start()
    await system.database.execute(
        "update careerforge.assessment_answers set item_id = 'gone' where id = $1", UUID(test.item.id)
    )
    test = await sitter.get(test.id)
    assert list(test.item.choices) == ["Go on"]
    test = await sitter.choose(test, 0)
    assert test.state == RUNNING
    assert len(test.item.choices) == 4
