"""What a person learns and gets ready for: paths, and preparations of interviews."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import Base
from services.careerforge.tables.profile import UserCareerForge
from services.kit.db import Timestamps, uuid7


class LearningPath(Timestamps, Base):
    """Skills to learn for a goal, as they were ordered when it was made."""

    __tablename__ = "learning_paths"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    goal: Mapped[str] = mapped_column(String(200))  # id of a position or an occupation
    basis: Mapped[str] = mapped_column(String(16))  # POSITION, ONTOLOGY, TITLES
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (Index("uq_learning_paths_request", "user_id", "request_id", unique=True),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class LearningStep(Base):
    """One skill of a path. Gains and effort are of the day that the path was made."""

    __tablename__ = "learning_steps"

    path_id: Mapped[UUID] = mapped_column(ForeignKey(LearningPath.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # from 1
    user_id: Mapped[UUID] = mapped_column(index=True)
    skill_id: Mapped[str] = mapped_column(String(100))
    label: Mapped[str] = mapped_column(Text)
    named_gain: Mapped[float] = mapped_column(server_default="0")
    shown_gain: Mapped[float] = mapped_column(server_default="0")
    position_count: Mapped[int] = mapped_column(server_default="0")
    effort_hours: Mapped[int]
    prerequisites: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    done: Mapped[bool] = mapped_column(server_default="false")


class InterviewPreparation(Timestamps, Base):
    """Questions for one position, as it was and as the person was seen when they were made."""

    __tablename__ = "interview_preparations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    position_id: Mapped[UUID]
    language: Mapped[str] = mapped_column(String(2))
    request_id: Mapped[UUID | None]

    __table_args__ = (Index("uq_interview_preparations_request", "user_id", "request_id", unique=True),)


class InterviewQuestion(Base):
    """`question` is a Question of services.ai.interviews. The last answer is kept, with what was said of it."""

    __tablename__ = "interview_questions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    preparation_id: Mapped[UUID] = mapped_column(ForeignKey(InterviewPreparation.id, ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int]  # from 1
    question: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    answer: Mapped[str] = mapped_column(Text, server_default="")
    feedback: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    answer_time: Mapped[datetime | None]
