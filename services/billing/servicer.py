"""BillingService. Who may call what stands in the contract; the kit's guard has checked it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceServicer
from skillsync.billing.v1.credit_pb2 import Reservation
from skillsync.billing.v1.plan_pb2 import Subscription

from services.billing import credits, feeds, privacy, queries, wire
from services.billing.checkouts import Checkouts
from services.billing.payment_methods import PaymentMethods
from services.billing.reconciling import Inbox
from services.billing.tables import ENTITLEMENTS
from services.kit.auth import caller
from services.kit.changes import Cursor, Relay
from services.kit.db import Database
from services.kit.pages import Page
from services.kit.privacy import UserDataMethods


class BillingServicer(PaymentMethods, UserDataMethods, BillingServiceServicer):
    """Methods of the contract that are not here answer UNIMPLEMENTED."""

    def __init__(self, db: Database, relay: Relay, seal_key: str, checkouts: Checkouts, inbox: Inbox) -> None:
        self._db = db
        self._relay = relay
        self._seal_key = seal_key
        self._checkouts = checkouts
        self._catalogue = checkouts.catalogue
        self._inbox = inbox
        self.user_data = privacy.user_data(db, checkouts.payments)

    async def ListPlans(self, request: pb.ListPlansRequest, context: Any) -> pb.ListPlansResponse:
        return wire.plans(self._catalogue)

    async def GetSubscription(self, request: pb.GetSubscriptionRequest, context: Any) -> Subscription:
        async with self._db.read() as session:
            return wire.subscription(await queries.find_subscription(session, caller().account()))

    async def GetEntitlements(self, request: pb.GetEntitlementsRequest, context: Any) -> pb.Entitlements:
        account_id = UUID(request.account_id) if request.account_id else None
        async with self._db.read() as session:
            return wire.entitlements(await credits.get_entitlements(session, self._catalogue, caller(), account_id))

    async def WatchEntitlements(
        self, request: pb.WatchEntitlementsRequest, context: Any
    ) -> AsyncIterator[pb.WatchEntitlementsResponse]:
        cursor = Cursor.unseal(self._seal_key, ENTITLEMENTS, request.resume_token)
        async for event in feeds.watch_entitlements(self._relay, self._catalogue, cursor):
            yield wire.entitlements_event(event, event.cursor.seal(self._seal_key, ENTITLEMENTS))

    async def ReserveCredits(self, request: pb.ReserveCreditsRequest, context: Any) -> Reservation:
        asked = wire.reservation_asked(request)
        async with self._db.write() as session:
            return wire.reservation(*await credits.reserve(session, self._catalogue, **asked))

    async def CommitCredits(self, request: pb.CommitCreditsRequest, context: Any) -> Reservation:
        async with self._db.write() as session:
            return wire.reservation(*await credits.commit(session, self._catalogue, UUID(request.operation_id)))

    async def ReleaseCredits(self, request: pb.ReleaseCreditsRequest, context: Any) -> Reservation:
        async with self._db.write() as session:
            return wire.reservation(*await credits.release(session, self._catalogue, UUID(request.operation_id)))

    async def ListUsage(self, request: pb.ListUsageRequest, context: Any) -> pb.ListUsageResponse:
        feature = wire.feature_name(request.feature) if request.feature else None
        page = Page.asked(self._seal_key, request, f"usage/{feature}")
        async with self._db.read() as session:
            rows = await credits.list_usage(session, caller(), feature, page)
        shown, token = page.cut(rows)
        return pb.ListUsageResponse(usage=[wire.usage(row) for row in shown], next_page_token=token)
