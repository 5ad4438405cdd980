"""What everybody may see of a person's projects."""

import grpc
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.growth_pb2 import LinkPreview
from skillsync.careerforge.v1.profile_pb2 import Profile

from services.kit.rules import rules_of
from tests.builders import a_job_seeker, a_recruiter
from tests.careerforge.shown import Showing, an_id
from tests.careerforge.test_portfolio import FEATURED, PRIVATE, PUBLIC
from tests.harness import System
from tests.refusals import refused, refused_json


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


async def shown(careerforge: CareerForgeServiceStub, user_id: str) -> pb.GetPublicShowcaseResponse:
    """To nobody in particular."""
    return await careerforge.GetPublicShowcase(pb.GetPublicShowcaseRequest(user_id=user_id))


async def test_everybody_sees_featured_and_public_projects_in_order(
    careerforge: CareerForgeServiceStub, ada: Showing
) -> None:
    await ada.become(Profile.VISIBILITY_PUBLIC, display_name="Ada Example", headline="Maps")
    for title, priority, visibility in (
        ("public", 1, PUBLIC),
        ("public first", 9, PUBLIC),
        ("secret", 99, PRIVATE),
        ("featured", -5, FEATURED),
        ("featured first", 2, FEATURED),
    ):
        await ada.show(project_title=title, showcase_priority=priority, visibility=visibility)
    found = await shown(careerforge, ada.person.id)
    assert (found.display_name, found.headline) == ("Ada Example", "Maps")
    titles = ["featured first", "featured", "public first", "public"]
    assert [item.project_title for item in found.items] == titles
    answer = await ada.system.rest.get(f"/v1/showcases/{ada.person.id}")
    assert [item["projectTitle"] for item in answer.json()["items"]] == titles
    assert "secret" not in answer.text


async def test_others_who_are_signed_in_see_no_more(careerforge: CareerForgeServiceStub, ada: Showing) -> None:
    await ada.become(Profile.VISIBILITY_PUBLIC)
    await ada.show(project_title="secret", visibility=PRIVATE)
    await ada.show(project_title="known", visibility=PUBLIC)
    request = pb.GetPublicShowcaseRequest(user_id=ada.person.id)
    for person in (await a_job_seeker(ada.system), await a_recruiter(ada.system), ada.person):
        found = await careerforge.GetPublicShowcase(request, metadata=person.metadata)
        assert [item.project_title for item in found.items] == ["known"]


async def test_who_is_not_public_is_answered_as_who_is_not_there(
    careerforge: CareerForgeServiceStub, ada: Showing
) -> None:
    await ada.show(visibility=FEATURED)
    answers = set()
    for visibility in (Profile.VISIBILITY_ANONYMOUS, Profile.VISIBILITY_HIDDEN, None):
        user_id = ada.person.id
        if visibility is None:
            user_id = an_id()
        else:
            await ada.become(visibility, display_name="Ada Example")
        with refused("NOT_FOUND", code=grpc.StatusCode.NOT_FOUND, resource="showcase") as refusal:
            await shown(careerforge, user_id)
        answers.add(refusal.message.replace(user_id, "ID"))
    assert len(answers) == 1
    refused_json(await ada.system.rest.get(f"/v1/showcases/{ada.person.id}"), 404, "NOT_FOUND")


async def test_nothing_but_what_is_meant_for_everybody_is_told(
    careerforge: CareerForgeServiceStub, ada: Showing
) -> None:
    await ada.become(Profile.VISIBILITY_PUBLIC)
    item = await ada.show(visibility=PUBLIC, project_url=f"{ada.system.pages.origin}/nothing-here")
    assert (await ada.previewed(item.id)).failure_message
    (found,) = (await shown(careerforge, ada.person.id)).items
    assert found.link_preview.state == LinkPreview.STATE_FAILED
    assert (found.etag, found.link_preview.failure_message) == ("", "")
    assert not found.HasField("github_preview")


async def test_strangers_are_limited_as_with_other_public_methods() -> None:
    rule = rules_of(["skillsync.careerforge.v1.CareerForgeService"])[
        "/skillsync.careerforge.v1.CareerForgeService/GetPublicShowcase"
    ]
    assert (rule.public, rule.limit.per_address) == (True, 120)
