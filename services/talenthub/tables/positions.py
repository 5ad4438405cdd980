"""Positions: what they are, were and may begin from, and what they ask for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.db import Timestamps, uuid7
from services.kit.errors import WrongState
from services.talenthub.tables.base import Base
from services.talenthub.tables.organizations import Organization


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
    team: Mapped[str] = mapped_column(String(100), server_default="")
    deadline_time: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), server_default="DRAFT")
    close_reason: Mapped[str] = mapped_column(String(16), server_default="UNSPECIFIED")
    publish_time: Mapped[datetime | None]
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("ix_positions_organization", "organization_id", "id"),
        Index("uq_positions_request", "organization_id", "request_id", unique=True),
        # Pages of what is public.
        Index("ix_positions_open", "id", postgresql_where=text("state = 'OPEN'")),
        Index("ix_positions_open_country", "country_code", "id", postgresql_where=text("state = 'OPEN'")),
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


class PositionVersion(Base):
    """A position as it was after one change. `number` is the position's own version then, which its etag tells too."""

    __tablename__ = "position_versions"

    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # from 1
    position: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_fields: Mapped[list[str]] = mapped_column(ARRAY(String))
    actor_id: Mapped[UUID]
    request_id: Mapped[UUID | None]  # of the change
    create_time: Mapped[datetime]

    __table_args__ = (Index("uq_position_versions_request", "position_id", "request_id", unique=True),)


class PositionTemplate(Timestamps, Base):
    __tablename__ = "position_templates"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"))
    display_name: Mapped[str] = mapped_column(String(200))
    position: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_position_templates_organization", "organization_id", "id"),
        Index("uq_position_templates_request", "organization_id", "request_id", unique=True),
    )


class PositionSkill(Base):
    """A skill that a position asks for, read from its text; for figures over many positions."""

    __tablename__ = "position_skills"

    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(String(100), primary_key=True, index=True)
    label: Mapped[str] = mapped_column(String(300))
