"""A job seeker and the entries of their profile."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import ARRAY, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.careerforge.tables.base import DIMENSIONS, Base
from services.kit.db import Timestamps, uuid7


class UserCareerForge(Timestamps, Base):
    """A job seeker. `id` equals the account's id, so that no other service needs a second name for the person."""

    __tablename__ = "user_careerforge"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    base_user_id: Mapped[UUID] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True, index=True)
    display_name: Mapped[str] = mapped_column(String(200), server_default="")
    headline: Mapped[str] = mapped_column(String(300), server_default="")
    profile_strength: Mapped[int] = mapped_column(server_default="0")  # 0 to 100
    parsed_resume: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    skill_vector: Mapped[Any | None] = mapped_column(Vector(DIMENSIONS))
    vector_version: Mapped[str] = mapped_column(String(64), server_default="")
    career_stage: Mapped[str] = mapped_column(String(64), server_default="")  # entry, mid, senior, expert
    industry_focus: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    achievement_score: Mapped[int] = mapped_column(server_default="0")
    visibility: Mapped[str] = mapped_column(String(16), server_default="ANONYMOUS")
    preferences: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    resume_id: Mapped[UUID | None]  # the resume that parsed_resume came from
    # What matching is told where that differs from parsed_resume: the profile as edited, and the resume that its spans count in.
    # `skill_vector` is of what is told.
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    told_number: Mapped[int] = mapped_column(server_default="0")
    entry_number: Mapped[int] = mapped_column(server_default="0")  # counts changes of entries
    told_entry_number: Mapped[int] = mapped_column(server_default="0")  # those that `told` knows
    strength: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # parts and suggestions
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # of imports: what no entry holds
    career_stage_why: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class Experience(Timestamps, Base):
    __tablename__ = "experiences"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    employer: Mapped[str] = mapped_column(String(300), server_default="")
    location: Mapped[str] = mapped_column(String(200), server_default="")
    start_month: Mapped[date | None]  # the first day of the month
    end_month: Mapped[date | None]  # None while it lasts
    current: Mapped[bool] = mapped_column(server_default="false")
    description: Mapped[str] = mapped_column(server_default="")
    skills: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    origin: Mapped[str] = mapped_column(String(16), server_default="PERSON")  # PERSON or RESUME
    start_year_only: Mapped[bool] = mapped_column(server_default="false")
    end_year_only: Mapped[bool] = mapped_column(server_default="false")
    wordings: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")  # what resumes called it
    place: Mapped[int | None]  # among those of the resume that speaks for the person
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("uq_experiences_request", "user_id", "request_id", unique=True),
        # By the beginning of the name, however it is written.
        Index(
            "ix_experiences_employer", text("lower(employer)"), postgresql_ops={"lower(employer)": "text_pattern_ops"}
        ),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Education(Timestamps, Base):
    __tablename__ = "educations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"), index=True)
    institution: Mapped[str] = mapped_column(String(300))
    degree: Mapped[str] = mapped_column(String(200), server_default="")
    field: Mapped[str] = mapped_column(String(200), server_default="")
    start_month: Mapped[date | None]
    end_month: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(16), server_default="PERSON")
    start_year_only: Mapped[bool] = mapped_column(server_default="false")
    end_year_only: Mapped[bool] = mapped_column(server_default="false")
    wordings: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")  # what resumes called it
    place: Mapped[int | None]  # among those of the resume that speaks for the person
    request_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (Index("uq_educations_request", "user_id", "request_id", unique=True),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ProfileSkill(Timestamps, Base):
    """A skill of the profile: found in what it says (RESUME), or set by hand (PERSON)."""

    __tablename__ = "profile_skills"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    skill_id: Mapped[str] = mapped_column(String(100))
    label: Mapped[str] = mapped_column(server_default="")
    evidence: Mapped[str] = mapped_column(String(16), server_default="STATED")
    years: Mapped[float] = mapped_column(server_default="0")
    verified_time: Mapped[datetime | None]  # when a test of it was passed
    origin: Mapped[str] = mapped_column(String(16), server_default="PERSON")
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("uq_profile_skills_skill", "user_id", "skill_id", unique=True),
        Index("ix_profile_skills_skill_id", "skill_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ProfileLanguage(Timestamps, Base):
    """A language spoken. `name` is the English one in lower case, `language` as written."""

    __tablename__ = "profile_languages"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(16), server_default="")
    place: Mapped[int | None]
    origin: Mapped[str] = mapped_column(String(16), server_default="PERSON")
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (Index("uq_profile_languages_name", "user_id", "name", unique=True),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RemovedEntry(Base):
    """What the person removed, as resumes worded it: no reading brings it back. Row security shows it to nobody but the platform."""

    __tablename__ = "removed_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))  # experience, education, skill, language
    wordings: Mapped[list[Any]] = mapped_column(JSONB)

    __table_args__ = (Index("ix_removed_entries_user", "user_id", "kind"),)


class ProfileImport(Timestamps, Base):
    """A file that filled the profile, and what it brought: the answer to the same request again."""

    __tablename__ = "profile_imports"
    __table_args__ = (Index("uq_profile_imports_request", "user_id", "request_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserCareerForge.id, ondelete="CASCADE"))
    request_id: Mapped[UUID | None]
    format: Mapped[str] = mapped_column(String(32))
    added_count: Mapped[int]
    filled_count: Mapped[int]
    findings: Mapped[list[Any]] = mapped_column(JSONB)
