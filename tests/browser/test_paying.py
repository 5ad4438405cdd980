"""A person pays at the local Stripe's own pages, in a real browser; the API then says what they have."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT

from tests.billing.paying import Payer, eventually
from tests.browser.conftest import MILLISECONDS, no_faults
from tests.builders import a_job_seeker
from tests.harness import System

SECONDS = 60


@pytest.fixture
async def payer(system: System) -> Payer:
    return Payer(system, await a_job_seeker(system))


@pytest.fixture
async def shop(browser: Browser) -> AsyncIterator[Page]:
    """A browser without JavaScript: the pages need none."""
    context = await browser.new_context(java_script_enabled=False)
    context.set_default_timeout(MILLISECONDS)
    opened = await context.new_page()
    with no_faults(opened):
        yield opened
    await context.close()


class Rest:
    """The API as the browser app uses it, through the gateway."""

    def __init__(self, payer: Payer) -> None:
        self._rest, self.home = payer.system.rest, payer.home
        self._headers = dict(payer.person.metadata)

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self._rest.post(f"/v1/{path}", json=body, headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def page(self, **more: str) -> str:
        body = {"plan_tier": "pro", "billing_cycle": "BILLING_CYCLE_MONTHLY", "request_id": str(uuid4())}
        urls = {"success_url": f"{self.home}/#/paid", "cancel_url": f"{self.home}/#/plans"}
        return str((await self.post("checkoutSessions", **body, **urls, **more))["url"])

    async def subscription(self) -> Any:
        answer = await self._rest.get("/v1/subscription", headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def until(self, **wanted: Any) -> Any:
        return await eventually(self.subscription, lambda found: wanted.items() <= found.items(), seconds=SECONDS)


@pytest.fixture
def rest(payer: Payer) -> Rest:
    return Rest(payer)


async def row(shop: Page, name: str) -> str:
    return await shop.get_by_role("row", name=re.compile(f"^{name}")).get_by_role("cell").inner_text()


async def choose(shop: Page, card: str) -> None:
    await shop.get_by_label(card).check()


async def test_a_plan_is_chosen_paid_for_at_the_page_and_there_within_seconds(shop: Page, rest: Rest) -> None:
    await shop.goto(await rest.page())
    await expect(shop.get_by_role("heading", name="Checkout")).to_be_visible()
    await expect(shop.get_by_role("complementary")).to_contain_text("no money moves")
    assert await row(shop, "SkillSync Pro") == "19.00 EUR a month"
    assert await row(shop, "Trial") == "14 days free"
    assert await row(shop, "First payment") == "19.00 EUR"
    assert await row(shop, "Tax") == "0.00 EUR"
    assert await row(shop, "Due today") == "0.00 EUR"
    await shop.get_by_role("button", name="Start the trial").click()
    await shop.wait_for_url(f"{rest.home}/#/paid")
    found = await rest.until(planTier="pro")
    assert found["paymentStatus"] == "PAYMENT_STATUS_TRIALING"


async def test_the_page_works_from_the_keyboard_and_shows_the_discount(shop: Page, rest: Rest) -> None:
    await shop.goto(await rest.page(coupon="WELCOME20"))
    assert await row(shop, "Discount") == "-3.80 EUR"
    assert await row(shop, "First payment") == "15.20 EUR"
    await shop.keyboard.press("Tab")
    await expect(shop.get_by_label("4242 4242 4242 4242")).to_be_focused()
    await shop.keyboard.press("ArrowDown")
    await expect(shop.get_by_label("4000 0000 0000 0341")).to_be_checked()
    await shop.keyboard.press("Tab")
    await shop.keyboard.press("Enter")
    await shop.wait_for_url(f"{rest.home}/#/paid")
    await rest.until(planTier="pro")


@pytest.mark.parametrize(
    ("card", "reason"),
    [("4000 0000 0000 0002", "Your card was declined."), ("4000 0000 0000 9995", "insufficient funds")],
)
async def test_a_declined_card_is_told_why_and_buys_nothing(
    shop: Page, payer: Payer, rest: Rest, card: str, reason: str
) -> None:
    url = await payer.topup_page(FEATURE_EXPORT, 7)
    await shop.goto(url)
    assert await row(shop, "Due today") == "3.50 EUR"
    await choose(shop, card)
    await shop.get_by_role("button", name="Pay 3.50 EUR").click()
    await expect(shop.get_by_role("alert")).to_contain_text(reason)
    assert shop.url == url
    await eventually(_idle(payer.system), bool)
    assert await payer.left(FEATURE_EXPORT) == 2
    # The page is still open for another card.
    await choose(shop, "4242 4242 4242 4242")
    await shop.get_by_role("button", name="Pay 3.50 EUR").click()
    await shop.wait_for_url(f"{rest.home}/#/paid")
    await eventually(lambda: payer.left(FEATURE_EXPORT), lambda left: left == 9, SECONDS)


async def test_who_gives_up_goes_back_and_has_bought_nothing(shop: Page, payer: Payer, rest: Rest) -> None:
    await shop.goto(await rest.page())
    await shop.get_by_role("link", name="Give up").click()
    await shop.wait_for_url(f"{rest.home}/#/plans")
    await eventually(_idle(payer.system), bool)
    assert (await rest.subscription())["planTier"] == "free"


async def test_a_page_that_is_paid_cannot_be_paid_again(shop: Page, rest: Rest) -> None:
    url = await rest.page()
    await shop.goto(url)
    await shop.get_by_role("button", name="Start the trial").click()
    await shop.wait_for_url(f"{rest.home}/#/paid")
    await shop.goto(url)
    await expect(shop.get_by_role("alert")).to_contain_text("over")
    await expect(shop.get_by_role("button")).to_have_count(0)


async def test_the_portal_cancels_and_resumes_and_takes_another_card(shop: Page, rest: Rest) -> None:
    await shop.goto(await rest.page())
    await shop.get_by_role("button", name="Start the trial").click()
    await shop.wait_for_url(f"{rest.home}/#/paid")
    await rest.until(planTier="pro", autoRenew=True)
    await shop.goto((await rest.post("portalSessions", return_url=f"{rest.home}/#/account"))["url"])
    assert await row(shop, "Price") == "19.00 EUR a month"
    await shop.get_by_role("button", name="Cancel at the end").click()
    await expect(shop.get_by_role("row", name="Ends on")).to_be_visible()
    await eventually(rest.subscription, lambda s: s["planTier"] == "pro" and not s.get("autoRenew"), SECONDS)
    await shop.get_by_role("button", name="Go on after all").click()
    await expect(shop.get_by_role("row", name="Renews on")).to_be_visible()
    await rest.until(planTier="pro", autoRenew=True)
    await choose(shop, "4000 0000 0000 0002")
    await shop.get_by_role("button", name="Use this from now on").click()
    await expect(shop.get_by_role("alert")).to_contain_text("declined")
    await shop.get_by_role("link", name="Back").click()
    await shop.wait_for_url(f"{rest.home}/#/account")


async def test_who_cancelled_at_the_portal_goes_on_by_choosing_a_plan(shop: Page, rest: Rest) -> None:
    await shop.goto(await rest.page())
    await shop.get_by_role("button", name="Start the trial").click()
    await rest.until(planTier="pro")
    await shop.goto((await rest.post("portalSessions", return_url=rest.home))["url"])
    await shop.get_by_role("button", name="Cancel at the end").click()
    await eventually(rest.subscription, lambda s: not s.get("autoRenew"), SECONDS)
    body = {"plan_tier": "pro", "billing_cycle": "BILLING_CYCLE_MONTHLY", "request_id": str(uuid4())}
    assert (await rest.post("subscription:changePlan", **body))["autoRenew"] is True


def _idle(system: System):  # type: ignore[no-untyped-def]
    async def idle() -> bool:
        return system.stripe.webhooks.pending == 0

    return idle
