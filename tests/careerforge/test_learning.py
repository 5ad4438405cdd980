"""Learning paths: prerequisites first, gains from the engine, and each person's own."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.growth_pb2 import LearningPath
from sqlalchemy import text

from services.ai.skills import load
from services.kit.db import Database, uuid7
from services.kit.settings import Settings
from tests.builders import Person, a_job_seeker
from tests.careerforge.growing import ASKS, a_market, insights_left, rescored, scores
from tests.careerforge.profiled import Own
from tests.harness import System
from tests.matching.ranked import a_candidate
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

# What it asks for builds on what the resume does not have.
BUILDS = """You must have:
- Istio and PyTorch
- React
Nice to have:
- Python"""


async def a_path(careerforge: CareerForgeServiceStub, person: Person, goal: str, request_id: str = "") -> LearningPath:
    request = pb.CreateLearningPathRequest(goal=goal, request_id=request_id)
    return await careerforge.CreateLearningPath(request, metadata=person.metadata)


async def paths(careerforge: CareerForgeServiceStub, person: Person, **fields: Any) -> pb.ListLearningPathsResponse:
    return await careerforge.ListLearningPaths(pb.ListLearningPathsRequest(**fields), metadata=person.metadata)


async def marked(
    careerforge: CareerForgeServiceStub, person: Person, path: LearningPath, skill_id: str, done: bool = True
) -> LearningPath:
    request = pb.UpdateLearningProgressRequest(path_id=path.id, skill_id=skill_id, done=done)
    return await careerforge.UpdateLearningProgress(request, metadata=person.metadata)


async def test_a_path_leads_to_a_position_with_prerequisites_first(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, BUILDS)
    path = await a_path(careerforge, person, position.id)
    assert (path.goal, path.basis) == (position.id, LearningPath.BASIS_POSITION)
    labels = [step.skill.label for step in path.steps]
    places = {step.skill.skill_id: place for place, step in enumerate(path.steps)}
    assert set(labels) == {"Istio", "PyTorch", "React", "JavaScript", "HTML"}, "Kubernetes and Python are there"
    for step in path.steps:
        assert all(places[one] < places[step.skill.skill_id] for one in step.prerequisite_skill_ids)
        assert step.skill.effort_hours % 20 == 0
        assert not step.done
    assert labels.index("HTML") < labels.index("JavaScript") < labels.index("React")
    by_label = {step.skill.label: step.skill for step in path.steps}
    assert by_label["Istio"].shown_gain > by_label["Istio"].score_gain > 0
    assert by_label["HTML"].shown_gain == 0
    again = await a_path(careerforge, person, position.id)
    assert [step.skill.label for step in again.steps] == labels
    assert again.id != path.id
    assert await insights_left(system, person) == 3


async def test_a_path_to_an_occupation_is_of_what_positions_with_its_title_ask_for(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    occupation = next(one for one in load().titles() if one.label == "ICT system developer")
    await a_market(system, ASKS, title=f"Senior {occupation.label.upper()}, Berlin")
    await a_market(system, BUILDS, title="Gardener")
    path = await a_path(careerforge, person, occupation.id)
    assert path.basis == LearningPath.BASIS_TITLES
    assert {step.skill.label for step in path.steps} == {"Terraform", "cloud computing", "Apache Kafka"}
    nobody_hires = next(one for one in load().titles() if one.label == "glass beveller")
    assert not (await a_path(careerforge, person, nobody_hires.id)).steps


async def test_goals_that_are_none_are_refused(system: System, careerforge: CareerForgeServiceStub) -> None:
    person = await a_candidate(system)
    for goal in ("wealth", str(uuid4())):
        with refused("NOT_FOUND"):
            await a_path(careerforge, person, goal)
    with refused("NOT_FOUND", resource="candidate"):
        (position,) = await a_market(system, BUILDS)
        await a_path(careerforge, await a_job_seeker(system), position.id)
    assert await system.count("careerforge.learning_paths") == 0


async def test_the_same_request_makes_one_path(system: System, careerforge: CareerForgeServiceStub) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, BUILDS)
    request_id = str(uuid4())
    made = await asyncio.gather(*(a_path(careerforge, person, position.id, request_id) for _ in range(3)))
    made.append(await a_path(careerforge, person, position.id, request_id))
    assert len({path.id for path in made}) == 1
    assert len((await paths(careerforge, person)).paths) == 1
    other = await a_candidate(system)
    assert (await a_path(careerforge, other, position.id, request_id)).id != made[0].id


async def test_progress_is_kept_and_adds_nothing_to_the_profile(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, BUILDS)
    path = await a_path(careerforge, person, position.id)
    skill = path.steps[1].skill.skill_id
    done = await marked(careerforge, person, path, skill)
    assert [step.done for step in done.steps] == [place == 1 for place in range(len(path.steps))]
    assert done.etag != path.etag
    assert (await marked(careerforge, person, path, skill)).etag == done.etag, "nothing happened"
    assert (await paths(careerforge, person)).paths[0] == done
    assert not any(step.done for step in (await marked(careerforge, person, path, skill, done=False)).steps)
    assert path.steps[1].skill.label not in await Own(system, person).skills()
    with refused("NOT_FOUND", resource="learning_step"):
        await marked(careerforge, person, path, "no-such-skill")


async def test_skills_that_one_has_are_no_steps(system: System, careerforge: CareerForgeServiceStub) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, BUILDS)
    path = await a_path(careerforge, person, position.id)
    known = await scores(system, person)
    react = next(step.skill.skill_id for step in path.steps if step.skill.label == "React")
    await Own(system, person).set_skill(react)
    await rescored(system, person, known)
    labels = {step.skill.label for step in (await a_path(careerforge, person, position.id)).steps}
    assert labels == {"Istio", "PyTorch"}, "who has React needs no HTML to get there"


async def test_another_persons_path_is_not_there(system: System, careerforge: CareerForgeServiceStub) -> None:
    person, stranger = await a_candidate(system), await a_candidate(system)
    (position,) = await a_market(system, BUILDS)
    path = await a_path(careerforge, person, position.id)
    assert not (await paths(careerforge, stranger)).paths
    with refused("NOT_FOUND", resource="learning_path"):
        await marked(careerforge, stranger, path, path.steps[0].skill.skill_id)
    with refused("NOT_FOUND", resource="learning_path"):
        await careerforge.DeleteLearningPath(pb.DeleteLearningPathRequest(path_id=path.id), metadata=stranger.metadata)
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    for account_id, count in ((UUID(person.id), len(path.steps)), (UUID(stranger.id), 0)):
        async with Database.opened(url, account_id) as db:
            for table, most in (("learning_paths", min(1, count)), ("learning_steps", count)):
                rows = await db.run(text(f"select 1 from careerforge.{table}"))
                assert len(rows) == most, table


async def test_paths_come_newest_first_and_there_is_a_most(system: System, careerforge: CareerForgeServiceStub) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, BUILDS)
    first = await a_path(careerforge, person, position.id)
    await system.database.executemany(
        "insert into careerforge.learning_paths (id, user_id, goal, basis) values ($1, $2, 'x', 'POSITION')",
        [(uuid7(), person.id) for _ in range(18)],
    )
    last = await a_path(careerforge, person, position.id)
    with refused("INVALID_ARGUMENT", limit="20"):
        await a_path(careerforge, person, position.id)
    seen, token = [], ""
    while True:
        page = await paths(careerforge, person, page_size=7, page_token=token)
        seen += [path.id for path in page.paths]
        if not (token := page.next_page_token):
            break
    assert (len(seen), seen[0], seen[-1]) == (20, last.id, first.id)
    with refused("PAGE_TOKEN_INVALID"):
        await paths(careerforge, person, page_token="x")
    await careerforge.DeleteLearningPath(pb.DeleteLearningPathRequest(path_id=first.id), metadata=person.metadata)
    assert await system.count("careerforge.learning_steps", "path_id = $1", UUID(first.id)) == 0
    await a_path(careerforge, person, position.id)
