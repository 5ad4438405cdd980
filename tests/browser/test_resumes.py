"""What a person sees of the own resume, in a real browser."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.test_account import fill, sign_in
from tests.builders import DESCRIPTION, a_job_seeker
from tests.harness import System

FILE = Path("services/demo/resumes/john-doe.pdf")


async def test_a_person_sees_how_a_machine_reads_the_resume(system: System, page: Page) -> None:
    person = await a_job_seeker(system)
    await sign_in(page, person.email)
    await page.get_by_text("Compare it with a position").click()
    await fill(page, **{"Title and description of the position": "Python Developer\n" + DESCRIPTION})
    await page.locator("input[type=file]").set_input_files(FILE)
    await expect(page.get_by_role("heading", name="Strength", exact=True)).to_be_visible(timeout=60_000)

    pages = page.locator("svg.sheet")
    await expect(pages).to_have_count(2)
    await expect(pages.first.get_by_text("John Doe", exact=True).first).to_be_visible()
    lines = page.get_by_role("button", name="Bullet quantity")
    await lines.click()
    await expect(lines).to_have_attribute("aria-pressed", "true")
    await expect(pages.first.locator("rect.hint").first).to_be_visible()
    if folder := os.environ.get("SKILLSYNC_SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/resume.png", full_page=True)
    # A mark lies on the words that it is about.
    word = pages.first.locator("text", has_text="Developed reinforcement").first
    inside = await word.evaluate(
        """(text) => [...text.ownerSVGElement.querySelectorAll("rect")].some((rect) => {
             const mark = rect.getBBox(), words = text.getBBox();
             const across = Math.min(mark.x + mark.width, words.x + words.width) - Math.max(mark.x, words.x);
             const down = Math.min(mark.y + mark.height, words.y + words.height) - Math.max(mark.y, words.y);
             return across > words.width * 0.9 && down > words.height * 0.5;
           })"""
    )
    assert inside
    compared = page.get_by_role("region", name="Compared with a position")
    await expect(compared).to_contain_text("requirements are met in full")
    await expect(compared.get_by_text("The position says").first).to_be_visible()
