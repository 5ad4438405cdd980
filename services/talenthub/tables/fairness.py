"""Who decided what, what people say against it, and what they told of themselves for audits alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.db import Timestamps, uuid7
from services.talenthub.tables.applications import Application
from services.talenthub.tables.base import Base
from services.talenthub.tables.organizations import Organization


class Decision(Base):
    """A line of an organization's log, chained to the one before. Rows are only added."""

    __tablename__ = "decisions"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # from 1, without gaps
    kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[UUID]
    actor_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(server_default="")
    create_time: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))


class Dispute(Timestamps, Base):
    """A person's word against a match or a decision about their application."""

    __tablename__ = "disputes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    text: Mapped[str]
    answer: Mapped[str] = mapped_column(server_default="")
    answerer_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(16), server_default="OPEN")
    request_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_disputes_application", "application_id", "id"),
        Index("uq_disputes_request", "application_id", "request_id", unique=True),
    )


class SelfIdentification(Timestamps, Base):
    """What a person told of themselves, of their own will, for bias audits and nothing else. No other service can read this schema."""

    __tablename__ = "self_identifications"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    sex: Mapped[str] = mapped_column(String(32), server_default="")
    race: Mapped[str] = mapped_column(String(64), server_default="")


class BiasAudit(Timestamps, Base):
    """An audit as it was made: figures of groups, never of a person."""

    __tablename__ = "bias_audits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"), index=True)
    start_time: Mapped[datetime]
    groups: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    unknown_count: Mapped[int]
    html: Mapped[str]
    request_id: Mapped[UUID | None]

    __table_args__ = (Index("uq_bias_audits_request", "organization_id", "request_id", unique=True),)
