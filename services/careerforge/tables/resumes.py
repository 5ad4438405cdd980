"""Resumes and their analyses."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import DIMENSIONS, Base
from services.kit.db import Timestamps, uuid7
from services.kit.errors import WrongState


class Resume(Timestamps, Base):
    """An uploaded file. Its bytes lie under `blob_key`; in quarantine until `clean` is true."""

    __tablename__ = "resumes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(index=True)
    filename: Mapped[str] = mapped_column(String(255), server_default="")
    content_type: Mapped[str] = mapped_column(String(100))
    byte_size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    blob_key: Mapped[str] = mapped_column(String(200))
    clean: Mapped[bool] = mapped_column(server_default="false")
    text: Mapped[str | None]
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # a Document without its text
    parsed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    vector: Mapped[Any | None] = mapped_column(Vector(DIMENSIONS))
    engine_version: Mapped[str] = mapped_column(server_default="")  # what read it; empty before anything did
    as_of: Mapped[date | None]  # the day that "until now" means in `parsed`

    __table_args__ = (Index("ix_resumes_known", "user_id", "sha256"), Index("ix_resumes_blob_key", "blob_key"))


class ResumeAnalysis(Timestamps, Base):
    """One run over one resume, watched while it works."""

    __tablename__ = "resume_analyses"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(index=True)
    resume_id: Mapped[UUID] = mapped_column(ForeignKey(Resume.id, ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16), server_default="PENDING")
    progress: Mapped[int] = mapped_column(server_default="0")  # percent
    failure_reason: Mapped[str] = mapped_column(String(64), server_default="")
    failure_message: Mapped[str] = mapped_column(server_default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    engine_version: Mapped[str] = mapped_column(server_default="")
    request_id: Mapped[UUID | None]
    end_time: Mapped[datetime | None]
    wait_message: Mapped[str] = mapped_column(server_default="")
    again: Mapped[bool] = mapped_column(server_default="false")  # of a resume that an analysis has read before
    position_text: Mapped[str] = mapped_column(server_default="")  # what to compare with; empty for nothing
    position_id: Mapped[UUID | None]

    __table_args__ = (Index("uq_resume_analyses_request", "user_id", "request_id", unique=True),)

    FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})

    def enter(self, state: str, progress: int) -> None:
        """The next stage. Raises WrongState when the analysis has ended."""
        if self.state in self.FINAL:
            raise WrongState("resume analysis", self.state, "a running state")
        self.state, self.progress, self.wait_message = state, progress, ""

    def end(self, state: str, now: datetime, reason: str = "", message: str = "") -> None:
        self.enter(state, 100)
        self.end_time, self.failure_reason, self.failure_message = now, reason, message


class ResumeUpload(Timestamps, Base):
    """A link that a file may be put to. `analysis_id` is the analysis that began with it."""

    __tablename__ = "resume_uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID]
    filename: Mapped[str] = mapped_column(String(255), server_default="")
    byte_size: Mapped[int]
    request_id: Mapped[UUID | None]
    analysis_id: Mapped[UUID | None]
    expire_time: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index("uq_resume_uploads_request", "user_id", "request_id", unique=True),)
