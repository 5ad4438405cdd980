"""What a person shows: documents, milestones, projects."""

from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import Base
from services.careerforge.tables.profile import UserCareerForge
from services.kit.db import Timestamps, uuid7


class StoredDocument(Timestamps, Base):
    """A file of the person beside resumes: certificates, references, letters."""

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(32))
    filename: Mapped[str] = mapped_column(String(255), server_default="")
    content_type: Mapped[str] = mapped_column(String(100))
    byte_size: Mapped[int]
    blob_key: Mapped[str] = mapped_column(String(200))
    clean: Mapped[bool] = mapped_column(server_default="false")


class Milestone(Timestamps, Base):
    __tablename__ = "milestones"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    milestone_type: Mapped[str] = mapped_column(String(64))  # job_secured, skill_mastered, cert_earned
    title: Mapped[str] = mapped_column(String(256))
    description: Mapped[str] = mapped_column(String(1024), server_default="")
    achievement_points: Mapped[int] = mapped_column(server_default="0")
    verified: Mapped[bool] = mapped_column(server_default="false")
    proof_url: Mapped[str] = mapped_column(String(2000), server_default="")


class Portfolio(Timestamps, Base):
    __tablename__ = "portfolios"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    project_title: Mapped[str] = mapped_column(String(256))
    description: Mapped[str] = mapped_column(String(4096), server_default="")
    technologies: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    project_url: Mapped[str] = mapped_column(String(2000), server_default="")
    github_url: Mapped[str] = mapped_column(String(2000), server_default="")
    showcase_priority: Mapped[int] = mapped_column(server_default="0")
    visibility: Mapped[str] = mapped_column(String(32), server_default="private")  # public, private, featured
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
