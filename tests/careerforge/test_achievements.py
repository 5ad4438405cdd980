"""Portfolio and milestones."""

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import growth_pb2
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub

from tests.builders import Person, a_job_seeker
from tests.harness import System
from tests.refusals import refused


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


async def test_a_showcase_is_kept_as_stated(careerforge: CareerForgeServiceStub, person: Person) -> None:
    item = growth_pb2.PortfolioItem(
        project_title="A map", description="of things", technologies=["Python"], project_url="https://example.org/map"
    )
    made = await careerforge.CreateShowcase(pb.CreateShowcaseRequest(item=item), metadata=person.metadata)
    assert made.visibility == growth_pb2.PortfolioItem.VISIBILITY_PRIVATE
    listed = (await careerforge.ListPortfolio(pb.ListPortfolioRequest(), metadata=person.metadata)).items
    assert list(listed) == [made]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "example.org"])
async def test_a_link_must_be_a_web_address(careerforge: CareerForgeServiceStub, person: Person, url: str) -> None:
    item = growth_pb2.PortfolioItem(project_title="A map", project_url=url)
    with refused("INVALID_ARGUMENT", field="item.project_url"):
        await careerforge.CreateShowcase(pb.CreateShowcaseRequest(item=item), metadata=person.metadata)


async def test_unproven_milestones_count_half(careerforge: CareerForgeServiceStub, person: Person) -> None:
    for kind in (growth_pb2.MILESTONE_TYPE_JOB_SECURED, growth_pb2.MILESTONE_TYPE_JOB_SECURED):
        milestone = growth_pb2.Milestone(milestone_type=kind, title="A job")
        made = await careerforge.CreateMilestone(
            pb.CreateMilestoneRequest(milestone=milestone), metadata=person.metadata
        )
        assert (made.achievement_points, made.verified) == (50, False)
    progress = await careerforge.GetAchievementProgress(pb.GetAchievementProgressRequest(), metadata=person.metadata)
    assert (progress.achievement_score, progress.level, progress.points_to_next_level) == (100, 2, 100)
    assert progress.streak_months == 1
    assert [(c.count, c.verified_count) for c in progress.counts if c.count] == [(2, 0)]
    profile = await careerforge.GetProfile(pb.GetProfileRequest(), metadata=person.metadata)
    assert profile.insights.achievement_score == 100


async def test_who_has_nothing_yet_is_told_what_comes_next(careerforge: CareerForgeServiceStub, person: Person) -> None:
    progress = await careerforge.GetAchievementProgress(pb.GetAchievementProgressRequest(), metadata=person.metadata)
    assert (progress.achievement_score, progress.level) == (0, 1)
    assert progress.next_steps
