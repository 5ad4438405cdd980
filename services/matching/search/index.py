"""What full-text search offers, whoever does it."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from services.ai.embedding import Vector
from services.ai.spans import Span
from services.kit.db import Database, ReadSession, WriteSession
from services.matching.retrieval.filters import CandidateFilter, PositionFilter

F = TypeVar("F", CandidateFilter, PositionFilter, contravariant=True)

# A search that finds more goes no further: what it finds then are not the best of all, and facets count these alone.
MOST_FOUND = 10_000
# By what those that were found are counted: the contract's names, and columns of each corpus.
FACETS = {
    "CANDIDATES": {"skill": "skill_ids", "country": "countries", "work_mode": "modes", "seniority": "seniority"},
    "POSITIONS": {"skill": "skill_ids", "country": "country", "work_mode": "work_mode", "seniority": "seniority"},
}


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. `text` as people write it: words that must all be there, "phrases", `or`, and `-` before what must not be.

    `any_word`: as machines write it: words, of which the more and the rarer, the better. `vector`: what it means, where somebody
    knows it.
    """

    text: str
    any_word: bool = False
    vector: Vector | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A candidate or a position as it is found. `aliases`: other names of its skills. `passages`: of the resume or the description.

    `version` grows with each change of what it was made from: an older one is never put in place of a newer one. `columns`: what filters
    ask for, by the names in `retrieval.views`.
    """

    id: UUID
    version: int
    title: str
    skill_ids: tuple[str, ...]
    labels: tuple[str, ...]
    aliases: tuple[str, ...]
    passages: tuple[Span, ...]
    seniority: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    vector: Vector = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is greater than 0 and at most 1. `highlights` point to where `passages` do, `title_highlights` into the title; `snippet` is
    a piece of a passage around the first highlights.
    """

    id: UUID
    title: str
    score: float
    highlights: tuple[Span, ...] = ()
    title_highlights: tuple[Span, ...] = ()
    snippet: Span | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of what was found have a value."""

    field: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """Best first, equal ones in order of their ids, newest first for an empty query. `count`: of all that was found, not only of `hits`."""

    hits: tuple[Hit, ...]
    count: int
    facets: tuple[Facet, ...] = ()


class SearchIndex(Protocol[F]):
    """Of candidates or of positions. Sessions are of the tenant `everyone`."""

    async def search(
        self, session: ReadSession, query: Query, wanted: F, k: int, skip: int = 0, facets: bool = False
    ) -> Found:
        """The best k after the first `skip`, with highlights. A query without words finds everything."""

    async def ranked(self, session: ReadSession, query: Query, wanted: F, k: int) -> list[UUID]:
        """The same order without the rest."""

    async def put(self, session: WriteSession, documents: Iterable[Document]) -> None:
        """Each as a whole, instead of what had its id; again: the same. May fail, so it is called where it is called again."""

    async def remove(self, session: WriteSession, ids: Collection[UUID]) -> None:
        """Of ids that are not there: nothing."""

    async def rebuild(self, db: Database, documents: AsyncIterator[Document]) -> None:
        """All that there is, instead of what was. It is searched meanwhile, and what is put or removed meanwhile stays so."""

    async def refresh(self, session: WriteSession) -> None:
        """What is to be done once a night."""
