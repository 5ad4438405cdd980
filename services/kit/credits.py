"""Credits of one operation at the billing service, through the mesh."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import grpc
from google.protobuf.duration_pb2 import Duration
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import Feature

from services.kit.db import uuid7
from services.kit.errors import DomainError, NotFound, QuotaExceeded, Unavailable
from services.kit.status import error_info

if TYPE_CHECKING:
    from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceAsyncStub

# Longer than any call may take.
HOLD = Duration(seconds=600)


class Credits:
    """Reserved before the work, spent when it succeeded, given back when it did not. Each call may be repeated."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._billing: BillingServiceAsyncStub = BillingServiceStub(channel)

    @asynccontextmanager
    async def spent(self, account_id: UUID, feature: Feature.ValueType, object: str) -> AsyncIterator[None]:
        """One credit for what the block does to `object`: given back when it fails, or its process dies.

        Raises QuotaExceeded before it when none is left.
        """
        operation_id = uuid7()
        await self.reserve(account_id, operation_id, feature, object, HOLD)
        try:
            yield
        except BaseException:
            # Where this fails too the credit comes back when it is no longer held.
            with suppress(DomainError):
                await asyncio.shield(self.settle(operation_id, spent=False))
            raise
        await self.settle(operation_id, spent=True)

    async def reserve(
        self,
        account_id: UUID,
        operation_id: UUID,
        feature: Feature.ValueType,
        object: str,
        hold: Duration | None = None,
    ) -> None:
        """`object`: what people see that it was for, as in the contract. Raises QuotaExceeded when none is left."""
        request = pb.ReserveCreditsRequest(
            account_id=str(account_id),
            feature=feature,
            amount=1,
            operation_id=str(operation_id),
            object=object,
            hold=hold,
        )
        try:
            await self._billing.ReserveCredits(request)
        except grpc.aio.AioRpcError as failure:
            raise _error(failure, Feature.Name(feature).removeprefix("FEATURE_").lower()) from failure

    async def settle(self, operation_id: UUID, spent: bool) -> None:
        try:
            if spent:
                await self._billing.CommitCredits(pb.CommitCreditsRequest(operation_id=str(operation_id)))
            else:
                await self._billing.ReleaseCredits(pb.ReleaseCreditsRequest(operation_id=str(operation_id)))
        except grpc.aio.AioRpcError as failure:
            raise _error(failure, "") from failure


def _error(failure: grpc.aio.AioRpcError, feature: str) -> DomainError:
    info = error_info(failure)
    if info and info.reason == QuotaExceeded.reason:
        return QuotaExceeded(feature, info.metadata["limit"], datetime.fromisoformat(info.metadata["renew_time"]))
    if failure.code() is grpc.StatusCode.NOT_FOUND:
        return NotFound("reservation", "")
    return Unavailable("billing")
