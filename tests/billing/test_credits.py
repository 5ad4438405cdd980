"""Credits: reserved, spent or given back, each operation once."""

import asyncio
from uuid import UUID, uuid4

import pytest
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.credit_pb2 import Notice, Reservation
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT, FEATURE_RESUME_ANALYSIS, Feature
from sqlalchemy import event

from services.billing import credits
from services.billing.plans import read
from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from tests.builders import Person, a_job_seeker
from tests.harness import System, as_service
from tests.refusals import refused

CAREERFORGE = as_service("careerforge")


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


def a_reservation(
    person: Person, feature: Feature.ValueType = FEATURE_EXPORT, amount: int = 1
) -> pb.ReserveCreditsRequest:
    return pb.ReserveCreditsRequest(account_id=person.id, feature=feature, amount=amount, operation_id=str(uuid4()))


async def remaining(billing: BillingServiceStub, person: Person, feature: Feature.ValueType = FEATURE_EXPORT) -> int:
    found = await billing.GetEntitlements(pb.GetEntitlementsRequest(), metadata=person.metadata)
    return next(balance.remaining for balance in found.balances if balance.feature == feature)


async def test_plans_are_public(billing: BillingServiceStub) -> None:
    plans = (await billing.ListPlans(pb.ListPlansRequest())).plans
    assert [plan.tier for plan in plans] == ["free", "pro", "enterprise"]
    assert all(len(plan.allowances) == 5 for plan in plans)


async def test_who_never_paid_has_the_free_plan(billing: BillingServiceStub, person: Person) -> None:
    subscription = await billing.GetSubscription(pb.GetSubscriptionRequest(), metadata=person.metadata)
    assert (subscription.plan_tier, subscription.amount.minor_units) == ("free", 0)
    assert await remaining(billing, person, FEATURE_RESUME_ANALYSIS) == 5


async def test_reserving_takes_and_releasing_gives_back(billing: BillingServiceStub, person: Person) -> None:
    request = a_reservation(person)
    assert (await billing.ReserveCredits(request, metadata=CAREERFORGE)).remaining == 1
    released = await billing.ReleaseCredits(
        pb.ReleaseCreditsRequest(operation_id=request.operation_id), metadata=CAREERFORGE
    )
    assert (released.state, released.remaining) == (Reservation.STATE_RELEASED, 2)


async def test_repeating_a_call_moves_nothing_twice(billing: BillingServiceStub, person: Person) -> None:
    request = a_reservation(person)
    for _ in range(3):
        await billing.ReserveCredits(request, metadata=CAREERFORGE)
    for _ in range(3):
        commit = pb.CommitCreditsRequest(operation_id=request.operation_id)
        assert (await billing.CommitCredits(commit, metadata=CAREERFORGE)).state == Reservation.STATE_COMMITTED
    assert await remaining(billing, person) == 1


async def test_what_was_spent_cannot_be_given_back(billing: BillingServiceStub, person: Person) -> None:
    request = a_reservation(person)
    await billing.ReserveCredits(request, metadata=CAREERFORGE)
    await billing.CommitCredits(pb.CommitCreditsRequest(operation_id=request.operation_id), metadata=CAREERFORGE)
    with refused("WRONG_STATE", state="COMMITTED"):
        await billing.ReleaseCredits(pb.ReleaseCreditsRequest(operation_id=request.operation_id), metadata=CAREERFORGE)


async def test_an_operation_cannot_reserve_something_else(billing: BillingServiceStub, person: Person) -> None:
    request = a_reservation(person)
    await billing.ReserveCredits(request, metadata=CAREERFORGE)
    request.amount = 2
    with refused("ALREADY_EXISTS", resource="reservation"):
        await billing.ReserveCredits(request, metadata=CAREERFORGE)


async def test_parallel_reservations_never_go_below_zero(billing: BillingServiceStub, person: Person) -> None:
    calls = [billing.ReserveCredits(a_reservation(person), metadata=CAREERFORGE) for _ in range(8)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(answer, Reservation) for answer in answers) == 2
    assert await remaining(billing, person) == 0


async def test_an_empty_balance_names_feature_and_limit(billing: BillingServiceStub, person: Person) -> None:
    with refused("QUOTA_EXCEEDED", quota="export", limit="2"):
        await billing.ReserveCredits(a_reservation(person, amount=3), metadata=CAREERFORGE)


async def test_the_ledger_adds_up_to_the_balance(system: System, billing: BillingServiceStub, person: Person) -> None:
    kept, back = a_reservation(person), a_reservation(person)
    for request in (kept, back):
        await billing.ReserveCredits(request, metadata=CAREERFORGE)
    await billing.ReleaseCredits(pb.ReleaseCreditsRequest(operation_id=back.operation_id), metadata=CAREERFORGE)
    usage = (await billing.ListUsage(pb.ListUsageRequest(feature=FEATURE_EXPORT), metadata=person.metadata)).usage
    assert [entry.kind for entry in usage] == ["release", "reserve", "reserve", "grant"]
    assert sum(entry.amount for entry in usage) == await remaining(billing, person) == 1


async def test_usage_says_for_which_object(billing: BillingServiceStub, person: Person) -> None:
    request = a_reservation(person)
    request.object = "letters/0190f0c0-0000-7000-8000-000000000000"
    assert (await billing.ReserveCredits(request, metadata=CAREERFORGE)).object == request.object
    await billing.ReleaseCredits(pb.ReleaseCreditsRequest(operation_id=request.operation_id), metadata=CAREERFORGE)
    usage = (await billing.ListUsage(pb.ListUsageRequest(feature=FEATURE_EXPORT), metadata=person.metadata)).usage
    assert [entry.object for entry in usage] == [request.object, request.object, ""]


async def test_entitlements_tell_what_is_nearly_used_up_and_what_is(
    billing: BillingServiceStub, person: Person
) -> None:
    for feature, amount in ((FEATURE_RESUME_ANALYSIS, 4), (FEATURE_EXPORT, 2)):
        await billing.ReserveCredits(a_reservation(person, feature, amount), metadata=CAREERFORGE)
    found = await billing.GetEntitlements(pb.GetEntitlementsRequest(), metadata=person.metadata)
    told = [(notice.kind, notice.feature) for notice in found.notices]
    assert told == [(Notice.KIND_USED_UP, FEATURE_EXPORT), (Notice.KIND_NEAR_LIMIT, FEATURE_RESUME_ANALYSIS)]
    near = {balance.feature for balance in found.balances if balance.near_limit}
    assert near == {FEATURE_EXPORT, FEATURE_RESUME_ANALYSIS}
    assert found.notices[0].time == found.balances[0].renew_time


async def test_usage_comes_in_pages_that_belong_to_their_list(billing: BillingServiceStub, person: Person) -> None:
    for _ in range(3):
        await billing.ReserveCredits(a_reservation(person, FEATURE_RESUME_ANALYSIS), metadata=CAREERFORGE)
    asked = pb.ListUsageRequest(feature=FEATURE_RESUME_ANALYSIS, page_size=3)
    first = await billing.ListUsage(asked, metadata=person.metadata)
    asked.page_token = first.next_page_token
    second = await billing.ListUsage(asked, metadata=person.metadata)
    assert [len(first.usage), len(second.usage), second.next_page_token] == [3, 1, ""]
    with refused("PAGE_TOKEN_INVALID"):
        other = pb.ListUsageRequest(feature=FEATURE_EXPORT, page_token=first.next_page_token)
        await billing.ListUsage(other, metadata=person.metadata)


async def test_people_cannot_move_credits(billing: BillingServiceStub, person: Person) -> None:
    with refused("PERMISSION_DENIED"):
        await billing.ReserveCredits(a_reservation(person), metadata=person.metadata)


async def test_a_service_that_the_contract_does_not_name_cannot_either(
    billing: BillingServiceStub, person: Person
) -> None:
    with refused("TOKEN_MISSING"):
        await billing.ReserveCredits(a_reservation(person), metadata=as_service("user"))


async def test_entitlements_of_another_account_are_for_services_only(
    system: System, billing: BillingServiceStub, person: Person
) -> None:
    request = pb.GetEntitlementsRequest(account_id=person.id)
    assert (await billing.GetEntitlements(request, metadata=CAREERFORGE)).account_id == person.id
    stranger = await a_job_seeker(system)
    with refused("PERMISSION_DENIED"):
        await billing.GetEntitlements(request, metadata=stranger.metadata)


async def test_entitlements_are_read_in_one_statement(system: System, person: Person) -> None:
    url = Settings.of("billing", system.environment).database_url.get_secret_value()
    seen: list[str] = []
    async with Database.opened(url, EVERYONE) as db, db.read() as session:
        connection = await session.connection()
        event.listen(connection.sync_connection, "before_cursor_execute", lambda *call: seen.append(call[2]))
        stranger = uuid4()
        found = await credits.entitlements_of(session, read(), [UUID(person.id), stranger])
    assert [one.remaining["export"] for one in found.values()] == [2, 2]
    assert len(seen) == 1


async def test_watchers_hear_of_what_is_nearly_gone_and_not_of_each_use(
    system: System, billing: BillingServiceStub, person: Person
) -> None:
    async def told_of(amount: int) -> int:
        where = "resource_id = $1 and kind = 'entitlements'"
        before = await system.count("billing.changes", where, UUID(person.id))
        await billing.ReserveCredits(a_reservation(person, FEATURE_RESUME_ANALYSIS, amount), metadata=CAREERFORGE)
        return await system.count("billing.changes", where, UUID(person.id)) - before

    assert [await told_of(1), await told_of(1), await told_of(2), await told_of(1)] == [1, 0, 1, 1]
