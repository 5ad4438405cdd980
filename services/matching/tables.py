"""The `matching` schema: copies of what the other services say, and what was computed from them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ARRAY, ForeignKey, Index, MetaData, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.changes import change_table
from services.kit.db import NAMING, Table, Timestamps
from services.kit.following import follow_table
from services.kit.jobs import job_table

metadata_ = MetaData(schema="matching", naming_convention=NAMING)
changes = change_table(metadata_)
jobs = job_table(metadata_)
follows = follow_table(metadata_)

DIMENSIONS = 384


class Base(Table):
    __abstract__ = True
    metadata = metadata_


class Candidate(Timestamps, Base):
    """Features of a person, as careerforge sent them. Holds no identity."""

    __tablename__ = "candidates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    etag: Mapped[str] = mapped_column(String(100))
    features: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    skill_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))  # of the features, to find people by

    __table_args__ = (Index("ix_candidates_skill_ids", "skill_ids", postgresql_using="gin"),)


class CandidateVector(Base):
    """Beside nothing wide, so that a scan reads vectors and nothing else."""

    __tablename__ = "candidate_vectors"

    candidate_id: Mapped[UUID] = mapped_column(ForeignKey(Candidate.id, ondelete="CASCADE"), primary_key=True)
    vector: Mapped[Any] = mapped_column(HALFVEC(DIMENSIONS))

    __table_args__ = (
        Index(
            "ix_candidate_vectors_hnsw", "vector", postgresql_using="hnsw", postgresql_ops={"vector": "halfvec_ip_ops"}
        ),
    )


class Position(Timestamps, Base):
    """A position, as talenthub sent it. `features` is worked out by `rank_position`."""

    __tablename__ = "positions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(index=True)
    etag: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(16), index=True)
    title: Mapped[str]
    description: Mapped[str]
    features: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    features_etag: Mapped[str] = mapped_column(String(100), server_default="")


class Member(Base):
    """Who belongs to an organization, and as what."""

    __tablename__ = "members"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(32), server_default="VIEWER")


class Match(Base):
    """A scored pair. Streams read these; nothing is scored while somebody waits."""

    __tablename__ = "matches"

    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"), primary_key=True)
    candidate_id: Mapped[UUID] = mapped_column(
        ForeignKey(Candidate.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    score: Mapped[float]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB(none_as_null=True))
    engine_version: Mapped[str] = mapped_column(String(64))
    candidate_etag: Mapped[str] = mapped_column(String(100))
    position_etag: Mapped[str] = mapped_column(String(100))
    as_of: Mapped[date]
    compute_time: Mapped[datetime]

    __table_args__ = (Index("ix_matches_ranking", "position_id", "score", "candidate_id"),)
