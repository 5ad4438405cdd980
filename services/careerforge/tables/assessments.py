"""Tests of skills."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import Base
from services.careerforge.tables.profile import UserCareerForge
from services.kit.db import Timestamps, uuid7


class Assessment(Timestamps, Base):
    """One test of one skill. `bank_version` is of the bank that the last question came from."""

    __tablename__ = "assessments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    skill_id: Mapped[str] = mapped_column(String(100))
    label: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(String(16), server_default="RUNNING")
    answered_count: Mapped[int] = mapped_column(server_default="0")
    ability: Mapped[float] = mapped_column(server_default="0")  # logits
    standard_error: Mapped[float] = mapped_column(server_default="1")
    bank_version: Mapped[str] = mapped_column(String(16), server_default="")
    request_id: Mapped[UUID | None]
    end_time: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_assessments_request", "user_id", "request_id", unique=True),
        # Of two that are begun at once the second is refused.
        Index("uq_assessments_running", "user_id", "skill_id", unique=True, postgresql_where=text("state = 'RUNNING'")),
        Index("ix_assessments_state", "state", "create_time"),
    )


class AssessmentAnswer(Base):
    """A question of a test, from the moment it is asked. `item_id` is the bank's, which nobody is told; `choice` as the person saw it."""

    __tablename__ = "assessment_answers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey(Assessment.id, ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    number: Mapped[int]  # from 1
    item_id: Mapped[str] = mapped_column(String(100))
    ask_time: Mapped[datetime]
    expire_time: Mapped[datetime]
    answer_time: Mapped[datetime | None]
    choice: Mapped[int | None]
    correct: Mapped[bool | None]
    request_id: Mapped[UUID | None]

    __table_args__ = (
        Index("uq_assessment_answers_number", "assessment_id", "number", unique=True),
        Index("uq_assessment_answers_item", "assessment_id", "item_id", unique=True),
        Index("uq_assessment_answers_request", "user_id", "request_id", unique=True),
    )
