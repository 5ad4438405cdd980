"""Cover letters and their versions."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import Base
from services.careerforge.tables.profile import UserCareerForge
from services.kit.db import Timestamps, uuid7


class CoverLetter(Timestamps, Base):
    """What stays the same in all versions. `id` is also the operation that its credit was reserved for."""

    __tablename__ = "cover_letters"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    position_id: Mapped[UUID]
    position_title: Mapped[str] = mapped_column(String(200))
    organization_name: Mapped[str] = mapped_column(String(200), server_default="")
    resume_id: Mapped[UUID | None]  # that spans count in; no key, it may be deleted
    tone: Mapped[str] = mapped_column(String(16))
    length: Mapped[str] = mapped_column(String(16))
    language_code: Mapped[str] = mapped_column(String(2))
    model: Mapped[str] = mapped_column(String(200), server_default="")  # that wrote it; empty for our own writer
    version_number: Mapped[int] = mapped_column(server_default="1")  # of the version that it is now
    request_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_cover_letters_user", "user_id", "id"),
        Index("uq_cover_letters_request", "user_id", "request_id", unique=True),
    )


class CoverLetterVersion(Timestamps, Base):
    """A letter's sentences as of one change."""

    __tablename__ = "cover_letter_versions"

    letter_id: Mapped[UUID] = mapped_column(ForeignKey(CoverLetter.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    sentences: Mapped[list[Any]] = mapped_column(JSONB)  # of `letter_edits.Told`
    edited: Mapped[bool] = mapped_column(server_default="false")  # whether the person made it
    request_id: Mapped[UUID | None]

    __table_args__ = (Index("uq_cover_letter_versions_request", "user_id", "request_id", unique=True),)
