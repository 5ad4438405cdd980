"""Who is erased while they pay: no money is taken for an account that is gone, and nothing of it is left."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest

from services.billing.privacy import user_data
from services.embedded.stripe.desk import Refused
from services.kit.errors import DomainError, WrongState
from tests.billing.accounts import Account, a_subscriber, buys_a_plan, buys_credits, changes
from tests.billing.dying import Fate, Process, a_process, killed_everywhere
from tests.harness import System


@pytest.mark.parametrize("act", [buys_a_plan, buys_credits])
async def test_a_page_of_who_is_erased_cannot_be_paid(silent: System, process: Process, act: Any) -> None:
    account = await act(silent)(None)
    await account.act(process)
    pages = account.at_stripe("checkout.session")
    await erase(process, account)
    for page in pages:
        with pytest.raises(Refused):
            silent.stripe.pay(page["id"])


@pytest.mark.parametrize("act", [buys_a_plan, buys_credits])
async def test_who_is_erased_while_a_page_is_opened_gets_none_and_leaves_nothing(
    silent: System, process: Process, act: Any
) -> None:
    points = [point async for point, _ in killed_everywhere(process, act(silent))]
    for number, point in enumerate(points):
        account = await act(silent)(None)
        async with a_process(silent) as other:
            process.live(Fate())
            at_point(process, number, lambda: erase(other, account))  # noqa: B023
            # Erased before anything began, or after it was over: nobody is refused.
            with nullcontext() if number in (0, len(points) - 1) else pytest.raises(WrongState, match="ERASED"):
                await account.act(process)
        open_ = account.at_stripe("checkout.session", status="open")
        rows = await silent.count("billing.subscriptions", "user_id = $1", account.id)
        if number:
            assert (len(open_), rows) == (0, 0), point


async def test_who_is_erased_while_a_plan_is_changed_leaves_nothing(silent: System, process: Process) -> None:
    account = await a_subscriber(silent, process)
    async with a_process(silent) as other:
        process.fate.meanwhile["after change"] = lambda: erase(other, account)
        with pytest.raises(DomainError):
            await changes()(account.id, uuid4())(process)
        for table in ("subscriptions", "checkouts", "feature_usage", "ledger", "stripe_events"):
            assert await silent.count(f"billing.{table}", "user_id = $1", account.id) == 0, table
        assert [one["status"] for one in account.at_stripe("subscription")] == []


async def test_who_is_erased_in_the_moment_of_their_first_visit_is_no_customer(
    silent: System, process: Process
) -> None:
    account = await buys_credits(silent)(None)  # type: ignore[arg-type]
    async with a_process(silent) as other:
        process.fate.meanwhile["after customer"] = lambda: erase(other, account)
        with pytest.raises(WrongState, match="ERASED"):
            await account.act(process)
    newest = next(silent.stripe.store.all("customer"))
    assert newest.get("deleted")


async def erase(process: Process, account: Account) -> None:
    await user_data(process.db, process.payments).erase(account.id)


def at_point(process: Process, number: int, act: Callable[[], Awaitable[None]]) -> None:
    """Not by name: a name may come more than once."""
    real, seen = process.fate.pass_by, 0

    async def pass_by(name: str) -> None:
        nonlocal seen
        if seen == number:
            seen += 1
            await act()
        else:
            seen += 1
        await real(name)

    process.fate.pass_by = pass_by  # type: ignore[method-assign]
