"""Searches between messages and use cases."""

from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.type.v1 import span_pb2
from skillsync.type.v1.work_pb2 import WorkMode

from services.ai.spans import Span
from services.kit.auth import Caller
from services.kit.db import EVERYONE, Database
from services.kit.enums import chosen
from services.kit.pages import Offsets
from services.matching.retrieval.filters import CandidateFilter, PositionFilter
from services.matching.search.index import MOST_FOUND, Facet, Found, Hit, SearchIndex
from services.matching.searching import Rows, Search, search_candidates, search_positions


async def candidates(
    db: Database,
    index: SearchIndex[CandidateFilter],
    seal_key: str,
    caller: Caller,
    request: pb.SearchCandidatesRequest,
) -> pb.SearchCandidatesResponse:
    """A page token only continues the search it came from, of whom it was given to."""
    search = Search(request.query, tuple(request.skill_ids), request.country_code)
    page = _page(seal_key, f"candidates/{caller.account()}/{search.name}", request)
    async with db.read(EVERYONE) as session:
        found = await search_candidates(session, index, caller.account(), search, Rows(page.skip, page.size))
    hits, facets = map(_hit, found.hits), map(_facet, found.facets)
    return pb.SearchCandidatesResponse(hits=hits, next_page_token=_next(page, found), facets=facets)


async def positions(
    db: Database,
    index: SearchIndex[PositionFilter],
    seal_key: str,
    caller: Caller,
    request: pb.SearchPositionsRequest,
) -> pb.SearchPositionsResponse:
    """As `candidates`."""
    mode = chosen(WorkMode, request.work_mode) or ""
    search = Search(request.query, tuple(request.skill_ids), request.country_code, mode)
    page = _page(seal_key, f"positions/{caller.account()}/{search.name}", request)
    async with db.read(EVERYONE) as session:
        found = await search_positions(session, index, search, Rows(page.skip, page.size))
    hits, facets = map(_hit, found.hits), map(_facet, found.facets)
    return pb.SearchPositionsResponse(hits=hits, next_page_token=_next(page, found), facets=facets)


def _page(seal_key: str, name: str, request: pb.SearchCandidatesRequest | pb.SearchPositionsRequest) -> Offsets:
    return Offsets.of(seal_key, f"search/{name}", request.page_size, request.page_token)


def _next(page: Offsets, found: Found) -> str:
    """By count: of a page that an index has just found, who has just gone is missing."""
    more = page.skip + page.size < min(found.count, MOST_FOUND)
    return page.cut(range(page.limit if more else 0))[1]


def _hit(hit: Hit) -> pb.SearchHit:
    return pb.SearchHit(
        id=str(hit.id),
        title=hit.title,
        score=hit.score,
        highlights=map(_span, hit.highlights),
        title_highlights=map(_span, hit.title_highlights),
        snippet=_span(hit.snippet) if hit.snippet else None,
    )


def _facet(facet: Facet) -> pb.Facet:
    return pb.Facet(field=facet.field, value=facet.value, count=facet.count)


def _span(found: Span) -> span_pb2.Span:
    return span_pb2.Span(start=found.start, end=found.end, page=found.page, text=found.text)
