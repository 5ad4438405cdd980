"""Wherever a process dies between Stripe and the database, and whoever comes next: nobody pays twice, or pays without getting."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.billing.accounts import Account, buys_a_plan, buys_credits, cancels, changes, pays_already
from tests.billing.dying import Process, killed_everywhere
from tests.harness import System


async def again(account: Account, process: Process) -> None:
    await account.act(process)


async def twice_at_once(account: Account, process: Process) -> None:
    await asyncio.gather(account.act(process), account.act(process))


async def never(account: Account, process: Process) -> None:
    pass


async def with_another_plan(account: Account, process: Process) -> None:
    await process.plan_page(account.id, "enterprise", uuid4())


@pytest.mark.parametrize("then", [again, twice_at_once, never, with_another_plan])
async def test_who_buys_a_plan_pays_once_wherever_it_died(silent: System, process: Process, then: Any) -> None:
    points = []
    async for point, account in killed_everywhere(process, buys_a_plan(silent)):
        await then(account, process)
        assert len(account.at_stripe("checkout.session", status="open")) <= 1
        account.pay_all_that_can_be_paid()
        await account.hear(process)
        await account.is_as_stripe_has_it(process)
        if then is not never:
            assert len(account.at_stripe("subscription")) == 1, point
        points.append(point)
    assert {"after customer", "before plan_page", "after plan_page"} <= set(points)


@pytest.mark.parametrize("then", [again, twice_at_once, never])
async def test_who_buys_credits_pays_once_and_gets_them_wherever_it_died(
    silent: System, process: Process, then: Any
) -> None:
    points = []
    async for point, account in killed_everywhere(process, buys_credits(silent)):
        await then(account, process)
        account.pay_all_that_can_be_paid()
        await account.hear(process)
        paid = account.at_stripe("checkout.session", status="complete")
        assert len(paid) == 1 or (then is never and not paid), point
        assert await account.exports(process) == 7 * len(paid)
        points.append(point)
    assert {"after customer", "after topup_page"} <= set(points)


@pytest.mark.parametrize("then", [again, twice_at_once, never])
async def test_a_change_of_plan_is_billed_once_wherever_it_died(silent: System, process: Process, then: Any) -> None:
    points = []
    async for point, account in killed_everywhere(process, pays_already(changes())(silent)):
        await then(account, process)
        await account.hear(process)
        await account.is_as_stripe_has_it(process)
        prorations = account.at_stripe("invoice", billing_reason="subscription_update")
        changed = (await account.row(process)).plan_tier == "enterprise"
        assert len(prorations) == changed, point
        assert changed or then is never, point
        points.append(point)
    assert {"before change", "after change", "before subscription", "after subscription"} <= set(points)


@pytest.mark.parametrize("then", [again, never])
async def test_a_cancelled_plan_is_cancelled_wherever_it_died(silent: System, process: Process, then: Any) -> None:
    async for point, account in killed_everywhere(process, pays_already(cancels)(silent)):
        await then(account, process)
        await account.hear(process)
        await account.is_as_stripe_has_it(process)
        assert then is never or not (await account.row(process)).auto_renew, point
