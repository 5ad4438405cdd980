"""The account's tier follows billing."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from skillsync.billing.v1 import billing_service_pb2 as billing_pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT, Subscription
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.billing import notices
from tests.billing.paying import Payer
from tests.builders import Person, a_job_seeker
from tests.harness import System, as_service

SUBSCRIBE = """insert into billing.subscriptions (id, user_id, plan_tier, payment_status, active_until)
    values (gen_random_uuid(), $1, 'pro', 'paid', now() + interval '1 month')"""
PAST_DUE = """insert into billing.subscriptions (id, user_id, plan_tier, payment_status, active_until, grace_until)
    values (gen_random_uuid(), $1, 'pro', 'past_due', now() + interval '1 month', now() + interval '7 days')"""
SECONDS = 10.0


async def tier_becomes(user: UserServiceStub, person: Person, tier: str) -> None:
    async with asyncio.timeout(SECONDS):
        while (await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)).account_tier != tier:
            await asyncio.sleep(0.02)


async def test_it_becomes_what_was_bought_and_free_again(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    await tier_becomes(user, person, "free")
    await system.database.execute(SUBSCRIBE, person.id)
    await tier_becomes(user, person, "pro")
    await system.database.execute(
        "update billing.subscriptions set plan_tier = 'enterprise' where user_id = $1", person.id
    )
    await tier_becomes(user, person, "enterprise")
    await system.database.execute("delete from billing.subscriptions where user_id = $1", person.id)
    await tier_becomes(user, person, "free")


async def test_who_watches_sees_what_is_there_and_then_what_changes(
    system: System, clean: None, billing: BillingServiceStub
) -> None:
    person = await a_job_seeker(system)
    await system.database.execute(SUBSCRIBE, person.id)
    stream = billing.WatchEntitlements(billing_pb.WatchEntitlementsRequest(), metadata=as_service("user"))
    async with asyncio.timeout(SECONDS):
        first, complete = await stream.read(), await stream.read()
        assert (first.entitlements.account_id, first.entitlements.plan_tier) == (person.id, "pro")
        assert complete.snapshot_complete.row_count == 1
        await system.database.execute("update billing.subscriptions set plan_tier = 'free'")
        assert (await stream.read()).entitlements.plan_tier == "free"
        stream.cancel()
        await system.database.execute("update billing.subscriptions set plan_tier = 'enterprise'")
        again = billing_pb.WatchEntitlementsRequest(resume_token=complete.resume_token)
        resumed = billing.WatchEntitlements(again, metadata=as_service("user"))
        assert (await resumed.read()).HasField("checkpoint")
        assert (await resumed.read()).entitlements.plan_tier == "enterprise"
        resumed.cancel()


async def test_who_has_little_left_or_did_not_pay_is_mailed_once(system: System, billing: BillingServiceStub) -> None:
    person, service = await a_job_seeker(system), as_service("careerforge")
    for _ in range(3):
        request = billing_pb.ReserveCreditsRequest(
            account_id=person.id, feature=FEATURE_EXPORT, amount=2, operation_id=str(uuid4())
        )
        await billing.ReserveCredits(request, metadata=service)
        await system.inbox.mails(person.email, 1)
        await billing.ReleaseCredits(
            billing_pb.ReleaseCreditsRequest(operation_id=request.operation_id), metadata=service
        )
    await system.database.execute(PAST_DUE, person.id)
    found = await billing.GetEntitlements(billing_pb.GetEntitlementsRequest(), metadata=person.metadata)
    mails = await system.inbox.mails(person.email, 2)
    assert "No export is left until" in mails[0]
    assert found.notices[0].message in mails[1]
    assert len(mails) == 2


async def test_who_is_in_a_trial_is_mailed_three_days_before_the_first_payment(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer = Payer(system, await a_job_seeker(system))
    await payer.click(await payer.page())
    await payer.until(lambda found: found.payment_status == Subscription.PAYMENT_STATUS_TRIALING)
    stripe, ends = system.stripe, int(time.time()) + 3 * 86_400
    (customer,) = stripe.store.all("customer", metadata={"account_id": payer.person.id})
    (subscription,) = stripe.store.all("subscription", customer=customer["id"])
    with monkeypatch.context() as days_before:
        days_before.setattr(notices, "SOON", timedelta(0))
        stripe.store.change(subscription, trial_end=ends)
        stripe.desk.event("customer.subscription.updated", subscription)
        await payer.until(lambda found: found.trial_end_time.seconds == ends)
        await asyncio.sleep(0.3)
    stripe.advance(0)
    (mail,) = await system.inbox.mails(payer.person.email, 1)
    assert f"Your trial ends on {datetime.fromtimestamp(ends, UTC):%Y-%m-%d}, and the first payment is due" in mail
