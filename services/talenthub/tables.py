"""The `talenthub` schema."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.changes import change_table
from services.kit.db import NAMING, Table, Timestamps, uuid7
from services.kit.errors import WrongState

metadata_ = MetaData(schema="talenthub", naming_convention=NAMING)
changes = change_table(metadata_)


class Base(Table):
    __abstract__ = True
    metadata = metadata_


class Organization(Timestamps, Base):
    __tablename__ = "organizations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    display_name: Mapped[str] = mapped_column(String(200))
    domain: Mapped[str] = mapped_column(String(253), server_default="")
    verified: Mapped[bool] = mapped_column(server_default="false")
    hiring_capacity: Mapped[int] = mapped_column(server_default="0")
    recruitment_focus: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    state: Mapped[str] = mapped_column(String(16), server_default="ACTIVE")
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


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


class Position(Timestamps, Base):
    """Work that an organization offers. Its state changes only through its methods."""

    __tablename__ = "positions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str]
    city: Mapped[str] = mapped_column(String(100), server_default="")
    region: Mapped[str] = mapped_column(String(100), server_default="")
    country_code: Mapped[str] = mapped_column(String(2), server_default="")
    work_mode: Mapped[str] = mapped_column(String(16), server_default="UNSPECIFIED")
    seniority: Mapped[str] = mapped_column(String(16), server_default="UNSPECIFIED")
    pay: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    headcount: Mapped[int] = mapped_column(server_default="1")
    deadline_time: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), server_default="DRAFT")
    close_reason: Mapped[str] = mapped_column(String(16), server_default="UNSPECIFIED")
    publish_time: Mapped[datetime | None]
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("ix_positions_organization", "organization_id", "id"),
        Index("uq_positions_request", "organization_id", "request_id", unique=True),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def publish(self, now: datetime) -> None:
        self._leave("DRAFT", to="OPEN")
        self.publish_time = now

    def pause(self) -> None:
        self._leave("OPEN", to="PAUSED")

    def reopen(self) -> None:
        self._leave("PAUSED", to="OPEN")

    def close(self, reason: str) -> None:
        self._leave("OPEN", "PAUSED", to="CLOSED")
        self.close_reason = reason

    def require_open_for_edits(self) -> None:
        if self.state == "CLOSED":
            raise WrongState("position", self.state, "DRAFT, OPEN or PAUSED")

    def require_draft(self) -> None:
        if self.state != "DRAFT":
            raise WrongState("position", self.state, "DRAFT")

    def _leave(self, *states: str, to: str) -> None:
        if self.state not in states:
            raise WrongState("position", self.state, " or ".join(states))
        self.state = to


class Application(Timestamps, Base):
    __tablename__ = "applications"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"))
    candidate_id: Mapped[UUID] = mapped_column(index=True)
    stage: Mapped[str] = mapped_column(String(16), server_default="APPLIED")
    stage_time: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(32), server_default="direct")
    candidate_message: Mapped[str] = mapped_column(server_default="")
    profile_etag: Mapped[str] = mapped_column(String(100), server_default="")
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (Index("uq_applications_person", "position_id", "candidate_id", unique=True),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
