"""Between rows and messages of the billing service."""

from typing import Any
from uuid import UUID

from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.credit_pb2 import Balance, Usage
from skillsync.billing.v1.credit_pb2 import Notice as NoticeMessage
from skillsync.billing.v1.credit_pb2 import Reservation as ReservationMessage
from skillsync.billing.v1.plan_pb2 import Allowance, BillingCycle, Feature
from skillsync.billing.v1.plan_pb2 import Invoice as InvoiceMessage
from skillsync.billing.v1.plan_pb2 import Plan as PlanMessage
from skillsync.billing.v1.plan_pb2 import Subscription as SubscriptionMessage
from skillsync.type.v1.money_pb2 import Money

from services.billing.credits import Entitlements
from services.billing.notices import Notice
from services.billing.plans import FEATURES, Plan
from services.billing.tables import Invoice, LedgerEntry, Reservation, Subscription
from services.kit.changes import Event
from services.kit.enums import number, plain
from services.kit.feeds import told_pause
from services.kit.masks import etag
from services.kit.times import timestamp

CURRENCY = "EUR"


def feature_name(value: Feature.ValueType) -> str:
    return plain(Feature, value).lower()


def plan(found: Plan) -> PlanMessage:
    return PlanMessage(
        tier=found.tier,
        display_name=found.display_name,
        monthly_price=Money(minor_units=found.monthly, currency_code=CURRENCY),
        annual_price=Money(minor_units=found.annual, currency_code=CURRENCY),
        allowances=[Allowance(feature=number(Feature, name), amount=found.allowance(name)) for name in FEATURES],
        seat_count=found.seats,
        trial_days=found.trial_days,
    )


def entitlements(found: Entitlements) -> pb.Entitlements:
    balances = [
        Balance(
            feature=number(Feature, name),
            remaining=left,
            allowance=found.plan.allowance(name),
            renew_time=timestamp(found.renew_time),
            bought=found.bought.get(name, 0),
            near_limit=any(notice.feature == name for notice in found.notices),
        )
        for name, left in found.remaining.items()
    ]
    return pb.Entitlements(
        account_id=str(found.account_id),
        plan_tier=found.plan.tier,
        balances=balances,
        seat_count=found.plan.seats,
        notices=map(notice, found.notices),
    )


def notice(said: Notice) -> NoticeMessage:
    feature = number(Feature, said.feature) if said.feature else Feature.FEATURE_UNSPECIFIED
    kind = number(NoticeMessage.Kind, said.kind)
    return NoticeMessage(kind=kind, feature=feature, time=timestamp(said.time), message=said.message)


def entitlements_event(event: Event[Entitlements], resume_token: str) -> pb.WatchEntitlementsResponse:
    response = pb.WatchEntitlementsResponse(resume_token=resume_token)
    if not told_pause(event, response) and event.item:
        response.entitlements.CopyFrom(entitlements(event.item))
    return response


def subscription(row: Subscription | None) -> SubscriptionMessage:
    """Who never subscribed has the free plan."""
    if row is None:
        return SubscriptionMessage(plan_tier="free", payment_status=SubscriptionMessage.PAYMENT_STATUS_FREE)
    return SubscriptionMessage(
        id=str(row.id),
        plan_tier=row.plan_tier,
        billing_cycle=number(BillingCycle, row.billing_cycle),
        amount=Money(minor_units=row.amount, currency_code=row.currency),
        active_until_time=timestamp(row.active_until),
        auto_renew=row.auto_renew,
        payment_status=number(SubscriptionMessage.PaymentStatus, row.payment_status),
        etag=etag(row.version),
        trial_end_time=timestamp(row.trial_end),
        grace_until_time=timestamp(row.grace_until),
    )


def reservation_asked(request: pb.ReserveCreditsRequest) -> dict[str, Any]:
    return {
        "account_id": UUID(request.account_id),
        "feature": feature_name(request.feature),
        "amount": request.amount,
        "operation_id": UUID(request.operation_id),
        "object": request.object,
        "hold": request.hold.ToTimedelta() if request.HasField("hold") else None,
    }


def reservation(row: Reservation, remaining: int) -> ReservationMessage:
    return ReservationMessage(
        operation_id=str(row.operation_id),
        account_id=str(row.user_id),
        feature=number(Feature, row.feature),
        amount=row.amount,
        state=number(ReservationMessage.State, row.state),
        remaining=remaining,
        expire_time=timestamp(row.expire_time),
        object=row.object,
    )


def usage(row: LedgerEntry) -> Usage:
    return Usage(
        id=str(row.id),
        feature=number(Feature, row.feature),
        amount=row.amount,
        operation_id=str(row.operation_id),
        time=timestamp(row.time),
        kind=row.kind,
        object=row.object,
    )


def invoice(row: Invoice) -> InvoiceMessage:
    return InvoiceMessage(
        id=row.stripe_id,
        total=Money(minor_units=row.total, currency_code=row.currency),
        paid=row.paid,
        create_time=timestamp(row.time),
        hosted_url=row.hosted_url,
    )
