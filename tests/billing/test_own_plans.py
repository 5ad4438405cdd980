"""Plans that an operator brings, beside the ones that were there before."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import BILLING_CYCLE_ANNUAL, FEATURE_EXPORT, FEATURE_JOB_MATCH_SEARCH, Feature

from services.billing.app import open_app
from services.billing.plans import FILE
from services.kit.settings import Settings
from tests.billing.paying import Payer
from tests.builders import a_job_seeker
from tests.harness import System, as_service, channel_to
from tests.refusals import refused

CHANGED = {
    '"EUR"': '"USD"',
    "monthly = 1_900": "monthly = 2_500",
    "job_match_search = 5\n": "job_match_search = 10\n",
    "\nexport = 50\n": "\nexport = 1_000\n",
    "export = 2 }": "export = 4 }",
}


@pytest.fixture
async def payer(system: System) -> Payer:
    return Payer(system, await a_job_seeker(system))


@pytest.fixture
async def dearer(system: System, tmp_path: Path) -> AsyncIterator[BillingServiceStub]:
    """A billing service whose plans cost more, in another currency."""
    file = tmp_path / "plans.toml"
    text = FILE.read_text("utf-8")
    for old, new in CHANGED.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    environment = system.environment | {"SKILLSYNC_BILLING_PLANS": str(file), "SKILLSYNC_BILLING_LISTEN": "127.0.0.1:0"}
    async with (
        open_app(Settings.of("billing", environment)) as server,
        channel_to(system.servers.certificates, server.port, "gateway") as channel,
    ):
        yield BillingServiceStub(channel)


async def shown(url: str) -> str:
    async with httpx.AsyncClient(trust_env=False) as browser:
        return (await browser.get(url)).text


async def test_what_the_file_says_is_on_offer_and_paid(payer: Payer, dearer: BillingServiceStub) -> None:
    payer.stub = dearer
    plans = (await dearer.ListPlans(pb.ListPlansRequest())).plans
    assert (plans[1].monthly_price.minor_units, plans[1].monthly_price.currency_code) == (2_500, "USD")
    assert await payer.left(FEATURE_EXPORT) == 4
    # In the other currency there is a price of the same amount.
    other = Payer(payer.system, await a_job_seeker(payer.system))
    assert "190.00 EUR" in await shown(await other.page(cycle=BILLING_CYCLE_ANNUAL))
    assert "190.00 USD" in await shown(await payer.page(cycle=BILLING_CYCLE_ANNUAL))
    assert "25.00 USD" in await shown(await payer.page())
    assert "20.00 USD" in await shown(await payer.topup_page(FEATURE_EXPORT, 2))
    await payer.click(await payer.page())
    found = await payer.until(lambda s: s.plan_tier == "pro")
    assert (found.amount.minor_units, found.amount.currency_code) == (2_500, "USD")


async def test_who_pays_an_old_price_goes_on_with_the_plan(
    system: System, payer: Payer, dearer: BillingServiceStub
) -> None:
    await payer.click(await payer.page())
    await payer.until(lambda s: s.plan_tier == "pro")
    other = Payer(system, await a_job_seeker(system))
    other.stub = dearer
    # The new price takes the lookup key of the old one.
    assert "25.00 USD" in await shown(await other.page())
    (old,) = (s for s in system.stripe.store.all("subscription") if s["metadata"]["account_id"] == payer.person.id)
    assert system.stripe.desk.public(old)["items"]["data"][0]["price"]["lookup_key"] is None
    payer.stub, before = dearer, payer.stub
    with refused("WRONG_STATE"):
        # One that is paid in euros cannot go on in dollars.
        await payer.ask("ChangePlan", pb.ChangePlanRequest(plan_tier="pro", billing_cycle=BILLING_CYCLE_ANNUAL))
    payer.stub = before
    cancelled = await payer.ask("CancelSubscription", pb.CancelSubscriptionRequest())
    assert (cancelled.plan_tier, cancelled.amount.minor_units, cancelled.auto_renew) == ("pro", 1_900, False)


async def test_what_is_too_little_to_be_paid_is_reckoned_with_the_files_prices(
    payer: Payer, dearer: BillingServiceStub
) -> None:
    with refused("INVALID_ARGUMENT", field="amount", least="5"):
        payer.stub = dearer
        await payer.topup_page(FEATURE_JOB_MATCH_SEARCH, 4)


async def test_a_plan_that_allows_more_is_in_the_ledger_at_the_next_use(
    system: System, payer: Payer, dearer: BillingServiceStub
) -> None:
    def a_use(feature: Feature.ValueType) -> pb.ReserveCreditsRequest:
        return pb.ReserveCreditsRequest(
            account_id=payer.person.id, feature=feature, amount=1, operation_id=str(uuid4())
        )

    await payer.stub.ReserveCredits(a_use(FEATURE_JOB_MATCH_SEARCH), metadata=as_service("matching"))
    await dearer.ReserveCredits(a_use(FEATURE_JOB_MATCH_SEARCH), metadata=as_service("matching"))
    payer.stub = dearer
    assert await payer.left(FEATURE_EXPORT) == 4
    where = "select kind, amount from billing.ledger where feature = 'export' and user_id = $1 order by id"
    rows = await system.database.fetch(where, UUID(payer.person.id))
    assert [tuple(row) for row in rows] == [("grant", 2), ("plan", 2)]
