"""What people find who look for candidates or for positions."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.kit.db import ReadSession
from services.matching.retrieval.filters import CandidateFilter, PositionFilter, fold
from services.matching.search.index import Found, Query, SearchIndex
from services.matching.search.queries import employer_names


@dataclass(frozen=True, slots=True)
class Search:
    """Words, and what those that are found must have: all of the skills; country (ISO 3166-1 alpha-2) and mode, if not empty."""

    query: str
    skill_ids: tuple[str, ...] = ()
    country: str = ""
    mode: str = ""

    @property
    def name(self) -> str:
        """The same for the same search, another for any other."""
        said = json.dumps([self.query, sorted(set(self.skill_ids)), self.country, self.mode])
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Rows:
    """`limit` of what was found, after the first `skip`."""

    skip: int
    limit: int


async def search_candidates(
    session: ReadSession, index: SearchIndex[CandidateFilter], account_id: UUID, search: Search, rows: Rows
) -> Found:
    """Nobody who blocks an organization of the account's. The session is of the tenant `everyone`.

    Costs one statement for those organizations, and of the index' what it says; facets come with the first rows.
    """
    employers = await employer_names(session, account_id)
    wanted = CandidateFilter(
        skills=_all_of(search.skill_ids),
        country=search.country,
        mode=search.mode,
        employers=frozenset(fold(name) for name in employers) - {""},
    )
    return await index.search(session, Query(search.query), wanted, rows.limit, rows.skip, facets=not rows.skip)


async def search_positions(
    session: ReadSession, index: SearchIndex[PositionFilter], search: Search, rows: Rows
) -> Found:
    """Open ones. The session is of the tenant `everyone`."""
    wanted = PositionFilter(skills=_all_of(search.skill_ids), country=search.country, mode=search.mode)
    return await index.search(session, Query(search.query), wanted, rows.limit, rows.skip, facets=not rows.skip)


def _all_of(skill_ids: Sequence[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset({skill_id}) for skill_id in sorted(set(skill_ids)))
