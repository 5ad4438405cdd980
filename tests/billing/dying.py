"""A billing process that dies where it is told to: before or after any transaction, before or after any call to Stripe."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache, wraps
from typing import Any
from uuid import UUID

from services.billing.checkouts import Checkouts
from services.billing.payments import Payments
from services.billing.plans import read
from services.billing.reconciling import Inbox
from services.kit.db import EVERYONE, Database, Tenant, WriteSession
from services.kit.settings import Settings
from tests.harness import System

CALLS = (
    *("customer", "plan_page", "topup_page", "close_page", "change"),
    *("cancel", "subscription", "subscriptions", "forget"),
)


class Killed(BaseException):
    """As SIGKILL: nothing that catches errors sees it."""


class Fate:
    """Dies at the point of that number; None: never. `passed` are the points so far."""

    def __init__(self, point: int | None = None) -> None:
        self.point, self.passed = point, list[str]()
        # Done at each point, by its name, as if others acted in that moment.
        self.meanwhile: dict[str, Callable[[], Any]] = {}

    async def pass_by(self, name: str) -> None:
        self.passed.append(name)
        if act := self.meanwhile.pop(name, None):
            await act()
        if len(self.passed) - 1 == self.point:
            raise Killed(name)


class MortalDatabase(Database):
    fate: Fate

    @asynccontextmanager
    async def write(self, tenant: Tenant | None = None) -> AsyncIterator[WriteSession]:
        await self.fate.pass_by("before a transaction")
        async with super().write(tenant) as session:
            yield session
        await self.fate.pass_by("after a transaction")


class MortalPayments(Payments):
    fate: Fate

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in CALLS:
            return found

        @wraps(found)
        async def mortal(*args: Any, **named: Any) -> Any:
            await self.fate.pass_by(f"before {name}")
            answer = await found(*args, **named)
            await self.fate.pass_by(f"after {name}")
            return answer

        return mortal


class Process:
    """The parts of the service that Stripe is asked by, with a fate of their own."""

    def __init__(self, settings: Settings, fate: Fate) -> None:
        catalogue = read()
        self.fate, self.home, self.catalogue = fate, settings.public_url, catalogue
        self.db = MortalDatabase.open(settings.database_url.get_secret_value(), EVERYONE)
        self.payments = MortalPayments(catalogue, "", "")
        self.payments._client = client_of(settings.stripe_key.get_secret_value(), settings.stripe_url)
        self.live(fate)
        self.checkouts = Checkouts(self.db, self.payments, catalogue, self.home)
        self.inbox = Inbox(self.db, self.payments, catalogue)

    def live(self, fate: Fate) -> None:
        """From now on, as if it had been started again."""
        self.fate = self.db.fate = self.payments.fate = fate  # type: ignore[attr-defined]

    async def plan_page(self, account_id: UUID, tier: str, request_id: UUID | None, coupon: str = "") -> str:
        urls = {"success_url": f"{self.home}/#/paid", "cancel_url": f"{self.home}/#/plans"}
        wanted = {"plan_tier": tier, "billing_cycle": "monthly", "coupon": coupon} | urls
        return await self.checkouts.open_plan(account_id, wanted, request_id)

    async def topup_page(self, account_id: UUID, request_id: UUID | None) -> str:
        urls = {"success_url": f"{self.home}/#/paid", "cancel_url": f"{self.home}/#/plans"}
        return await self.checkouts.open_topup(account_id, {"feature": "export", "amount": 7} | urls, request_id)


@cache
def client_of(key: str, url: str) -> Any:
    """One for all: what it holds open of TLS takes longer to make than a call."""
    return Payments(read(), key, "", url)._client


@asynccontextmanager
async def a_process(system: System, fate: Fate | None = None) -> AsyncIterator[Process]:
    process = Process(Settings.of("billing", system.environment), fate or Fate())
    try:
        yield process
    finally:
        await process.db.close()


async def killed_everywhere(process: Process, life: Callable[[Process], Any]) -> AsyncIterator[tuple[str, Any]]:
    """`life` once for each point that its act has, dead there, and started again; yields where, and what `life` made."""
    point = 0
    while True:
        about = await life(process)
        process.live(fate := Fate(point))
        try:
            await about.act(process)
            return
        except Killed:
            pass
        finally:
            process.live(Fate())
        yield fate.passed[-1], about
        point += 1
