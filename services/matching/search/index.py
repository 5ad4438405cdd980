"""What full-text search offers, whoever does it."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from services.ai.embedding import Vector
from services.ai.spans import Span
from services.kit.db import ReadSession, WriteSession
from services.matching.retrieval.filters import CandidateFilter, PositionFilter

F = TypeVar("F", CandidateFilter, PositionFilter, contravariant=True)

# A search that finds more goes no further: what it finds then are not the best of all, and facets count these alone.
MOST_FOUND = 20_000


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

    `columns`: what filters ask for, by the names in `retrieval.views`.
    """

    id: UUID
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
    """`score` is greater than 0 and at most 1. `highlights` point to where `passages` do, `title_highlights` into the title."""

    id: UUID
    title: str
    score: float
    highlights: tuple[Span, ...] = ()
    title_highlights: tuple[Span, ...] = ()


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

    async def rebuild(self, documents: AsyncIterator[Document]) -> None:
        """All that there is, instead of what was; it is searched meanwhile as it was, and what is put meanwhile is not lost."""
