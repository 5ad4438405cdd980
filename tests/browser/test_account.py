"""What a person does about the own account, in a real browser."""

import io
import zipfile
from pathlib import Path
from uuid import uuid4

import pyotp
from playwright.async_api import Page, expect

from tests.builders import PASSWORD, Person, a_job_seeker
from tests.harness import System

NEW_PASSWORD = "staple battery horse"


async def fill(page: Page, **labels: str) -> None:
    """Underscores stand for blanks."""
    for label, text in labels.items():
        await page.get_by_label(label.replace("_", " ")).fill(text)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    await page.goto("/")
    await fill(page, **{"E-mail address": email, "Password": password})
    await press(page, "Sign in")


async def sign_out(page: Page) -> None:
    await press(page, "Sign out")
    await expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


async def the_account_of(page: Page, person: Person) -> None:
    await sign_in(page, person.email)
    await page.get_by_role("link", name=person.email).click()
    await expect(page.get_by_role("heading", name="Your account", exact=True)).to_be_visible()


async def open_mailed(page: Page, system: System, email: str, purpose: str) -> None:
    await page.goto(f"/#/{purpose}/{await system.inbox.code(email, purpose)}")


async def test_a_person_signs_up_by_the_mailed_link_signs_out_and_in_again(system: System, page: Page) -> None:
    email = f"{uuid4().hex}@example.org"
    await page.goto("/")
    await press(page, "Create an account")
    await page.get_by_text("I hire").click()
    await fill(page, **{"Your name (optional)": "Ada", "E-mail address": email})
    await press(page, "Create account")
    await expect(page.get_by_role("status")).to_contain_text(email)

    await open_mailed(page, system, email, "complete-registration")
    await fill(page, Choose_a_password=PASSWORD)
    await press(page, "Create my account")
    await expect(page.get_by_role("link", name="Ada")).to_be_visible()
    await expect(page.get_by_role("link", name="TalentHub")).to_be_visible()
    assert "complete-registration" not in page.url

    await sign_out(page)
    await sign_in(page, email, "not the password")
    await expect(page.get_by_role("alert")).to_contain_text("wrong")
    await sign_in(page, email)
    await expect(page.get_by_role("link", name="Ada")).to_be_visible()


async def test_a_forgotten_password_is_replaced_by_the_mailed_link(system: System, page: Page) -> None:
    person = await a_job_seeker(system)
    await page.goto("/")
    await press(page, "Forgot your password?")
    await fill(page, **{"E-mail address": person.email})
    await press(page, "Mail me a link")
    await expect(page.get_by_role("status")).to_contain_text(person.email)

    await open_mailed(page, system, person.email, "reset-password")
    await fill(page, New_password="short")
    await press(page, "Set password")
    assert await page.get_by_label("New password").get_attribute("aria-invalid") == "true"
    await fill(page, New_password=NEW_PASSWORD)
    await press(page, "Set password")
    await expect(page.get_by_role("status")).to_contain_text("Your new password is set.")
    await sign_in(page, person.email, NEW_PASSWORD)
    await expect(page.get_by_role("link", name=person.email)).to_be_visible()


async def test_a_second_factor_is_set_up_asked_for_and_removed(system: System, page: Page) -> None:
    person = await a_job_seeker(system)
    await the_account_of(page, person)
    setting_up = page.locator("form").filter(has_text="Set up")
    await setting_up.get_by_label("Password").fill(PASSWORD)
    await press(page, "Set up")
    await expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    totp = pyotp.TOTP(await page.get_by_text("Without a camera").locator("code").inner_text())
    await page.get_by_label("Code of your authenticator").fill(totp.now())
    await press(page, "Turn on")
    shown = page.locator(".codes code")
    await expect(shown).to_have_count(10)
    codes = await shown.all_inner_texts()
    await press(page, "I have kept them")
    await expect(page.get_by_text("On. To turn it off")).to_be_visible()

    await sign_out(page)
    await sign_in(page, person.email)
    await page.get_by_label("Code of your authenticator").fill("000000")
    await press(page, "Sign in")
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Code of your authenticator").fill(codes[0])
    await press(page, "Sign in")
    await page.get_by_role("link", name=person.email).click()
    removal = page.locator("form").filter(has_text="Turn off")
    await removal.get_by_label("Password").fill(PASSWORD)
    await removal.get_by_label("Code of your authenticator").fill(codes[1])
    await press(page, "Turn off")
    await expect(page.get_by_role("button", name="Set up")).to_be_visible()


async def test_sessions_and_activity_are_shown_and_sessions_ended(system: System, page: Page) -> None:
    person = await a_job_seeker(system)
    await the_account_of(page, person)
    await expect(page.get_by_text("this one")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="Sign in").first).to_contain_text("Done")
    other = page.get_by_role("button", name="End the session of")
    await other.click()
    await expect(other).to_have_count(0)
    assert (await system.rest.get("/v1/me", headers=person.headers)).status_code == 401
    await press(page, "Sign out everywhere")
    await expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


async def test_a_changed_password_counts_from_then_on(system: System, page: Page) -> None:
    person = await a_job_seeker(system)
    await the_account_of(page, person)
    await fill(page, Current_password="not this one", New_password=NEW_PASSWORD)
    await press(page, "Change password")
    await expect(page.get_by_role("alert")).to_contain_text("wrong")
    await fill(page, Current_password=PASSWORD, New_password=NEW_PASSWORD)
    await press(page, "Change password")
    await expect(page.get_by_text("Your other sessions were ended.")).to_be_visible()
    await sign_out(page)
    await sign_in(page, person.email, NEW_PASSWORD)
    await expect(page.get_by_role("link", name=person.email)).to_be_visible()


async def test_everything_is_downloaded_and_then_erased(system: System, page: Page) -> None:
    person = await a_job_seeker(system)
    await the_account_of(page, person)
    await press(page, "Collect my data")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Download").click()
    content = Path(await (await waiting.value).path()).read_bytes()
    assert person.email in zipfile.ZipFile(io.BytesIO(content)).read("user/base_users.json").decode()

    await press(page, "Erase my account…")
    await fill(page, **{"Your password, to be sure it is you": "not the password"})
    await press(page, "Erase everything")
    await expect(page.get_by_role("alert")).to_contain_text("wrong")
    await fill(page, **{"Your password, to be sure it is you": PASSWORD})
    await press(page, "Erase everything")
    await expect(page.get_by_role("status")).to_contain_text("You are erased.", timeout=60_000)
    await press(page, "Goodbye")
    await sign_in(page, person.email)
    await expect(page.get_by_role("alert")).to_contain_text("wrong")


async def test_a_provider_lets_somebody_in(system: System, page: Page) -> None:
    uid = uuid4().hex
    system.providers.openid.person(uid, email=f"{uid}@example.org", email_verified=True, name="Grace")
    await page.goto("/")
    await press(page, "Go on with Acme")
    await page.locator("input[name=sub]").fill(uid)
    await page.locator("button[type=submit], input[type=submit]").first.click()
    await expect(page.get_by_role("link", name="Grace")).to_be_visible()
    assert "code=" not in page.url
