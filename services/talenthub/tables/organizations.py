"""Organizations, who belongs to them, and how people come in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.db import Timestamps, uuid7
from services.kit.errors import WrongState
from services.talenthub.tables.base import Base


class Organization(Timestamps, Base):
    __tablename__ = "organizations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    display_name: Mapped[str] = mapped_column(String(200))
    domain: Mapped[str] = mapped_column(String(253), server_default="")
    verified: Mapped[bool] = mapped_column(server_default="false")
    hiring_capacity: Mapped[int] = mapped_column(server_default="0")
    recruitment_focus: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    state: Mapped[str] = mapped_column(String(16), server_default="ACTIVE")
    close_time: Mapped[datetime | None]
    stages: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")  # empty: all, by their own names
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute

    def require_active(self) -> None:
        if self.state != "ACTIVE":
            raise WrongState("organization", self.state, "ACTIVE")


class UserTalentHub(Timestamps, Base):
    """A recruiter. `id` equals the account's id."""

    __tablename__ = "user_talenthub"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    base_user_id: Mapped[UUID] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True, index=True)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(Organization.id))  # the first one joined
    hiring_capacity: Mapped[int] = mapped_column(server_default="0")
    recruitment_focus: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    verified: Mapped[bool] = mapped_column(server_default="false")
    talent_pipeline_size: Mapped[int] = mapped_column(server_default="0")
    success_metrics: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class Member(Timestamps, Base):
    __tablename__ = "members"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(32))
    remove_time: Mapped[datetime | None]  # kept, so that watchers can be told who left
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (Index("uq_members_account", "organization_id", "account_id", unique=True),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Invitation(Timestamps, Base):
    """An offer to join, sent by mail. `account_id` is who answered."""

    __tablename__ = "invitations"

    LIFETIME = timedelta(days=14)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))  # lower case
    role: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), server_default="PENDING")
    inviter_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    expire_time: Mapped[datetime]
    request_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_invitations_organization", "organization_id", "id"),
        Index("uq_invitations_request", "organization_id", "request_id", unique=True),
        Index("ix_invitations_email", "email"),
    )

    def state_at(self, now: datetime) -> str:
        return "EXPIRED" if self.state == "PENDING" and now >= self.expire_time else self.state

    def answer(self, state: str, account_id: UUID | None, now: datetime) -> None:
        """Raises WrongState when it was answered or is over."""
        if self.state_at(now) != "PENDING":
            raise WrongState("invitation", self.state_at(now), "PENDING")
        self.state, self.account_id = state, account_id


class DomainCode(Timestamps, Base):
    """What was mailed to the postmaster of a domain, as a hash."""

    __tablename__ = "domain_codes"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"), primary_key=True)
    domain: Mapped[str] = mapped_column(String(253))
    hash: Mapped[bytes]
    attempts: Mapped[int] = mapped_column(server_default="0")
    expire_time: Mapped[datetime]
