"""MatchingService. Who may call what stands in the contract; the kit's guard has checked it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Match
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceServicer

from services.kit.auth import caller
from services.kit.changes import Cursor, Relay
from services.kit.db import Database
from services.kit.pages import Offsets
from services.kit.privacy import UserDataMethods
from services.matching import feeds, matches, privacy, wire

DEFAULT_LIMIT = 50


class MatchingServicer(UserDataMethods, MatchingServiceServicer):
    """Methods of the contract that are not here answer UNIMPLEMENTED."""

    def __init__(self, db: Database, relay: Relay, seal_key: str) -> None:
        self._db = db
        self._relay = relay
        self._seal_key = seal_key
        self.user_data = privacy.user_data(db)

    async def StreamMatches(
        self, request: pb.StreamMatchesRequest, context: Any
    ) -> AsyncIterator[pb.StreamMatchesResponse]:
        limit = request.limit or DEFAULT_LIMIT
        name = f"matches/{request.position_id}/{limit}"
        cursor = Cursor.unseal(self._seal_key, name, request.resume_token)
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        async for event in feeds.watch_ranking(self._relay, cursor, position.id, limit):
            yield wire.matches_event(request.position_id, event, event.cursor.seal(self._seal_key, name))

    async def ListMatches(self, request: pb.ListMatchesRequest, context: Any) -> pb.ListMatchesResponse:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        page = Offsets.of(self._seal_key, f"matches/{position.id}", request.page_size, request.page_token)
        async with self._db.read() as session:
            rows = await matches.list_matches(session, position.id, page.skip, page.limit)
        shown, token = page.cut(rows)
        return pb.ListMatchesResponse(matches=[wire.match(r.row, r.rank) for r in shown], next_page_token=token)

    async def ExplainMatch(self, request: pb.ExplainMatchRequest, context: Any) -> Match:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        async with self._db.read() as session:
            found = await matches.explain_match(session, position.id, UUID(request.candidate_id))
        return wire.match(found.row, found.rank)

    async def ListRequirements(self, request: pb.ListRequirementsRequest, context: Any) -> pb.ListRequirementsResponse:
        return wire.requirements(await matches.await_position(self._db, caller(), UUID(request.position_id)))
