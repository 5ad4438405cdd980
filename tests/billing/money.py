"""People who pay at a Stripe that fails, hangs up after doing the work, and repeats, delays and loses its webhooks; and what came of it."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import grpc
import httpx
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT

from services.embedded.stripe.faults import Faults
from tests.billing.paying import Payer
from tests.builders import a_job_seeker
from tests.harness import System, as_service

AT_ONCE = 8
SETTLED_SECONDS = 60


@dataclass
class Outcome:
    """Who paid."""

    payers: list[Payer] = field(default_factory=list)
    retries: int = 0


async def pay_through(system: System, people: int, seed: int, step: Callable[[], None] = lambda: None) -> Outcome:
    """Every third buys credits, the others a plan. Each tries again, with the same request, until there is a page."""
    outcome = Outcome()
    system.stripe.set_faults(Faults(fails=0.1, hangs_up=0.2, repeated=0.3, lost=0.05, shuffled=0.5, seed=seed))
    gate, dice = asyncio.Semaphore(AT_ONCE), random.Random(seed)

    async def one(number: int) -> None:
        async with gate:
            payer = Payer(system, await a_job_seeker(system))
            await _buy(payer, number, dice, outcome)
            outcome.payers.append(payer)
            step()

    await asyncio.gather(*map(one, range(people)))
    system.stripe.set_faults(Faults())
    return outcome


async def _buy(payer: Payer, number: int, dice: random.Random, outcome: Outcome) -> None:
    request_id = f"00000000-0000-7000-8000-{random.Random(f'{payer.person.id}').getrandbits(48):012x}"
    while True:
        try:
            if number % 3:
                url = await payer.page(request_id=request_id)
            else:
                url = await payer.topup_page(FEATURE_EXPORT, 7, request_id)
            break
        except grpc.RpcError as failure:
            if failure.code() is not grpc.StatusCode.UNAVAILABLE:  # type: ignore[attr-defined]
                raise
            outcome.retries += 1
    for _ in range(dice.choice([1, 1, 2])):
        # Some click twice.
        try:
            await payer.click(url)
        except httpx.TransportError:
            outcome.retries += 1


async def still_wrong(system: System, outcome: Outcome) -> list[Payer]:
    """For whom money and grants differ, or who was charged twice, after a minute."""
    wrong, over, until = outcome.payers, False, time.monotonic() + SETTLED_SECONDS
    while wrong and not over:
        await asyncio.sleep(0.5)
        # Asked before: looking at all takes a while, and whoever was looked at early is looked at again.
        over = time.monotonic() > until
        wrong = [payer for payer in wrong if not await is_right(system, payer)]
    return wrong


async def is_right(system: System, payer: Payer) -> bool:
    """Charged once, and granted what was paid for."""
    customers = list(system.stripe.store.all("customer", metadata={"account_id": payer.person.id}))
    ids = {one["id"] for one in customers}
    sessions = [one for id_ in ids for one in system.stripe.store.all("checkout.session", customer=id_)]
    paid = [one for one in sessions if one["status"] == "complete"]
    subscriptions = [one for id_ in ids for one in system.stripe.store.all("subscription", customer=id_)]
    plans, topups = (sum(one["mode"] == mode for one in paid) for mode in ("subscription", "payment"))
    if (len(customers), len(paid), len(subscriptions)) != (1, 1, plans):
        return False
    # Asked as a service: many payers take longer than the first one's token lives.
    request = pb.GetEntitlementsRequest(account_id=payer.person.id)
    found = await payer.stub.GetEntitlements(request, metadata=as_service("careerforge"))
    left = next(balance.remaining for balance in found.balances if balance.feature == FEATURE_EXPORT)
    return (found.plan_tier == "pro", left) == (bool(plans), (50 if plans else 2) + 7 * topups)
