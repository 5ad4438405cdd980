"""Skills worth learning: what is promised is what the engine says once the skill is there."""

import asyncio
from typing import Any
from uuid import uuid4

import grpc
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.profile_pb2 import Profile
from skillsync.matching.v1 import matching_service_pb2 as matching_pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub_pb
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from tests.builders import RESUME, Person, a_job_seeker, a_position, a_recruiter
from tests.careerforge.growing import ALSO, ASKS, a_market, insights_left, rescored, scores
from tests.careerforge.profiled import Own
from tests.careerforge.test_entries import skill_named
from tests.harness import System, as_service
from tests.matching.ranked import a_candidate
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


async def recommended(
    careerforge: CareerForgeServiceStub, person: Person, **fields: Any
) -> pb.ListSkillRecommendationsResponse:
    request = pb.ListSkillRecommendationsRequest(**fields)
    return await careerforge.ListSkillRecommendations(request, metadata=person.metadata)


async def test_every_promised_score_is_the_one_that_adding_the_skill_leads_to(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    positions = {one.id for one in await a_market(system, ASKS, ALSO)}
    own, before = Own(system, person), await scores(system, person)
    assert before.keys() == positions
    found = (await recommended(careerforge, person)).recommendations
    assert {one.label for one in found} == {"Terraform", "Apache Kafka", "Ansible"}
    gains = [(one.score_gain, one.shown_gain) for one in found]
    assert gains == sorted(gains, reverse=True)
    assert found[0].label == "Terraform", "both positions must have it"
    for one in found:
        promises = {promise.position_id: promise for promise in one.positions}
        assert one.position_count == len(promises)
        assert all(promise.score == before[key][0] for key, promise in promises.items())
        assert all(p.score < p.named_score < p.shown_score for p in promises.values())
        sums = sum(p.named_score - p.score for p in promises.values())
        assert one.score_gain == pytest.approx(sums, abs=1e-9)
        known = await scores(system, person)
        await own.set_skill(one.skill_id)
        after = await rescored(system, person, known)
        assert {key: promise.named_score for key, promise in promises.items()} == {key: after[key] for key in promises}
        assert all(after[key] == before[key][0] for key in positions - promises.keys())
        known = await scores(system, person)
        await own.remove_skill(one.skill_id)
        back = await rescored(system, person, known)
        assert back == {key: score for key, (score, _) in before.items()}


async def test_a_year_of_work_is_worth_what_the_matcher_says_that_learning_is(
    system: System, careerforge: CareerForgeServiceStub, matching: MatchingServiceStub
) -> None:
    await a_candidate(system)
    person = await a_candidate(system, RESUME.replace("PostgreSQL", "filing"))
    (position,) = await a_market(system, ASKS, people=2)
    found = (await recommended(careerforge, person, position_id=position.id)).recommendations
    shown = {one.skill_id: one.positions[0].shown_score - one.positions[0].score for one in found}
    request = matching_pb.WhatIfRequest(position_id=position.id, target_rank=1, max_changes=10)
    plan = await matching.WhatIf(request, metadata=person.metadata)
    learnt = {change.skill_id: change.score_gain for change in plan.changes if change.kind == "learn_skill"}
    assert learnt, plan
    assert learnt == pytest.approx({key: shown[key] for key in learnt}, abs=1e-9)


async def test_only_the_first_page_costs_and_only_where_there_is_something(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    assert len((await recommended(careerforge, person)).recommendations) == 0
    assert await insights_left(system, person) == 3, "nothing to list costs nothing"
    await a_market(system, ASKS, ALSO)
    seen, token = [], ""
    for _ in range(3):
        page = await recommended(careerforge, person, page_size=1, page_token=token)
        seen += [one.label for one in page.recommendations]
        token = page.next_page_token
    assert (len(set(seen)), token) == (3, "")
    assert await insights_left(system, person) == 2
    other = await a_candidate(system)
    token = (await recommended(careerforge, person, page_size=1)).next_page_token
    with refused("PAGE_TOKEN_INVALID"):
        await recommended(careerforge, other, page_size=1, page_token=token)
    with refused("PAGE_TOKEN_INVALID"):
        await recommended(careerforge, person, page_size=1, page_token=token, position_id=str(uuid4()))


async def test_a_failure_costs_nothing_and_without_credits_nothing_is_computed(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, ASKS)
    for missing in (str(uuid4()), (await a_position(system, await a_recruiter(system), publish=False)).id):
        with refused("NOT_FOUND", resource="position", id=missing):
            await recommended(careerforge, person, position_id=missing)
    assert await insights_left(system, person) == 3
    for _ in range(3):
        await recommended(careerforge, person, position_id=position.id)
    with refused("QUOTA_EXCEEDED", quota="ai_insight"):
        await recommended(careerforge, person)
    assert await insights_left(system, person) == 0


async def test_a_position_that_is_closed_is_not_there(
    system: System, careerforge: CareerForgeServiceStub, talenthub: TalentHubServiceStub
) -> None:
    person, recruiter = await a_candidate(system), await a_recruiter(system)
    (position,) = await a_market(system, ASKS, recruiter=recruiter)
    close = talenthub_pb.ClosePositionRequest(position_id=position.id, close_reason=Position.CLOSE_REASON_CANCELLED)
    await talenthub.ClosePosition(close, metadata=recruiter.metadata)
    async with asyncio.timeout(60):
        while await system.count("matching.positions", "state = 'OPEN'"):
            await asyncio.sleep(0.05)
    with refused("NOT_FOUND", resource="position", id=position.id):
        await recommended(careerforge, person, position_id=position.id)
    assert not (await recommended(careerforge, person)).recommendations


async def test_what_was_removed_is_not_recommended_and_what_is_named_neither(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, ASKS)
    own, known = Own(system, person), await scores(system, person)
    await own.set_skill(skill_named("Terraform"))
    await rescored(system, person, known)
    labels = [one.label for one in (await recommended(careerforge, person, position_id=position.id)).recommendations]
    assert labels == ["Apache Kafka"]
    known = await scores(system, person)
    await own.remove_skill(skill_named("Terraform"))
    await rescored(system, person, known)
    labels = [one.label for one in (await recommended(careerforge, person)).recommendations]
    assert labels == ["Apache Kafka"]


async def test_who_takes_no_part_is_told_so(system: System, careerforge: CareerForgeServiceStub) -> None:
    newcomer = await a_job_seeker(system)
    with refused("NOT_FOUND", resource="candidate"):
        await recommended(careerforge, newcomer)
    assert await insights_left(system, newcomer) == 3
    hidden = await a_candidate(system)
    await a_market(system, ASKS)
    await Own(system, hidden).change(Profile(visibility=Profile.VISIBILITY_HIDDEN))
    await until_gone(system, hidden)
    with refused("NOT_FOUND", resource="candidate"):
        await recommended(careerforge, hidden)


async def until_gone(system: System, person: Person) -> None:
    async with asyncio.timeout(60):
        while await system.count("matching.candidates", "id = $1", person.id):
            await asyncio.sleep(0.05)


async def test_matching_answers_careerforge_alone_and_about_the_caller(
    system: System, matching: MatchingServiceStub
) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, ASKS)
    request, explain = matching_pb.ListSkillGainsRequest(), matching_pb.ExplainPositionRequest(position_id=position.id)
    for metadata in (person.metadata, (*person.metadata, *as_service("talenthub"))):
        with refused("PERMISSION_DENIED"):
            await matching.ListSkillGains(request, metadata=metadata)
        with refused("PERMISSION_DENIED"):
            await matching.ExplainPosition(explain, metadata=metadata)
    found = await matching.ListSkillGains(request, metadata=(*person.metadata, *as_service("careerforge")))
    assert found.position_count == 1
    assert skill_named("Python") in found.candidate_skill_ids
    with pytest.raises(grpc.RpcError):
        await matching.ListSkillGains(request, metadata=as_service("careerforge"))
