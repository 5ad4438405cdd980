"""The search indexes of an installation: Elasticsearch where there is one, else PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.ai.skills import Ontology
from services.kit.background import beside, for_ever
from services.kit.db import Database
from services.matching.retrieval.filters import CandidateFilter, PositionFilter
from services.matching.retrieval.skills import refresh_counts
from services.matching.retrieval.views import CANDIDATES, POSITIONS
from services.matching.search.documents import every_candidate, every_position
from services.matching.search.index import SearchIndex
from services.matching.search.postgres import PostgresIndex

# An Elasticsearch that is new or was emptied is made ready within so long.
ENSURE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Indexes:
    """One of each."""

    candidates: SearchIndex[CandidateFilter]
    positions: SearchIndex[PositionFilter]


@asynccontextmanager
async def open_indexes(elasticsearch_url: str = "") -> AsyncIterator[Indexes]:
    """Whether or not Elasticsearch answers yet: what needs it raises Unavailable until it does."""
    if not elasticsearch_url:
        yield Indexes(PostgresIndex.over(CANDIDATES), PostgresIndex.over(POSITIONS))
        return
    # Most installations do without, and it takes a while to import.
    from services.matching.search import elastic

    async with elastic.opened(elasticsearch_url) as client:
        candidates = elastic.ElasticIndex(client, "skillsync-candidates", CANDIDATES)
        positions = elastic.ElasticIndex(client, "skillsync-positions", POSITIONS)
        async with (
            beside(for_ever(candidates.ensure, ENSURE_SECONDS, "make sure that candidates can be searched")),
            beside(for_ever(positions.ensure, ENSURE_SECONDS, "make sure that positions can be searched")),
        ):
            yield Indexes(candidates, positions)


async def refresh(db: Database, indexes: Indexes) -> None:
    """What is to be done once a night: how common words and skills are is counted anew. The database is of the tenant `everyone`."""
    for corpus, index in ((CANDIDATES, indexes.candidates), (POSITIONS, indexes.positions)):
        async with db.write() as session:
            await refresh_counts(session, corpus)
        async with db.write() as session:
            await index.refresh(session)


async def rebuild(db: Database, indexes: Indexes, ontology: Ontology) -> None:
    """Both from what the database has: after an upgrade that makes other documents, or when a new Elasticsearch is empty."""
    await indexes.candidates.rebuild(db, every_candidate(db, ontology))
    await indexes.positions.rebuild(db, every_position(db, ontology))
