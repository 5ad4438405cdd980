"""MatchingService. Who may call what stands in the contract; the kit's guard has checked it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

from skillsync.billing.v1.plan_pb2 import FEATURE_JOB_MATCH_SEARCH
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Match
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceServicer

from services.kit.auth import caller
from services.kit.credits import Credits
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.pages import Offsets
from services.kit.privacy import UserDataMethods
from services.matching import matches, privacy, search_wire, wire
from services.matching.auditing import Row, Shown
from services.matching.boards import Boards
from services.matching.editing_methods import EditingMethods
from services.matching.feeds import Event, Feed, Place
from services.matching.growth_methods import GrowthMethods
from services.matching.pages import Pages
from services.matching.progress import refresh_progress
from services.matching.search.opening import Indexes
from services.matching.shown import ShownLog

DEFAULT_LIMIT = 50


class MatchingServicer(EditingMethods, GrowthMethods, UserDataMethods, MatchingServiceServicer):
    """Methods of the contract that are not here answer UNIMPLEMENTED."""

    def __init__(
        self,
        db: Database,
        positions: Boards[Event],
        people: Boards[Event],
        indexes: Indexes,
        credits: Credits,
        log: ShownLog,
        seal_key: str,
        model_version: str,
    ) -> None:
        """`positions`: boards of their rankings; `people`: of theirs. `model_version`: of the models that the workers embed with."""
        self._log = log
        self._db = db
        self._pages = Pages(db, log)
        self._positions, self._people = positions, people
        self._indexes, self._credits = indexes, credits
        self._seal_key = seal_key
        self._model_version = model_version
        self.user_data = privacy.user_data(db, indexes.candidates)

    # Streams and pages give bytes: what was encoded once for all who look.
    async def StreamMatches(  # type: ignore[override]
        self, request: pb.StreamMatchesRequest, context: Any
    ) -> AsyncIterator[bytes]:
        limit, name = request.limit or DEFAULT_LIMIT, f"matches/{request.position_id}/{request.limit or DEFAULT_LIMIT}"
        place = Place.unseal(self._seal_key, name, request.resume_token)
        who, position_id = caller(), UUID(request.position_id)
        position = await matches.await_position(self._db, who, position_id)
        encoder = wire.RankingEncoder(pb.StreamMatchesResponse, self._seal_key, name, position_id=request.position_id)
        check = partial(matches.check_position, self._db, who, position_id)

        organization_id, viewer_id, version = position.organization_id, who.account(), position.ranked_version

        def note(revision: int, rows: Sequence[Row]) -> None:
            self._log.note(Shown(organization_id, position_id, viewer_id, revision, version, tuple(rows)))

        async for event in Feed(self._positions, encoder, position_id, limit, check, note).follow(place):
            yield event

    async def StreamPositions(  # type: ignore[override]
        self, request: pb.StreamPositionsRequest, context: Any
    ) -> AsyncIterator[bytes]:
        person, limit = caller().account(), request.limit or DEFAULT_LIMIT
        name = f"positions/{person}/{limit}"
        place = Place.unseal(self._seal_key, name, request.resume_token)
        encoder = wire.RankingEncoder(pb.StreamPositionsResponse, self._seal_key, name, candidate_id=str(person))
        async for event in Feed(self._people, encoder, person, limit, _nothing_to_check, _nothing_to_note).follow(
            place
        ):
            yield event

    async def ListMatches(self, request: pb.ListMatchesRequest, context: Any) -> bytes:  # type: ignore[override]
        position_id = UUID(request.position_id)
        page = Offsets.of(self._seal_key, f"matches/{position_id}", request.page_size, request.page_token)
        return await self._pages.of_position(caller(), position_id, page, request.view)

    async def ListPositionMatches(
        self, request: pb.ListPositionMatchesRequest, context: Any
    ) -> pb.ListPositionMatchesResponse:
        person = caller().account()
        page = Offsets.of(self._seal_key, f"positions/{person}", request.page_size, request.page_token)
        shown, token = page.cut(await matches.list_positions(self._db, person, page.skip, page.limit))
        seen = wire.seen_as(request.view)
        found = [seen(r.row, r.rank) for r in shown]
        return pb.ListPositionMatchesResponse(matches=found, next_page_token=token)

    async def SearchCandidates(self, request: pb.SearchCandidatesRequest, context: Any) -> pb.SearchCandidatesResponse:
        async with self._paid(request.page_token, "candidates:search"):
            return await search_wire.candidates(self._db, self._indexes.candidates, self._seal_key, caller(), request)

    async def SearchPositions(self, request: pb.SearchPositionsRequest, context: Any) -> pb.SearchPositionsResponse:
        async with self._paid(request.page_token, "positions:search"):
            return await search_wire.positions(self._db, self._indexes.positions, self._seal_key, caller(), request)

    def _paid(self, page_token: str, method: str) -> AbstractAsyncContextManager[None]:
        """The first page costs a credit."""
        if page_token:
            return _free()
        return self._credits.spent(caller().account(), FEATURE_JOB_MATCH_SEARCH, method)

    async def ExplainMatch(self, request: pb.ExplainMatchRequest, context: Any) -> Match:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        async with self._db.read() as session:
            found = await matches.explain_match(session, position.id, UUID(request.candidate_id))
        return wire.match(found.row, found.rank)

    async def GetRefreshProgress(
        self, request: pb.GetRefreshProgressRequest, context: Any
    ) -> pb.GetRefreshProgressResponse:
        # Whoever may ask may ask about everybody.
        async with self._db.read(EVERYONE) as session:
            return await refresh_progress(session, self._model_version, utc_now().date())


@asynccontextmanager
async def _free() -> AsyncIterator[None]:
    """Pages after the first."""
    yield


def _nothing_to_note(revision: int, rows: Sequence[Row]) -> None:
    """A person's own list is shown to themselves."""


async def _nothing_to_check() -> None:
    """A person's own list is theirs as long as their session lasts, which the kit looks after."""
