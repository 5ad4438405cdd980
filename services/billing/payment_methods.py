"""BillingService's methods that lead to Stripe, and the one that hears from it."""

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.plan_pb2 import BillingCycle, Subscription

from services.billing import queries, subscriptions, wire
from services.billing.checkouts import Checkouts
from services.billing.plans import Catalogue
from services.billing.reconciling import Inbox
from services.kit.auth import caller
from services.kit.db import Database
from services.kit.enums import plain
from services.kit.pages import Page


class PaymentMethods:
    """Part of the servicer."""

    _db: Database
    _seal_key: str
    _checkouts: Checkouts
    _inbox: Inbox
    _catalogue: Catalogue

    async def CreateCheckoutSession(
        self, request: pb.CreateCheckoutSessionRequest, context: Any
    ) -> pb.CreateCheckoutSessionResponse:
        wanted = {
            "plan_tier": request.plan_tier,
            "billing_cycle": plain(BillingCycle, request.billing_cycle).lower(),
            "coupon": request.coupon,
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
        }
        url = await self._checkouts.open_plan(caller().account(), wanted, _id(request.request_id))
        return pb.CreateCheckoutSessionResponse(url=url)

    async def CreateTopUp(self, request: pb.CreateTopUpRequest, context: Any) -> pb.CreateCheckoutSessionResponse:
        wanted = {
            "feature": wire.feature_name(request.feature),
            "amount": request.amount,
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
        }
        url = await self._checkouts.open_topup(caller().account(), wanted, _id(request.request_id))
        return pb.CreateCheckoutSessionResponse(url=url)

    async def CreatePortalSession(
        self, request: pb.CreatePortalSessionRequest, context: Any
    ) -> pb.CreatePortalSessionResponse:
        url = await self._checkouts.portal(caller().account(), request.return_url)
        return pb.CreatePortalSessionResponse(url=url)

    async def ChangePlan(self, request: pb.ChangePlanRequest, context: Any) -> Subscription:
        cycle = plain(BillingCycle, request.billing_cycle).lower()
        wanted = subscriptions.Wanted(request.plan_tier, cycle)
        row = await subscriptions.change(
            self._db,
            self._checkouts.payments,
            self._catalogue,
            caller().account(),
            wanted,
            request.etag,
            _id(request.request_id),
        )
        return wire.subscription(row)

    async def CancelSubscription(self, request: pb.CancelSubscriptionRequest, context: Any) -> Subscription:
        row = await subscriptions.cancel(
            self._db,
            self._checkouts.payments,
            self._catalogue,
            caller().account(),
            request.etag,
            _id(request.request_id),
        )
        return wire.subscription(row)

    async def HandleStripeEvent(self, request: pb.HandleStripeEventRequest, context: Any) -> Empty:
        told = self._checkouts.payments.event(request.event.data, _header(context, "stripe-signature"))
        if told:
            await self._inbox.take(told)
        return Empty()

    async def ListInvoices(self, request: pb.ListInvoicesRequest, context: Any) -> pb.ListInvoicesResponse:
        page = Page.asked(self._seal_key, request, "invoices")
        async with self._db.read() as session:
            rows = await queries.list_invoices(session, caller().account(), page)
        shown, token = page.cut(rows)
        return pb.ListInvoicesResponse(invoices=[wire.invoice(row) for row in shown], next_page_token=token)


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _header(context: Any, name: str) -> str:
    return next((value for key, value in context.invocation_metadata() or () if key == name), "")
