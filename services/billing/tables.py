"""The `billing` schema."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, MetaData, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.changes import change_table
from services.kit.db import NAMING, Table, Timestamps, uuid7
from services.kit.errors import InvalidArgument, WrongState

metadata_ = MetaData(schema="billing", naming_convention=NAMING)
changes = change_table(metadata_)
# Told of by a trigger of `subscriptions`, and where credits change a plan or come near their end.
ENTITLEMENTS = "entitlements"


class Base(Table):
    __abstract__ = True
    metadata = metadata_


class Subscription(Timestamps, Base):
    __tablename__ = "subscriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(unique=True)
    stripe_customer_id: Mapped[str | None] = mapped_column(unique=True)
    plan_tier: Mapped[str] = mapped_column(String(32), server_default="free")
    billing_cycle: Mapped[str] = mapped_column(String(16), server_default="monthly")
    amount: Mapped[int] = mapped_column(server_default="0")  # minor units of `currency`
    currency: Mapped[str] = mapped_column(String(3), server_default="EUR")
    active_until: Mapped[datetime | None]
    auto_renew: Mapped[bool] = mapped_column(server_default="true")
    payment_status: Mapped[str] = mapped_column(String(32), server_default="free")
    stripe_subscription_id: Mapped[str | None]
    start_time: Mapped[datetime | None]
    trial_end: Mapped[datetime | None]
    grace_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class FeatureUsage(Timestamps, Base):
    """What is left of each feature: the balance of the ledger, kept for one cheap look-up. Never below 0."""

    __tablename__ = "feature_usage"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(unique=True)
    resume_analysis_count: Mapped[int] = mapped_column(server_default="5")
    cover_letter_credits: Mapped[int] = mapped_column(server_default="10")
    job_match_searches: Mapped[int] = mapped_column(server_default="50")
    ai_insights_used: Mapped[int] = mapped_column(server_default="3")  # the seed's name; it counts what is left
    export_credits: Mapped[int] = mapped_column(server_default="2")
    plan_tier: Mapped[str] = mapped_column(String(32), server_default="free")  # that the balances are reckoned with
    anchor: Mapped[datetime] = mapped_column(server_default=func.now())  # when the first period began
    period: Mapped[int] = mapped_column(server_default="0")  # months since
    used: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")  # of the allowance, in this period
    bought: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")  # and not used
    plan_changes: Mapped[int] = mapped_column(server_default="0")  # counted

    __table_args__ = (
        CheckConstraint(
            "least(resume_analysis_count, cover_letter_credits, job_match_searches, ai_insights_used, export_credits) >= 0",
            name="never_below_zero",
        ),
    )


class LedgerEntry(Base):
    """One movement of credits. Only ever added."""

    __tablename__ = "ledger"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID]
    feature: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))  # grant, renew, plan, topup, refund, reserve, release
    amount: Mapped[int]  # signed
    operation_id: Mapped[UUID]
    object: Mapped[str] = mapped_column(String(200), server_default="")  # that people see it was for
    time: Mapped[datetime]

    __table_args__ = (
        Index("ix_ledger_user", "user_id", "id"),
        Index("uq_ledger_operation", "operation_id", "kind", unique=True),
    )


class Reservation(Timestamps, Base):
    """Credits of one operation: RESERVED → COMMITTED or RELEASED."""

    __tablename__ = "reservations"

    operation_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    feature: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), server_default="RESERVED")
    bought: Mapped[int] = mapped_column(server_default="0")  # of `amount`, from what was bought
    period: Mapped[int] = mapped_column(server_default="0")  # in which it was taken
    object: Mapped[str] = mapped_column(String(200), server_default="")  # that people see it is for
    expire_time: Mapped[datetime | None]  # released by itself then

    __table_args__ = (
        Index(
            "ix_reservations_expiring", "expire_time", postgresql_where="state = 'RESERVED' and expire_time is not null"
        ),
    )

    def end(self, state: str) -> bool:
        """Whether anything changed: ending it the same way again does not. Raises WrongState when it ended otherwise."""
        if self.state == state:
            return False
        if self.state != "RESERVED":
            raise WrongState("reservation", self.state, "RESERVED")
        self.state = state
        return True


class Checkout(Timestamps, Base):
    """A payment page, or a change of what is paid for. `id` is part of the idempotency key at Stripe: whoever goes on with it does nothing
    twice.
    """

    __tablename__ = "checkouts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID]
    request_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(16))  # plan, topup, change, cancel
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what is asked for, and where the browser goes after
    session_id: Mapped[str | None] = mapped_column(unique=True)
    url: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(String(16), server_default="OPEN")  # OPEN, COMPLETE, EXPIRED

    __table_args__ = (
        Index("uq_checkouts_request", "user_id", "request_id", unique=True),
        # Two pages for a plan could both be paid.
        Index("uq_checkouts_open", "user_id", unique=True, postgresql_where="kind = 'plan' and state = 'OPEN'"),
    )

    def require_same(self, kind: str, wanted: Mapping[str, Any]) -> None:
        """Raises InvalidArgument: a request id is for one request."""
        if self.kind != kind or any(self.wanted.get(name) != value for name, value in wanted.items()):
            raise InvalidArgument("request_id", "was used for something else; take a new one")


class StripeEvent(Timestamps, Base):
    """What Stripe told, once. `handled_time` is None while what follows from it has not been done."""

    __tablename__ = "stripe_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(100))
    time: Mapped[int] = mapped_column(BigInteger)  # seconds, as Stripe has it
    user_id: Mapped[UUID]
    thing: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the object of the event
    handled_time: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_stripe_events_user", "user_id", "type"),
        Index("ix_stripe_events_open", "create_time", postgresql_where="handled_time is null"),
    )


class Invoice(Base):
    """As Stripe told of it last."""

    __tablename__ = "invoices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    stripe_id: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID]
    total: Mapped[int] = mapped_column(BigInteger)  # minor units of `currency`
    currency: Mapped[str] = mapped_column(String(3))
    paid: Mapped[bool]
    time: Mapped[datetime]
    hosted_url: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (Index("ix_invoices_user", "user_id", "id"),)


class Reconciliation(Base):
    """Until when Stripe's list of events was read. One row."""

    __tablename__ = "reconciliations"

    id: Mapped[int] = mapped_column(primary_key=True)
    through: Mapped[int] = mapped_column(BigInteger, server_default="0")
