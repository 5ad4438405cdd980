"""Projects that a person shows."""

import asyncio
from uuid import UUID

import pytest
from skillsync.careerforge.v1.growth_pb2 import PortfolioItem

from services.careerforge import portfolio
from tests.builders import a_job_seeker
from tests.careerforge.shown import Showing, an_id
from tests.harness import System
from tests.refusals import refused

PUBLIC, PRIVATE, FEATURED = (
    PortfolioItem.VISIBILITY_PUBLIC,
    PortfolioItem.VISIBILITY_PRIVATE,
    PortfolioItem.VISIBILITY_FEATURED,
)


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


async def test_a_project_is_kept_as_stated(ada: Showing) -> None:
    made = await ada.show(
        project_title="A map", description="of things", technologies=["Python"], showcase_priority=3, visibility=PUBLIC
    )
    assert (made.project_title, made.description, list(made.technologies)) == ("A map", "of things", ["Python"])
    assert (made.showcase_priority, made.visibility) == (3, PUBLIC)
    assert await ada.items() == [made]


async def test_the_seeds_path_makes_a_project(ada: Showing) -> None:
    answer = await ada.system.rest.post(
        "/portfolio/showcase", json={"projectTitle": "A map"}, headers=ada.person.headers
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["visibility"] == "VISIBILITY_PRIVATE"
    assert [item.id for item in await ada.items()] == [answer.json()["id"]]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "example.org", "https://a b"])
async def test_a_link_must_be_a_web_address(ada: Showing, url: str) -> None:
    for field in ("project_url", "github_url"):
        with refused("INVALID_ARGUMENT", field=f"item.{field}"):
            await ada.show(**{field: url})


async def test_a_project_has_a_title(ada: Showing) -> None:
    with refused("INVALID_ARGUMENT", field="item.project_title"):
        await ada.show(project_title=" ")
    item = await ada.show()
    with refused("INVALID_ARGUMENT", field="item.project_title"):
        await ada.update_item(item.id, ("project_title",))
    assert await ada.items() == [item]


async def test_the_highest_priority_comes_first_over_pages(ada: Showing) -> None:
    order = [5, -1000, 1000, 0, -1, 5]
    made = [await ada.show(project_title=str(number), showcase_priority=number) for number in order]
    expected = [made[i].id for i in (2, 5, 0, 3, 4, 1)]
    assert [item.id for item in await ada.items(page_size=2)] == expected


async def test_the_mask_says_what_changes(ada: Showing) -> None:
    item = await ada.show(description="of things", technologies=["Python", "C"], visibility=FEATURED)
    changed = await ada.update_item(item.id, ("description", "technologies"), project_title="ignored")
    assert (changed.project_title, changed.description, list(changed.technologies)) == ("A map", "", [])
    assert changed.visibility == FEATURED
    changed = await ada.update_item(item.id, visibility=PRIVATE, showcase_priority=4)
    assert (changed.project_title, changed.visibility, changed.showcase_priority) == ("A map", PRIVATE, 4)
    assert await ada.items() == [changed]
    with refused("INVALID_ARGUMENT", field="update_mask"):
        await ada.update_item(item.id, ("id",))
    with refused("INVALID_ARGUMENT", field="update_mask"):
        await ada.update_item(item.id, ("link_preview",))


async def test_what_changed_meanwhile_is_not_overwritten(ada: Showing) -> None:
    item = await ada.show()
    changed = await ada.update_item(item.id, description="first", etag=item.etag)
    with refused("ETAG_MISMATCH", resource="portfolio item"):
        await ada.update_item(item.id, description="second", etag=item.etag)
    assert await ada.items() == [changed]


async def test_the_same_request_has_effect_once(ada: Showing) -> None:
    request_id = an_id()
    made = await asyncio.gather(*(ada.show(request_id=request_id) for _ in range(4)))
    assert len({item.id for item in made}) == len(await ada.items()) == 1
    change = {"item_id": made[0].id, "request_id": an_id(), "description": "x", "etag": made[0].etag}
    first = await ada.update_item(**change)
    assert await ada.update_item(**change) == first


async def test_there_is_a_limit_to_how_many(ada: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    assert portfolio.MOST_ITEMS == 200
    monkeypatch.setattr(portfolio, "MOST_ITEMS", 2)
    first, _ = await ada.show(), await ada.show()
    with refused("INVALID_ARGUMENT", field="item", limit="2") as refusal:
        await ada.show()
    assert "remove one first" in refusal.message
    await ada.delete_item(first.id)
    await ada.show()


async def test_of_two_who_remove_a_project_at_once_one_finds_none(ada: Showing) -> None:
    item, database = await ada.show(), ada.system.database
    async with asyncio.timeout(60), database.transaction():
        await database.execute("select 1 from careerforge.portfolios where id = $1 for update", UUID(item.id))
        deletions = [asyncio.create_task(ada.delete_item(item.id)) for _ in range(2)]
        while await ada.system.count("pg_locks", "not granted") < 2:
            await asyncio.sleep(0.01)
    done = await asyncio.gather(*deletions, return_exceptions=True)
    (late,) = [one for one in done if one is not None]
    with refused("NOT_FOUND", resource="portfolio item"):
        raise late


async def test_nobody_changes_the_projects_of_others(ada: Showing) -> None:
    item = await ada.show(visibility=PUBLIC)
    eve = Showing(ada.system, await a_job_seeker(ada.system))
    for attempt in (eve.update_item(item.id, description="x"), eve.delete_item(item.id)):
        with refused("NOT_FOUND", resource="portfolio item"):
            await attempt
    assert await eve.items() == []
    assert await ada.items() == [item]
    await ada.delete_item(item.id)
    with refused("NOT_FOUND", resource="portfolio item"):
        await ada.delete_item(item.id)
    assert await ada.items() == []
