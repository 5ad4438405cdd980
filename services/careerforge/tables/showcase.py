"""What a person shows: documents, milestones, projects."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import Base
from services.careerforge.tables.profile import UserCareerForge
from services.kit.db import Timestamps, uuid7
from services.kit.errors import WrongState

POINTS = {"job_secured": 100, "skill_mastered": 30, "cert_earned": 50, "project_completed": 20}
"""Of a milestone that is verified; half of them until then."""


class StoredDocument(Timestamps, Base):
    """A file of the person beside resumes: certificates, references, letters."""

    __tablename__ = "documents"
    __table_args__ = (Index("uq_documents_request", "user_id", "request_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(32))
    filename: Mapped[str] = mapped_column(String(255), server_default="")
    content_type: Mapped[str] = mapped_column(String(100))
    byte_size: Mapped[int]
    blob_key: Mapped[str] = mapped_column(String(200))
    clean: Mapped[bool] = mapped_column(server_default="false")
    request_id: Mapped[UUID | None]
    failure_reason: Mapped[str] = mapped_column(String(40), server_default="")
    failure_message: Mapped[str] = mapped_column(server_default="")

    @property
    def state(self) -> str:
        if self.clean:
            return "CLEAN"
        return "REFUSED" if self.failure_reason else "SCANNING"

    def require_clean(self) -> None:
        """Raises WrongState until it was scanned and found clean."""
        if not self.clean:
            raise WrongState(
                "document", "REFUSED" if self.failure_reason else "QUARANTINED", "one that was found clean"
            )


class Milestone(Timestamps, Base):
    __tablename__ = "milestones"
    __table_args__ = (
        Index("uq_milestones_request", "user_id", "request_id", unique=True),
        Index("uq_milestones_badge", "user_id", "badge_key", unique=True),
        Index("ix_milestones_in_review", "id", postgresql_where=text("verification = 'IN_REVIEW'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    milestone_type: Mapped[str] = mapped_column(
        String(64)
    )  # job_secured, skill_mastered, cert_earned, project_completed
    title: Mapped[str] = mapped_column(String(256))
    description: Mapped[str] = mapped_column(String(1024), server_default="")
    achievement_points: Mapped[int] = mapped_column(server_default="0")
    verified: Mapped[bool] = mapped_column(server_default="false")
    proof_url: Mapped[str] = mapped_column(String(2000), server_default="")
    proof_document_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(StoredDocument.id, ondelete="SET NULL"), index=True
    )
    verification: Mapped[str] = mapped_column(String(16), server_default="NONE")  # IN_REVIEW, ACCEPTED, REJECTED
    verification_message: Mapped[str] = mapped_column(String(1000), server_default="")
    send_time: Mapped[datetime | None]
    verify_time: Mapped[datetime | None]
    badge: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # as checked: who issued what, when
    badge_key: Mapped[str | None] = mapped_column(String(64))  # one badge proves one milestone
    request_id: Mapped[UUID | None]  # that made it
    last_request_id: Mapped[UUID | None]  # that changed it last
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def become(self, verification: str, message: str = "", now: datetime | None = None) -> None:
        """Its points follow. `now` where it was accepted or rejected."""
        self.verification, self.verification_message, self.verify_time = verification, message, now
        self.verified = verification == "ACCEPTED"
        self.achievement_points = self.points if self.verified else self.points // 2
        self.badge = self.badge_key = None

    @property
    def points(self) -> int:
        """Once it is verified."""
        return POINTS[self.milestone_type]

    @property
    def has_proof(self) -> bool:
        return bool(self.proof_url or self.proof_document_id)


class Portfolio(Timestamps, Base):
    __tablename__ = "portfolios"
    __table_args__ = (Index("uq_portfolios_request", "user_id", "request_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    project_title: Mapped[str] = mapped_column(String(256))
    description: Mapped[str] = mapped_column(String(4096), server_default="")
    technologies: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    project_url: Mapped[str] = mapped_column(String(2000), server_default="")
    github_url: Mapped[str] = mapped_column(String(2000), server_default="")
    showcase_priority: Mapped[int] = mapped_column(server_default="0")
    visibility: Mapped[str] = mapped_column(String(32), server_default="private")  # public, private, featured
    link_preview: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # of project_url
    github_preview: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # of github_url
    request_id: Mapped[UUID | None]  # that made it
    last_request_id: Mapped[UUID | None]  # that changed it last
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
