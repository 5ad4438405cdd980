"""Everybody's rows, for the tenant `everyone` alone: row security would keep from using indexes (migration 0019).

The views do not have all columns of the tables; asking for another is an error of PostgreSQL's.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Column, FromClause, MetaData, Table, Text

from services.matching.search.tables import CandidateText, PositionText, Word
from services.matching.tables import Candidate, CandidateVector, Position, PositionVector

# Apart from the tables' own, so that migrations do not take views for tables.
_views = MetaData(schema="matching")


def _view(name: str, table: FromClause, *more: Column[Any]) -> Table:
    columns = (Column(c.name, c.type, primary_key=c.primary_key) for c in table.columns)
    return Table(name, _views, *columns, *more)


candidates = _view("every_candidate", Candidate.__table__)
candidate_vectors = _view("every_candidate_vector", CandidateVector.__table__)
candidate_texts = _view("every_candidate_text", CandidateText.__table__)
positions = _view("every_position", Position.__table__, Column("skill_ids", ARRAY(Text)))
position_vectors = _view("every_position_vector", PositionVector.__table__)
position_texts = _view("every_position_text", PositionText.__table__)
words = _view("every_word", Word.__table__)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is searched: its rows, and the vectors beside them. `name` tells it from others in tables for all."""

    name: str
    rows: Table
    vectors: Table
    texts: Table

    @property
    def id(self) -> Column[Any]:
        return self.rows.c.id

    @property
    def key(self) -> Column[Any]:
        """Of a vector: whose it is."""
        return next(iter(self.vectors.primary_key))

    @property
    def text_of(self) -> Column[Any]:
        """Of a text: whose it is."""
        return next(iter(self.texts.primary_key))


CANDIDATES = Corpus("CANDIDATES", candidates, candidate_vectors, candidate_texts)
POSITIONS = Corpus("POSITIONS", positions, position_vectors, position_texts)
