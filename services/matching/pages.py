"""Pages of positions' rankings: whoever asks for the same page of the same revision gets the same bytes, encoded once."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import MATCH_VIEW_BASIC, MatchView

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import Database
from services.kit.pages import Offsets
from services.matching import matches, queries, wire
from services.matching.auditing import Row, Shown, row_of
from services.matching.shown import ShownLog

# Of ten explained matches each page has some 70 kB.
MOST_KEPT = 256

View: TypeAlias = MatchView.ValueType


@dataclass(frozen=True, slots=True)
class Encoded:
    """A response, and what the audit records say of it."""

    body: bytes
    rows: tuple[Row, ...] = ()
    engine_version: str = ""


class Pages:
    """Those asked for last are kept in this process."""

    def __init__(self, db: Database, log: ShownLog) -> None:
        self._db, self._log = db, log
        self._kept: OrderedDict[tuple[UUID, int, int, int, View], Encoded] = OrderedDict()

    async def of_position(self, caller: Caller, position_id: UUID, page: Offsets, view: View) -> bytes:
        """A ListMatchesResponse, best first. Raises as `await_position` does.

        What a service reads, for an audit, is shown to nobody.
        """
        own = await queries.find_own_ranking(self._db, caller.account(), position_id)
        if own is None:
            await matches.await_position(self._db, caller, position_id)
            return b""
        membership.require(own.role, membership.READ_MATCHES)
        key = (position_id, own.revision, page.skip, page.size, view)
        found = self._kept.get(key) or await self._read(position_id, page, view)
        if found.rows and not caller.service:
            shown = (caller.account(), own.revision, found.engine_version, found.rows)
            self._log.note(Shown(own.organization_id, position_id, *shown))
        return found.body

    async def _read(self, position_id: UUID, page: Offsets, view: View) -> Encoded:
        full = view != MATCH_VIEW_BASIC
        async with self._db.read() as session:
            rows = await queries.page_of_ranking(session, position_id, page.skip, page.limit, full)
        if not rows:
            return Encoded(b"")
        # It may have changed since its revision was asked for.
        key = (position_id, rows[0].revision, page.skip, page.size, view)
        found = self._kept[key] = _encoded(rows, page, view)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return found


def _encoded(rows: Sequence[Any], page: Offsets, view: View) -> Encoded:
    shown, token = page.cut(rows)
    seen = wire.seen_as(view)
    found = [seen(row, rank) for rank, row in enumerate(shown, page.skip + 1)]
    body = pb.ListMatchesResponse(matches=found, next_page_token=token).SerializeToString()
    rows = tuple(row_of(row, rank) for rank, row in enumerate(shown, page.skip + 1))
    return Encoded(body, rows, shown[0].engine_version)
