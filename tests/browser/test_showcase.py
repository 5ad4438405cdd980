"""What everybody sees of a person's projects, in a real browser."""

import os
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect
from skillsync.careerforge.v1.profile_pb2 import Profile

from tests.builders import a_job_seeker
from tests.careerforge.shown import Showing
from tests.careerforge.test_portfolio import FEATURED, PRIVATE, PUBLIC
from tests.harness import System

ATTACKS = (
    '<img src=x onerror="window.hacked=1">',
    "<script>window.hacked=1</script>",
    '"><svg onload="window.hacked=1">',
    "</title><script>window.hacked=1</script>",
    "{{constructor.constructor('window.hacked=1')()}}",
)


@pytest.fixture
async def ada(system: System) -> Showing:
    return Showing(system, await a_job_seeker(system))


async def test_everybody_sees_the_showcase_of_who_is_public(system: System, page: Page, ada: Showing) -> None:
    await ada.become(Profile.VISIBILITY_PUBLIC, display_name="Ada Example", headline="Maps and more")
    linked = '<title>The map</title><meta property="og:description" content="Where things are">'
    url = system.pages.put(f"/{uuid4()}", linked + '<meta property="og:site_name" content="Maps">')
    await ada.show(project_title="A list", visibility=PUBLIC, showcase_priority=9)
    await ada.show(project_title="Not yet", visibility=PRIVATE)
    shown = await ada.show(
        project_title="A map", description="One line\nand another", technologies=["Python", "Rust"], project_url=url,
        github_url="https://github.com/ada/map", visibility=FEATURED,
    )  # fmt: skip
    await ada.previewed(shown.id)
    await page.goto(f"/showcase/{ada.person.id}")
    await expect(page.get_by_role("heading", name="Ada Example", level=1)).to_be_visible()
    await expect(page).to_have_title("Ada Example – SkillSync")
    await expect(page.get_by_role("main")).to_contain_text("Maps and more")
    assert await page.get_by_role("heading", level=2).all_inner_texts() == ["A map", "A list"]
    project = page.get_by_role("article", name="A map")
    await expect(project).to_contain_text("Featured")
    assert await project.get_by_role("list", name="Technologies").get_by_role("listitem").all_inner_texts() == [
        "Python",
        "Rust",
    ]
    link = project.get_by_role("link", name="The map")
    await expect(link).to_contain_text("Where things are")
    await expect(link).to_have_attribute("href", url)
    await expect(project.get_by_role("link", name="github.com/ada/map")).to_be_visible()
    for one in await project.get_by_role("link").all():
        rel = await one.get_attribute("rel") or ""
        assert {"noopener", "nofollow", "ugc"} <= set(rel.split())
    if folder := os.environ.get("SKILLSYNC_SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/showcase.png", full_page=True)


async def test_who_is_not_public_has_no_page(page: Page, ada: Showing) -> None:
    await ada.show(project_title="A map", visibility=FEATURED)
    for user_id in (ada.person.id, str(uuid4())):
        await page.goto(f"/showcase/{user_id}")
        await expect(page.get_by_role("alert")).to_contain_text("There is no showcase here")
    # Where no id stands there is no page either.
    answer = await ada.system.rest.get("/showcase/x")
    assert answer.status_code == 404


async def test_nothing_that_people_write_is_run(system: System, page: Page, ada: Showing) -> None:
    """Here, or on the pages that they link to."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    await ada.become(Profile.VISIBILITY_PUBLIC, display_name=ATTACKS[0], headline=ATTACKS[1])
    for number, attack in enumerate(ATTACKS):
        content = attack.replace('"', "&quot;").replace("<", "&lt;")
        preview = f'<meta property="og:title" content="{content}"><meta property="og:description" content="{content}">'
        preview += f'<meta property="og:site_name" content="{content}"><meta property="og:image" content="https://spy.example/x">'
        url = system.pages.put(f"/{uuid4()}", preview)
        made = await ada.show(
            project_title=attack, description=attack, technologies=[attack[:100], f"t{number}"], project_url=url,
            visibility=PUBLIC,
        )  # fmt: skip
        await ada.previewed(made.id)
    # Past all checks of the contract.
    await system.database.execute(
        "update careerforge.portfolios set github_url = 'javascript:window.hacked=1' where user_id = $1", ada.person.id
    )
    await page.goto(f"/showcase/{ada.person.id}")
    await expect(page.get_by_role("article")).to_have_count(len(ATTACKS))
    for attack in ATTACKS:
        assert await page.get_by_text(attack, exact=True).count() >= 2, attack
    assert await page.locator("main img, main svg, main script, main iframe").count() == 0
    hrefs = [await link.get_attribute("href") or "" for link in await page.get_by_role("link").all()]
    assert len(hrefs) == len(ATTACKS) + 1
    assert all(href == "/" or href.startswith(system.pages.origin) for href in hrefs)
    assert await page.evaluate("window.hacked") is None
    assert [url for url in requests if not url.startswith(page.url.partition("/showcase")[0])] == []


async def test_the_page_can_be_used_without_seeing_it(page: Page, ada: Showing) -> None:
    await ada.become(Profile.VISIBILITY_PUBLIC, display_name="Ada Example")
    await ada.show(project_title="A map", project_url="https://maps.example.org/", visibility=PUBLIC)
    await page.goto(f"/showcase/{ada.person.id}")
    await expect(page.get_by_role("article", name="A map")).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == "en"
    for role in ("banner", "main"):
        await expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    assert await page.get_by_role("heading", level=1).count() == 1
    # From the keyboard, and seen.
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.href") == "https://maps.example.org/"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    # On a small screen nothing runs out of it.
    await page.set_viewport_size({"width": 320, "height": 600})
    assert await page.evaluate("document.documentElement.scrollWidth <= 320")
