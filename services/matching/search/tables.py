"""What is found by words, and how common words and skills are: all made from candidates and positions, and made again from them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.matching.tables import Base, Candidate, Position


class CandidateText(Base):
    """What a candidate is found by. `passages`: of the resume; `words`: title (A), skills (B), other names of these (C), passages (D)."""

    __tablename__ = "candidate_texts"

    candidate_id: Mapped[UUID] = mapped_column(ForeignKey(Candidate.id, ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)  # of what it was made from
    title: Mapped[str]
    seniority: Mapped[str] = mapped_column(String(16), server_default="")
    passages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB(none_as_null=True))
    words: Mapped[Any] = mapped_column(TSVECTOR)

    __table_args__ = (Index("ix_candidate_texts_words", "words", postgresql_using="gin"),)


class PositionText(Base):
    """What a position is found by, as for candidates. `skill_ids`: what it asks for."""

    __tablename__ = "position_texts"

    position_id: Mapped[UUID] = mapped_column(ForeignKey(Position.id, ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)  # of what it was made from
    title: Mapped[str]
    seniority: Mapped[str] = mapped_column(String(16), server_default="")
    passages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB(none_as_null=True))
    words: Mapped[Any] = mapped_column(TSVECTOR)
    skill_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")

    __table_args__ = (
        Index("ix_position_texts_words", "words", postgresql_using="gin"),
        Index("ix_position_texts_skill_ids", "skill_ids", postgresql_using="gin"),
    )


class Word(Base):
    """A word that somebody wrote, and in how many texts its `lexeme` stood at the last counting. Who mistypes one is led to it."""

    __tablename__ = "words"

    corpus: Mapped[str] = mapped_column(String(16), primary_key=True)
    word: Mapped[str] = mapped_column(String(100), primary_key=True)
    lexeme: Mapped[str] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        Index("ix_words_word_trigrams", "word", postgresql_using="gist", postgresql_ops={"word": "gist_trgm_ops"}),
    )


class SkillCount(Base):
    """How many had a skill at the last counting; with an empty `skill_id`, how many there were."""

    __tablename__ = "skill_counts"

    corpus: Mapped[str] = mapped_column(String(16), primary_key=True)
    skill_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int]
