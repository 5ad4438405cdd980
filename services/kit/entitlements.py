"""What accounts may use, as billing has it: asked once and kept, until billing tells of a change or some time has gone by."""

import asyncio
import time
from contextvars import Context
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
REFUSED_TOKEN = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE)


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
        self._asking: dict[UUID, asyncio.Task[Entitled]] = {}
        # What was told of these while they were asked for is newer than the answer.
        self._told: set[UUID] = set()
        self._resume_token = ""

    async def of(self, account_id: UUID) -> Entitled:
        """Raises Unavailable for whom nothing is known while billing does not answer."""
        since, known = self._kept.get(account_id, (0.0, None))
        age = time.monotonic() - since
        if known and age < FRESH_SECONDS:
            return known
        try:
            return await asyncio.shield(self._asked(account_id))
        except grpc.aio.AioRpcError as failure:
            if known and age < STALE_SECONDS:
                return known
            raise Unavailable("billing", retry_after=RETRY_SECONDS) from failure

    def _asked(self, account_id: UUID) -> "asyncio.Task[Entitled]":
        """Of many who ask at once the first asks, for all: with nobody's token, and in nobody's time."""
        if account_id not in self._asking:
            task = asyncio.create_task(self._ask(account_id), context=Context())
            self._asking[account_id] = task
            task.add_done_callback(lambda done: self._answered(account_id, done))
        return self._asking[account_id]

    async def _ask(self, account_id: UUID) -> Entitled:
        found = await self._billing.GetEntitlements(pb.GetEntitlementsRequest(account_id=str(account_id)))
        if account_id in self._told and account_id in self._kept:
            return self._kept[account_id][1]
        return self._keep(account_id, found)

    def _answered(self, account_id: UUID, done: "asyncio.Task[Entitled]") -> None:
        del self._asking[account_id]
        self._told.discard(account_id)
        if not done.cancelled():
            # Whoever waited may have gone.
            done.exception()

    def _keep(self, account_id: UUID, found: pb.Entitlements) -> Entitled:
        if account_id not in self._kept and len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        entitled = Entitled(found.plan_tier, found.seat_count)
        self._kept[account_id] = (time.monotonic(), entitled)
        return entitled

    async def follow(self) -> NoReturn:
        """For as long as the process lives."""
        await for_ever(self._follow, RETRY_SECONDS, "follow entitlements")

    async def _follow(self) -> None:
        """After a cut from where it was, so nothing that changed meanwhile is missed, and not all of it told again."""
        try:
            async for event in self._billing.WatchEntitlements(
                pb.WatchEntitlementsRequest(resume_token=self._resume_token)
            ):
                if event.entitlements.account_id:
                    self._hear(UUID(event.entitlements.account_id), event.entitlements)
                self._resume_token = event.resume_token
        except grpc.aio.AioRpcError as failure:
            if failure.code() in REFUSED_TOKEN:
                # What changed since is not known.
                self._kept.clear()
                self._resume_token = ""
            raise

    def _hear(self, account_id: UUID, told: pb.Entitlements) -> None:
        if account_id in self._asking:
            self._told.add(account_id)
        if account_id in self._kept or account_id in self._asking:
            self._keep(account_id, told)
