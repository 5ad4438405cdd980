"""The `matching` schema: copies of what the other services say, and what was computed from them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Double,
    ForeignKey,
    Index,
    MetaData,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit.changes import change_table
from services.kit.db import NAMING, Table, Timestamps, uuid7
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
    """Features of a person, and what to find and filter them by. Holds no identity."""

    __tablename__ = "candidates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    etag: Mapped[str] = mapped_column(String(100))
    version: Mapped[str] = mapped_column(String(64), server_default="")  # hash of `features`
    features: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    embedded_version: Mapped[str] = mapped_column(String(100), server_default="")  # what made the vectors in them
    title: Mapped[str] = mapped_column(server_default="")  # of the latest role
    skill_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    education_level: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    years: Mapped[float] = mapped_column(server_default="0")
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # wanted; empty: any
    permits: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # empty: not said
    modes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # wanted; empty: any
    available: Mapped[date | None]  # None: now
    blocked_employers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # folded names

    __table_args__ = (Index("ix_candidates_skill_ids", "skill_ids", postgresql_using="gin"),)


class CandidateVector(Base):
    """Beside nothing wide, so that a scan reads vectors and nothing else."""

    __tablename__ = "candidate_vectors"

    candidate_id: Mapped[UUID] = mapped_column(ForeignKey(Candidate.id, ondelete="CASCADE"), primary_key=True)
    vector: Mapped[Any] = mapped_column(HALFVEC(DIMENSIONS))

    __table_args__ = (
        Index(
            "ix_candidate_vectors_hnsw",
            "vector",
            postgresql_using="hnsw",
            postgresql_ops={"vector": "halfvec_ip_ops"},
            postgresql_with={"m": 24, "ef_construction": 128},
        ),
    )


class Position(Timestamps, Base):
    """A position, as talenthub sent it. `features` is worked out by `rank_position`."""

    __tablename__ = "positions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(index=True)
    organization_name: Mapped[str] = mapped_column(server_default="")
    etag: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(16), index=True)
    title: Mapped[str]
    description: Mapped[str]
    city: Mapped[str] = mapped_column(server_default="")
    region: Mapped[str] = mapped_column(server_default="")
    country: Mapped[str] = mapped_column(String(2), server_default="")
    work_mode: Mapped[str] = mapped_column(String(16), server_default="")
    seniority: Mapped[str] = mapped_column(String(16), server_default="")
    pay: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    weights: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # None: the defaults
    features: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    features_etag: Mapped[str] = mapped_column(String(100), server_default="")
    version: Mapped[str] = mapped_column(String(64), server_default="")  # hash of `features` and `weights`
    embedded_version: Mapped[str] = mapped_column(String(100), server_default="")
    ranked_version: Mapped[str] = mapped_column(String(200), server_default="")  # the engine of its ranking


class PositionVector(Base):
    """Of open positions, for the positions near a person."""

    __tablename__ = "position_vectors"

    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"), primary_key=True)
    vector: Mapped[Any] = mapped_column(HALFVEC(DIMENSIONS))

    __table_args__ = (
        Index(
            "ix_position_vectors_hnsw",
            "vector",
            postgresql_using="hnsw",
            postgresql_ops={"vector": "halfvec_ip_ops"},
            postgresql_with={"m": 24, "ef_construction": 128},
        ),
    )


class RequirementEdit(Timestamps, Base):
    """What a recruiter made of a requirement: wins over every reading of the text. `requirement` None: removed, and stays so."""

    __tablename__ = "requirement_edits"

    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"), primary_key=True)
    requirement_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    requirement: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    actor_id: Mapped[UUID]


class Embedding(Base):
    """The vector of a piece of text, found again by the text's hash when its owner, a candidate or a position, changes."""

    __tablename__ = "embeddings"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(primary_key=True)  # SHA-256 of encoder's version and text
    vector: Mapped[bytes]


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
    candidate_fit: Mapped[float] = mapped_column(server_default="0")
    candidate_reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB(none_as_null=True), server_default="[]")
    engine_version: Mapped[str] = mapped_column(String(200))
    candidate_etag: Mapped[str] = mapped_column(String(100))
    position_etag: Mapped[str] = mapped_column(String(100))
    candidate_version: Mapped[str] = mapped_column(String(64), server_default="")
    position_version: Mapped[str] = mapped_column(String(64), server_default="")
    as_of: Mapped[date]
    compute_time: Mapped[datetime]

    __table_args__ = (Index("ix_matches_ranking", "position_id", "score", "candidate_id"),)


class FormerInput(Base):
    """What stored matches were computed from, once it is no longer the present one: features and, of a position, weights."""

    __tablename__ = "former_inputs"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    features: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    weights: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    create_time: Mapped[datetime] = mapped_column(server_default=func.now())


class Ranking(Base):
    """An ordered list that people watch: a position's candidates, or a person's positions. `id` is the position's or the person's."""

    __tablename__ = "rankings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, server_default="0")  # counts its changes
    item_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")  # best first
    scores: Mapped[list[float]] = mapped_column(ARRAY(Double), server_default="{}")
    watch_time: Mapped[datetime | None]  # when a person last asked for theirs
    refresh_date: Mapped[date | None]  # the day that a position's was last worked out as a whole for
    update_time: Mapped[datetime] = mapped_column(server_default=func.now())


class RankingChange(Base):
    """One step of a ranking, in order: ranks are those before and after it, with all earlier steps done."""

    __tablename__ = "ranking_changes"

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey(Ranking.id, ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID]
    old_rank: Mapped[int]  # 0: was not there
    new_rank: Mapped[int]  # 0: is not there
    cause: Mapped[str] = mapped_column(String(16))
    create_time: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class Feedback(Base):
    """What a recruiter did with a match."""

    __tablename__ = "feedback"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey(Candidate.id, ondelete="CASCADE"), index=True)
    actor_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(server_default="")
    rank: Mapped[int]  # when it was given
    score: Mapped[float]
    engine_version: Mapped[str] = mapped_column(String(200))
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    create_time: Mapped[datetime] = mapped_column(server_default=func.now())


class AuditRecord(Base):
    """A ranking that was shown to somebody. `hash` chains it to the one before it of the same organization."""

    __tablename__ = "audit_records"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(index=True)
    position_id: Mapped[UUID] = mapped_column(index=True)
    viewer_id: Mapped[UUID]
    engine_version: Mapped[str] = mapped_column(String(200))
    row_count: Mapped[int]
    revision: Mapped[int] = mapped_column(BigInteger)
    create_time: Mapped[datetime]
    number: Mapped[int] = mapped_column(BigInteger)  # in its organization, from 1
    sheet: Mapped[str] = mapped_column(String(64), server_default="")  # of its rows; empty where they were not kept
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("organization_id", "number"),)


class ShownRow(Base):
    """A row of a ranking as it was shown, and what its score was computed from. Who was shown the same rows shares a sheet: their hash."""

    __tablename__ = "shown_rows"

    sheet: Mapped[str] = mapped_column(String(64), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[UUID]
    score: Mapped[float]
    candidate_version: Mapped[str] = mapped_column(String(64))
    position_version: Mapped[str] = mapped_column(String(64), index=True)
    as_of: Mapped[date]
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_shown_rows_candidate", "candidate_id", "candidate_version"),)


# Part of this schema; they need what is above.
from services.matching.search import tables as _search  # noqa: E402, F401
