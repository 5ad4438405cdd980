"""Plans and credits are bought: at a real page, with the real SDK, at a Stripe on this machine."""

import asyncio
import json
import time
from uuid import UUID, uuid4

import grpc
import httpx
import pytest
from google.api.httpbody_pb2 import HttpBody
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.plan_pb2 import (
    BILLING_CYCLE_ANNUAL,
    BILLING_CYCLE_MONTHLY,
    FEATURE_EXPORT,
    FEATURE_JOB_MATCH_SEARCH,
    Subscription,
)
from skillsync.type.v1.privacy_pb2 import EraseUserDataRequest

from services.embedded.stripe.webhooks import signature
from tests.billing.paying import Payer, eventually
from tests.builders import a_job_seeker
from tests.harness import System, as_service
from tests.refusals import refused

PAID, TRIALING = Subscription.PAYMENT_STATUS_PAID, Subscription.PAYMENT_STATUS_TRIALING
PAST_DUE, CANCELLED = Subscription.PAYMENT_STATUS_PAST_DUE, Subscription.PAYMENT_STATUS_CANCELLED


@pytest.fixture
async def payer(system: System) -> Payer:
    return Payer(system, await a_job_seeker(system))


async def a_pro(payer: Payer, card: str = "good") -> Subscription:
    await payer.click(await payer.page(), card)
    return await payer.until(lambda s: s.plan_tier == "pro")


async def test_a_plan_is_bought_at_a_page_and_its_allowance_comes(payer: Payer) -> None:
    back = await payer.click(await payer.page())
    assert (back.status_code, back.headers["location"]) == (302, f"{payer.home}/#/paid")
    found = await payer.until(lambda s: s.plan_tier == "pro")
    assert (found.payment_status, found.auto_renew, found.amount.minor_units) == (TRIALING, True, 1_900)
    assert found.trial_end_time == found.active_until_time
    assert await payer.left(FEATURE_EXPORT) == 50


async def test_a_declined_card_buys_nothing_and_may_be_followed_by_a_good_one(payer: Payer) -> None:
    url = await payer.page()
    refusal = await payer.click(url, "declined")
    assert refusal.status_code == 402
    assert "declined" in refusal.text
    assert (await payer.subscription()).plan_tier == "free"
    await payer.click(url)
    await payer.until(lambda s: s.plan_tier == "pro")


async def test_there_is_one_page_for_a_plan_at_a_time(payer: Payer) -> None:
    first = await payer.page()
    assert await payer.page() == first
    other = await payer.page("enterprise")
    assert other != first
    closed = await payer.click(first)
    assert closed.status_code == 402
    await payer.click(other)
    await payer.until(lambda s: s.plan_tier == "enterprise")


async def test_who_asks_for_many_pages_at_once_pays_once(system: System, payer: Payer) -> None:
    asked = [payer.page(tier) for tier in ("pro", "enterprise") * 4]
    urls = {url for url in await asyncio.gather(*asked, return_exceptions=True) if isinstance(url, str)}
    assert urls
    await asyncio.gather(*(payer.click(url) for url in urls))
    await payer.until(lambda s: s.plan_tier != "free")
    (customer,) = system.stripe.store.all("customer", metadata={"account_id": payer.person.id})
    assert len(list(system.stripe.store.all("subscription", customer=customer["id"]))) == 1


async def test_the_same_request_is_the_same_page_until_it_is_over(payer: Payer) -> None:
    request_id = str(uuid4())
    url = await payer.page(request_id=request_id)
    assert await payer.page(request_id=request_id) == url
    await payer.click(url)
    await payer.until(lambda s: s.plan_tier == "pro")
    with refused("WRONG_STATE"):
        await payer.page(request_id=request_id)


async def test_pages_lead_back_here_and_nowhere_else(payer: Payer) -> None:
    with refused("INVALID_ARGUMENT", field="success_url"):
        await payer.page(success_url="https://elsewhere.example/paid")
    with refused("INVALID_ARGUMENT", field="return_url"):
        await payer.ask("CreatePortalSession", pb.CreatePortalSessionRequest(return_url="https://elsewhere.example"))


async def test_coupons_lower_the_price_and_unknown_ones_are_named(payer: Payer) -> None:
    with refused("INVALID_ARGUMENT", field="coupon"):
        await payer.page(coupon="FREE4EVER")
    async with httpx.AsyncClient(trust_env=False) as browser:
        shown = await browser.get(await payer.page(coupon="WELCOME20"))
    assert "15.20 EUR" in shown.text


async def test_a_change_of_plan_is_billed_for_the_rest_and_counts_what_was_used(system: System, payer: Payer) -> None:
    await a_pro(payer)
    system.stripe.advance(15)
    await payer.until(lambda s: s.payment_status == PAID)
    for _ in range(3):
        reserve = pb.ReserveCreditsRequest(
            account_id=payer.person.id, feature=FEATURE_EXPORT, amount=10, operation_id=str(uuid4())
        )
        await payer.stub.ReserveCredits(reserve, metadata=as_service("careerforge"))
    wanted = pb.ChangePlanRequest(plan_tier="enterprise", billing_cycle=BILLING_CYCLE_MONTHLY, request_id=str(uuid4()))
    changed = await payer.ask("ChangePlan", wanted)
    assert (changed.plan_tier, changed.amount.minor_units) == ("enterprise", 19_900)
    assert await payer.left(FEATURE_EXPORT) == 970
    invoices = await eventually(payer.invoices, lambda found: len(found) == 3)
    assert 17_000 < invoices[0].total.minor_units < 18_000
    assert all(invoice.paid for invoice in invoices)
    assert (await payer.ask("ChangePlan", wanted)).etag == changed.etag
    back = pb.ChangePlanRequest(plan_tier="pro", billing_cycle=BILLING_CYCLE_MONTHLY)
    assert (await payer.ask("ChangePlan", back)).plan_tier == "pro"
    assert await payer.left(FEATURE_EXPORT) == 20


@pytest.mark.parametrize("card", ["declined", "bad"])
async def test_a_declined_change_changes_nothing(system: System, payer: Payer, card: str) -> None:
    await a_pro(payer)
    # In a trial nothing is due, and a card is not asked.
    system.stripe.advance(15)
    await payer.until(lambda s: s.payment_status == PAID)
    await payer.ask("CancelSubscription", pb.CancelSubscriptionRequest())
    before = await payer.subscription()
    (customer,) = system.stripe.store.all("customer", metadata={"account_id": payer.person.id})
    customer["_card"] = card
    with refused("PAYMENT_DECLINED", grpc.StatusCode.FAILED_PRECONDITION):
        await payer.ask("ChangePlan", pb.ChangePlanRequest(plan_tier="enterprise", billing_cycle=BILLING_CYCLE_ANNUAL))
    assert await payer.subscription() == before
    await eventually(_idle(system), bool)
    assert await payer.subscription() == before
    assert len(await payer.invoices()) == 2


async def test_changes_need_a_plan_that_is_paid_for_and_a_fresh_etag(payer: Payer) -> None:
    change = pb.ChangePlanRequest(plan_tier="enterprise", billing_cycle=BILLING_CYCLE_MONTHLY, etag="v999")
    with refused("WRONG_STATE", state="FREE"):
        await payer.ask("ChangePlan", change)
    with refused("WRONG_STATE", state="FREE"):
        await payer.ask("CreatePortalSession", pb.CreatePortalSessionRequest(return_url=payer.home))
    await a_pro(payer)
    with refused("ETAG_MISMATCH"):
        await payer.ask("ChangePlan", change)
    with refused("ETAG_MISMATCH"):
        await payer.ask("CancelSubscription", pb.CancelSubscriptionRequest(etag="v999"))


async def test_a_cancelled_plan_goes_on_until_it_is_no_longer_paid(system: System, payer: Payer) -> None:
    await a_pro(payer)
    cancelled = await payer.ask("CancelSubscription", pb.CancelSubscriptionRequest())
    assert (cancelled.plan_tier, cancelled.auto_renew) == ("pro", False)
    with refused("WRONG_STATE"):
        await payer.ask("CancelSubscription", pb.CancelSubscriptionRequest())
    system.stripe.advance(15)
    await payer.until(lambda s: s.payment_status == CANCELLED)
    assert await payer.left(FEATURE_EXPORT) == 2
    assert await payer.page()


async def test_a_failed_renewal_leaves_a_week_of_grace_and_a_new_card_ends_it(system: System, payer: Payer) -> None:
    await a_pro(payer, "bad")
    system.stripe.advance(15)
    late = await payer.until(lambda s: s.payment_status == PAST_DUE)
    assert late.grace_until_time.seconds > time.time()
    assert await payer.left(FEATURE_EXPORT) == 50
    assert not (await eventually(payer.invoices, lambda found: len(found) == 2))[0].paid
    portal = (await payer.ask("CreatePortalSession", pb.CreatePortalSessionRequest(return_url=payer.home))).url
    async with httpx.AsyncClient(trust_env=False) as browser:
        await browser.post(portal, data={"do": "card", "card": "good"})
    await payer.until(lambda s: s.payment_status == PAID)
    assert (await eventually(payer.invoices, lambda found: all(one.paid for one in found)))[0].paid


async def test_more_credits_are_bought_and_come_once(payer: Payer) -> None:
    request_id = str(uuid4())
    url = await payer.topup_page(FEATURE_EXPORT, 7, request_id)
    assert await payer.topup_page(FEATURE_EXPORT, 7, request_id) == url
    assert await payer.left(FEATURE_EXPORT) == 2
    await payer.click(url)
    await eventually(lambda: payer.left(FEATURE_EXPORT), lambda left: left == 9)
    assert (await payer.invoices())[0].total.minor_units == 350
    with refused("INVALID_ARGUMENT", field="amount", least="10"):
        await payer.topup_page(FEATURE_JOB_MATCH_SEARCH, 9)


async def test_events_count_once_however_often_they_come(system: System, payer: Payer) -> None:
    await payer.click(await payer.topup_page(FEATURE_EXPORT, 7))
    await eventually(lambda: payer.left(FEATURE_EXPORT), lambda left: left == 9)
    events = [event for event in system.stripe.store.all("event") if event["type"] == "checkout.session.completed"]
    await asyncio.gather(*(_deliver(payer, json.dumps(events[0]).encode()) for _ in range(8)))
    assert await payer.left(FEATURE_EXPORT) == 9


@pytest.mark.parametrize("fault", ["another key", "too old", "changed", "none"])
async def test_events_that_stripe_did_not_sign_are_refused(payer: Payer, fault: str) -> None:
    event = {"id": f"evt_{uuid4().hex}", "type": "customer.subscription.updated", "created": int(time.time())}
    body = json.dumps(event | {"object": "event", "data": {"object": {"customer": "cus_x"}}}).encode()
    secret, when = payer.system.servers.state.secrets["stripe_webhook_secret"], int(time.time())
    signed = {
        "another key": lambda: signature("whsec_other", body, when),
        "too old": lambda: signature(secret, body, when - 400),
        "changed": lambda: signature(secret, body + b" ", when),
        "none": lambda: "",
    }[fault]()
    with refused("TOKEN_INVALID"):
        await _send(payer, body, signed)
    await _send(payer, body, signature(secret, body, when))
    # While the secret is rolled, there is a signature with each.
    await _send(payer, body, signature("whsec_other", body, when, secret))


async def test_the_webhook_takes_the_raw_body_through_the_gateway(payer: Payer) -> None:
    body = b'{"id": "evt_1",\n  "object": "event", "type": "some.other", "created": 1, "data": {"object": {}}}'
    secret = payer.system.servers.state.secrets["stripe_webhook_secret"]
    for signed, status in ((signature(secret, body, int(time.time())), 200), ("t=1,v1=0", 401)):
        answer = await payer.system.rest.post(
            "/v1/webhooks/stripe",
            content=body,
            headers={"stripe-signature": signed, "content-type": "application/json"},
        )
        assert answer.status_code == status, answer.text


async def test_payments_of_others_are_nobodys_business(system: System, payer: Payer) -> None:
    await a_pro(payer)
    other = Payer(system, await a_job_seeker(system))
    assert await other.invoices() == []
    assert (await other.subscription()).plan_tier == "free"


async def test_who_is_erased_pays_no_more_and_is_forgotten_at_stripe(system: System, payer: Payer) -> None:
    await a_pro(payer)
    (customer,) = system.stripe.store.all("customer", metadata={"account_id": payer.person.id})
    await payer.stub.EraseUserData(EraseUserDataRequest(account_id=payer.person.id), metadata=as_service("user"))
    (subscription,) = system.stripe.store.all("subscription", customer=customer["id"])
    assert (subscription["status"], customer["deleted"]) == ("canceled", True)
    await eventually(_idle(system), bool)
    for table in ("subscriptions", "stripe_events", "invoices", "checkouts", "feature_usage"):
        assert await system.count(f"billing.{table}", "user_id = $1", UUID(payer.person.id)) == 0, table


async def test_what_is_kept_of_events_has_no_names_addresses_or_cards(system: System, payer: Payer) -> None:
    await a_pro(payer)
    kept = await system.database.fetch("select distinct jsonb_object_keys(thing) as name from billing.stripe_events")
    assert not {row["name"] for row in kept} & {"customer_details", "customer_email", "default_payment_method", "url"}


def _idle(system: System):  # type: ignore[no-untyped-def]
    async def idle() -> bool:
        return system.stripe.webhooks.pending == 0

    return idle


async def _deliver(payer: Payer, body: bytes) -> None:
    secret = payer.system.servers.state.secrets["stripe_webhook_secret"]
    await _send(payer, body, signature(secret, body, int(time.time())))


async def _send(payer: Payer, body: bytes, signed: str) -> None:
    request = pb.HandleStripeEventRequest(event=HttpBody(content_type="application/json", data=body))
    await payer.stub.HandleStripeEvent(request, metadata=(("stripe-signature", signed),))
