"""People who pay, as they see it: pages to click through, and what they then have."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import BILLING_CYCLE_MONTHLY, BillingCycle, Feature, Invoice, Subscription

from services.kit.settings import Settings
from tests.builders import Person
from tests.harness import System

T = TypeVar("T")


class Payer:
    def __init__(self, system: System, person: Person) -> None:
        self.system, self.person = system, person
        self.stub = BillingServiceStub(system.direct("billing"))
        self.home = Settings.of("billing", system.environment).public_url

    async def ask(self, method: str, request: Any) -> Any:
        return await getattr(self.stub, method)(request, metadata=self.person.metadata)

    async def page(
        self,
        tier: str = "pro",
        cycle: BillingCycle.ValueType = BILLING_CYCLE_MONTHLY,
        request_id: str = "",
        **more: Any,
    ) -> str:
        urls = {"success_url": f"{self.home}/#/paid", "cancel_url": f"{self.home}/#/plans"} | more
        request = pb.CreateCheckoutSessionRequest(
            plan_tier=tier, billing_cycle=cycle, request_id=request_id or str(uuid4()), **urls
        )
        return (await self.ask("CreateCheckoutSession", request)).url

    async def topup_page(self, feature: Feature.ValueType, amount: int, request_id: str = "") -> str:
        urls = {"success_url": f"{self.home}/#/paid", "cancel_url": f"{self.home}/#/plans"}
        request = pb.CreateTopUpRequest(feature=feature, amount=amount, request_id=request_id or str(uuid4()), **urls)
        return (await self.ask("CreateTopUp", request)).url

    async def click(self, url: str, card: str = "good") -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as browser:
            return await browser.post(url, data={"card": card})

    async def subscription(self) -> Subscription:
        return await self.ask("GetSubscription", pb.GetSubscriptionRequest())

    async def until(self, ready: Callable[[Subscription], bool]) -> Subscription:
        return await eventually(self.subscription, ready)

    async def invoices(self) -> list[Invoice]:
        return list((await self.ask("ListInvoices", pb.ListInvoicesRequest())).invoices)

    async def left(self, feature: Feature.ValueType) -> int:
        found = await self.ask("GetEntitlements", pb.GetEntitlementsRequest())
        return next(one.remaining for one in found.balances if one.feature == feature)


async def eventually(look: Callable[[], Awaitable[T]], ready: Callable[[T], bool], seconds: float = 60) -> T:
    async with asyncio.timeout(seconds):
        while not ready(found := await look()):
            await asyncio.sleep(0.05)
    return found
