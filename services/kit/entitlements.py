"""What accounts may use, as billing has it: asked once and kept, until billing tells of a change or some time has gone by."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

import grpc
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub

from services.kit.background import for_ever
from services.kit.errors import Unavailable

if TYPE_CHECKING:
    from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceAsyncStub

FRESH_SECONDS = 60.0
# While billing does not answer, what was known is still believed for so long.
STALE_SECONDS = 600.0
MOST_KEPT = 10_000
RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Entitled:
    """`plan_tier` as in the contract; `seats`: people who may use it together, 0 for no limit."""

    plan_tier: str
    seats: int


class Entitlements:
    """Of accounts, through the mesh. `follow` beside the calls keeps what is known true within moments of a change."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._billing: BillingServiceAsyncStub = BillingServiceStub(channel)
        self._kept: dict[UUID, tuple[float, Entitled]] = {}

    async def of(self, account_id: UUID) -> Entitled:
        """Raises Unavailable for whom nothing is known while billing does not answer."""
        since, known = self._kept.get(account_id, (0.0, None))
        age = time.monotonic() - since
        if known and age < FRESH_SECONDS:
            return known
        try:
            found = await self._billing.GetEntitlements(pb.GetEntitlementsRequest(account_id=str(account_id)))
        except grpc.aio.AioRpcError as failure:
            if known and age < STALE_SECONDS:
                return known
            raise Unavailable("billing", retry_after=RETRY_SECONDS) from failure
        return self._keep(account_id, found)

    def _keep(self, account_id: UUID, found: pb.Entitlements) -> Entitled:
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        entitled = Entitled(found.plan_tier, found.seat_count)
        self._kept[account_id] = (time.monotonic(), entitled)
        return entitled

    async def follow(self) -> NoReturn:
        """For as long as the process lives."""
        await for_ever(self._follow, RETRY_SECONDS, "follow entitlements")

    async def _follow(self) -> None:
        async for event in self._billing.WatchEntitlements(pb.WatchEntitlementsRequest()):
            account_id = UUID(event.entitlements.account_id) if event.entitlements.account_id else None
            if account_id in self._kept:
                self._keep(account_id, event.entitlements)
