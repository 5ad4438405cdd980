"""What the watch methods read: a snapshot, then what changed."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.kit.changes import Cursor, Event, Relay, watch
from services.kit.db import ReadSession
from services.talenthub import application_queries, moves, organizations, positions, queries
from services.talenthub.tables import Application, Member, Position

Row = Position | Member
Keyed = tuple[str, str, UUID, Row]


@dataclass(frozen=True, slots=True)
class Offered:
    """A position with the name of who offers it."""

    position: Position
    organization_name: str


Hired = Offered | Member
KeyedHired = tuple[str, str, UUID, Hired]


async def watch_positions(relay: Relay, cursor: Cursor | None, mine: Collection[UUID]) -> AsyncIterator[Event[Row]]:
    """The positions of these organizations."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[Keyed]:
        rows = await queries.list_all_positions(session, _id(after), mine)
        return [(str(row.id), positions.KIND, row.id, row) for row in rows]

    async for event in watch(relay, cursor, [positions.KIND], snapshot, load, scopes=mine):
        yield event


async def watch_applications(
    relay: Relay, cursor: Cursor | None, position_id: UUID
) -> AsyncIterator[Event[Application]]:
    """The applications to a position. One that was merged comes once more, and says into which."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, Application]]:
        rows = await application_queries.list_all_applications(session, position_id, _id(after))
        return [(str(row.id), moves.KIND, row.id, row) for row in rows]

    async def load_applications(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Application]:
        return await application_queries.applications_by_id(session, ids)

    async for event in watch(relay, cursor, [moves.KIND], snapshot, load_applications, scopes=[position_id]):
        yield event


async def watch_hiring(relay: Relay, cursor: Cursor | None) -> AsyncIterator[Event[Hired]]:
    """All positions, then all memberships: what the matcher keeps a copy of."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[KeyedHired]:
        kind, _, last = (after or "").partition("/")
        found: list[KeyedHired] = []
        if kind != organizations.KIND:
            offered = await _offered(session, await queries.list_all_positions(session, _id(last)))
            found = [(f"{positions.KIND}/{id}", positions.KIND, id, one) for id, one in offered.items()]
        members = await queries.list_all_members(session, _id(last) if kind == organizations.KIND else None)
        return found + [(f"{organizations.KIND}/{row.id}", organizations.KIND, row.id, row) for row in members]

    async for event in watch(relay, cursor, [positions.KIND, organizations.KIND], snapshot, _load_hired):
        yield event


async def _load_hired(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Hired]:
    if kind == positions.KIND:
        return dict(await _offered(session, list((await queries.positions_by_id(session, ids)).values())))
    return dict(await queries.members_by_id(session, ids))


async def _offered(session: ReadSession, rows: Sequence[Position]) -> dict[UUID, Offered]:
    names = await queries.organization_names(session, {row.organization_id for row in rows})
    return {row.id: Offered(row, names.get(row.organization_id, "")) for row in rows}


async def load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Row]:
    if kind == positions.KIND:
        return dict(await queries.positions_by_id(session, ids))
    return dict(await queries.members_by_id(session, ids))


def _id(key: str | None) -> UUID | None:
    return UUID(key) if key else None
