"""The account's tier, and what its person should know of plan and credits, as billing tells of it."""

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import grpc
from skillsync.billing.v1.billing_service_pb2 import Entitlements, WatchEntitlementsRequest
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.credit_pb2 import Notice
from skillsync.billing.v1.plan_pb2 import Feature

from services.kit.db import WriteSession, utc_now
from services.kit.following import Apply
from services.kit.times import moment
from services.user import mails, queries

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
            yield event.resume_token, partial(_apply, found) if found.account_id else None


async def _apply(found: Entitlements, session: WriteSession) -> None:
    account_id = UUID(found.account_id)
    await queries.set_tier(session, account_id, found.plan_tier)
    new = [said for said in found.notices if await _claim(session, account_id, said)]
    if new:
        await mails.send_notices(session, account_id, [said.message for said in new])


async def _claim(session: WriteSession, account_id: UUID, said: Notice) -> bool:
    """Of credits once a period, whether little or nothing is left by then."""
    about = Feature.Name(said.feature) if said.feature else Notice.Kind.Name(said.kind)
    return await queries.claim_notice(session, account_id, f"{about}/{moment(said.time):%Y-%m-%d}", utc_now())
