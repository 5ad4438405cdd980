"""What time alone changes: credits that nobody came back for, and plans that end without a word."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.credit_pb2 import Reservation
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT

from services.billing.plans import read
from services.billing.sweeping import Sweeper
from services.kit.db import Database, utc_now
from services.kit.settings import Settings
from tests.billing.paying import Payer
from tests.builders import a_job_seeker
from tests.harness import System, as_service
from tests.refusals import refused

CAREERFORGE = as_service("careerforge")


@pytest.fixture
async def payer(system: System) -> Payer:
    return Payer(system, await a_job_seeker(system))


@pytest.fixture
async def sweeper(system: System) -> AsyncIterator[Sweeper]:
    url = Settings.of("billing", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as db:
        yield Sweeper(db, read())


async def held(billing: BillingServiceStub, payer: Payer, seconds: int | None) -> str:
    """An operation whose process will not come back."""
    request = pb.ReserveCreditsRequest(
        account_id=payer.person.id,
        feature=FEATURE_EXPORT,
        amount=1,
        operation_id=str(uuid4()),
        hold=Duration(seconds=seconds) if seconds else None,
    )
    await billing.ReserveCredits(request, metadata=CAREERFORGE)
    return request.operation_id


async def pass_time(system: System) -> None:
    await system.database.execute("update billing.reservations set expire_time = expire_time - interval '10 minutes'")


async def test_a_credit_is_given_back_when_nobody_came_back_for_it(
    system: System, billing: BillingServiceStub, payer: Payer, sweeper: Sweeper
) -> None:
    operation_id = await held(billing, payer, 60)
    await sweeper.sweep()
    assert await payer.left(FEATURE_EXPORT) == 1
    await pass_time(system)
    await sweeper.sweep()
    await sweeper.sweep()
    assert await payer.left(FEATURE_EXPORT) == 2
    with refused("WRONG_STATE", state="RELEASED"):
        await billing.CommitCredits(pb.CommitCreditsRequest(operation_id=operation_id), metadata=CAREERFORGE)


async def test_one_that_cannot_be_swept_keeps_no_other_waiting(
    system: System, billing: BillingServiceStub, payer: Payer, sweeper: Sweeper, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Payer(system, await a_job_seeker(system))
    first = await held(billing, broken, 60)
    await pass_time(system)
    await held(billing, payer, 60)
    await pass_time(system)
    spoil = """update billing.feature_usage set used = '{"export": "x"}' where user_id = $1"""
    await system.database.execute(spoil, broken.person.id)
    await sweeper.sweep()
    assert await payer.left(FEATURE_EXPORT) == 2
    assert f"{first} cannot be swept" in caplog.text


async def test_what_was_spent_in_time_stays_spent(
    system: System, billing: BillingServiceStub, payer: Payer, sweeper: Sweeper
) -> None:
    operation_id = await held(billing, payer, 60)
    await billing.CommitCredits(pb.CommitCreditsRequest(operation_id=operation_id), metadata=CAREERFORGE)
    await pass_time(system)
    await sweeper.sweep()
    assert await payer.left(FEATURE_EXPORT) == 1


async def test_a_late_commit_before_the_sweep_counts(
    system: System, billing: BillingServiceStub, payer: Payer, sweeper: Sweeper
) -> None:
    operation_id = await held(billing, payer, 60)
    await pass_time(system)
    commit = pb.CommitCreditsRequest(operation_id=operation_id)
    assert (await billing.CommitCredits(commit, metadata=CAREERFORGE)).state == Reservation.STATE_COMMITTED
    await sweeper.sweep()
    assert await payer.left(FEATURE_EXPORT) == 1


async def test_without_a_hold_a_credit_waits_for_its_operation(
    system: System, billing: BillingServiceStub, payer: Payer, sweeper: Sweeper
) -> None:
    await held(billing, payer, None)
    await pass_time(system)
    await sweeper.sweep()
    assert await payer.left(FEATURE_EXPORT) == 1


async def test_a_plan_that_ended_without_a_word_ends_in_the_balance_too_and_watchers_are_told(
    system: System, billing: BillingServiceStub, payer: Payer, sweeper: Sweeper
) -> None:
    await payer.click(await payer.page())
    await payer.until(lambda found: found.plan_tier == "pro")
    assert await payer.left(FEATURE_EXPORT) == 50
    account_id, ended = UUID(payer.person.id), utc_now() - timedelta(days=8)
    await system.database.execute(
        "update billing.subscriptions set active_until = $2, trial_end = $2 where user_id = $1", account_id, ended
    )
    before = await system.database.fetchval("select max(seq) from billing.changes")
    await sweeper.sweep()
    told = await system.database.fetch(
        "select resource_id from billing.changes where seq > $1 and kind = 'entitlements'", before
    )
    assert account_id in {row["resource_id"] for row in told}
    usage = await system.database.fetchrow(
        "select plan_tier, export_credits from billing.feature_usage where user_id = $1", account_id
    )
    assert tuple(usage) == ("free", 2)
