"""The account's tier, as billing tells of it."""

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import grpc
from skillsync.billing.v1.billing_service_pb2 import WatchEntitlementsRequest
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub

from services.kit.following import Apply
from services.user import queries

if TYPE_CHECKING:
    from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceAsyncStub


class Tiers:
    """`streams` are what to follow."""

    def __init__(self, billing: grpc.aio.Channel) -> None:
        self._billing: BillingServiceAsyncStub = BillingServiceStub(billing)
        self.streams = {"entitlements": self._entitlements}

    async def _entitlements(self, token: str) -> AsyncIterator[tuple[str, Apply | None]]:
        async for event in self._billing.WatchEntitlements(WatchEntitlementsRequest(resume_token=token)):
            found = event.entitlements
            account_id = UUID(found.account_id) if found.account_id else None
            tell = partial(queries.set_tier, account_id=account_id, tier=found.plan_tier) if account_id else None
            yield event.resume_token, tell
