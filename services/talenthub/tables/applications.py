"""Applications and all that belongs to one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.db import Timestamps, uuid7
from services.kit.errors import WrongState
from services.talenthub.tables.base import Base
from services.talenthub.tables.positions import Position


class Application(Timestamps, Base):
    """A person's application, with the profile as it was when they sent it. Its stage changes only through its steps."""

    __tablename__ = "applications"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"))
    candidate_id: Mapped[UUID]
    stage: Mapped[str] = mapped_column(String(16), server_default="APPLIED")
    stage_time: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(32), server_default="direct")
    candidate_message: Mapped[str] = mapped_column(server_default="")
    profile: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    profile_etag: Mapped[str] = mapped_column(String(100), server_default="")
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("talenthub.applications.id", ondelete="SET NULL"))
    merge_time: Mapped[datetime | None]
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("uq_applications_person", "position_id", "candidate_id", unique=True),
        # Keyset pages: of a position, of one of its stages, of a person.
        Index("ix_applications_position", "position_id", "id"),
        Index("ix_applications_stage", "position_id", "stage", "id"),
        Index("ix_applications_candidate", "candidate_id", "id"),
        Index("ix_applications_merged", "merged_into_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class StageMove(Base):
    """A step of an application, by a person. Rows are never changed. `position_id` is the application's: figures of many need it."""

    __tablename__ = "stage_moves"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    position_id: Mapped[UUID]
    from_stage: Mapped[str] = mapped_column(String(16))  # empty where it came in
    to_stage: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(server_default="")
    request_id: Mapped[UUID | None]
    create_time: Mapped[datetime]

    __table_args__ = (
        Index("ix_stage_moves_application", "application_id", "id"),
        Index("ix_stage_moves_position", "position_id"),
        Index("uq_stage_moves_request", "application_id", "request_id", unique=True),
    )


class Note(Timestamps, Base):
    __tablename__ = "notes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    author_id: Mapped[UUID]
    text: Mapped[str]
    request_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_notes_application", "application_id", "id"),
        Index("uq_notes_request", "application_id", "request_id", unique=True),
    )


class Rating(Timestamps, Base):
    """How well an applicant meets a requirement, as one member sees it: 1 (not at all) to 5 (fully)."""

    __tablename__ = "ratings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    author_id: Mapped[UUID]
    requirement_id: Mapped[str] = mapped_column(String(100))
    grade: Mapped[int]
    comment: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        Index("ix_ratings_application", "application_id", "id"),
        Index("uq_ratings_author", "application_id", "author_id", "requirement_id", unique=True),
    )


class Interview(Timestamps, Base):
    __tablename__ = "interviews"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    interviewer_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    start_time: Mapped[datetime]
    duration_minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(500), server_default="")
    state: Mapped[str] = mapped_column(String(16), server_default="SCHEDULED")
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("ix_interviews_application", "application_id", "start_time", "id"),
        Index("uq_interviews_request", "application_id", "request_id", unique=True),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def end_time(self) -> datetime:
        return self.start_time + timedelta(minutes=self.duration_minutes)

    def state_at(self, now: datetime) -> str:
        return "COMPLETED" if self.state == "SCHEDULED" and now >= self.end_time else self.state

    def cancel(self, now: datetime) -> None:
        """Raises WrongState when it was held."""
        if self.state_at(now) == "COMPLETED":
            raise WrongState("interview", "COMPLETED", "SCHEDULED")
        self.state = "CANCELLED"


class Offer(Timestamps, Base):
    """At most one of an application is open."""

    __tablename__ = "offers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    terms: Mapped[str]
    expire_time: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), server_default="OPEN")
    answer_time: Mapped[datetime | None]
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("ix_offers_application", "application_id", "id"),
        Index("uq_offers_request", "application_id", "request_id", unique=True),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def state_at(self, now: datetime) -> str:
        return "EXPIRED" if self.state == "OPEN" and now >= self.expire_time else self.state

    def leave_open(self, state: str, now: datetime) -> None:
        """Raises WrongState when it was answered or taken back, or is over."""
        if self.state_at(now) != "OPEN":
            raise WrongState("offer", self.state_at(now), "OPEN")
        self.state, self.answer_time = state, now
