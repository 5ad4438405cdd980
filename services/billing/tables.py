"""The `billing` schema."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, MetaData, String
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.changes import change_table
from services.kit.db import NAMING, Table, Timestamps, uuid7
from services.kit.errors import WrongState

metadata_ = MetaData(schema="billing", naming_convention=NAMING)
changes = change_table(metadata_)


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
    kind: Mapped[str] = mapped_column(String(16))  # grant, reserve, release
    amount: Mapped[int]  # signed
    operation_id: Mapped[UUID]
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

    def end(self, state: str) -> bool:
        """Whether anything changed: ending it the same way again does not. Raises WrongState when it ended otherwise."""
        if self.state == state:
            return False
        if self.state != "RESERVED":
            raise WrongState("reservation", self.state, "RESERVED")
        self.state = state
        return True
