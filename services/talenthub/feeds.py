"""What the watch methods read: a snapshot, then what changed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from services.kit.changes import Cursor, Event, Relay, watch
from services.kit.db import ReadSession
from services.kit.errors import InvalidArgument, StaleResumeToken
from services.kit.seal import seal, unseal
from services.talenthub import application_queries, members, moves, positions, queries
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


async def watch_positions(
    relay: Relay, cursor: Cursor | None, account_id: UUID, mine: Collection[UUID]
) -> AsyncIterator[Event[Row]]:
    """The positions of these organizations, to which the account belongs.

    Raises StaleResumeToken once it belongs to others: what it may see is another list then, which begins with a snapshot.
    """

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[Keyed]:
        rows = await queries.list_all_positions(session, _id(after), mine)
        await _require_same(session, account_id, mine)
        return [(str(row.id), positions.KIND, row.id, row) for row in rows]

    async def still_mine(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Row]:
        found = await load(session, kind, ids)
        # After the reading: what was read was then still theirs to see.
        await _require_same(session, account_id, mine)
        return found

    kinds = [positions.KIND, members.KIND]
    async for event in watch(relay, cursor, kinds, snapshot, still_mine, scopes=mine):
        if event.checkpoint:
            async with relay.db.read() as session:
                await _require_same(session, account_id, mine)
        # Of members, watchers hear nothing; their changes wake the stream.
        if event.kind != members.KIND:
            yield event


async def _require_same(session: ReadSession, account_id: UUID, mine: Collection[UUID]) -> None:
    if set(await queries.organizations_of(session, account_id)) != set(mine):
        raise StaleResumeToken


def positions_token(cursor: Cursor, key: str, account_id: UUID, mine: Collection[UUID]) -> str:
    """A resume token that says whose positions were watched."""
    whole = [_belonging(mine), cursor.snapshot, cursor.after, cursor.tx, cursor.seq]
    return seal(key, f"watch/positions/{account_id}", whole)


def positions_cursor(token: str, key: str, account_id: UUID, mine: Collection[UUID]) -> Cursor | None:
    """Raises InvalidArgument for a token that is not of this stream, StaleResumeToken for one from before joining or leaving."""
    if not token:
        return None
    match unseal(key, f"watch/positions/{account_id}", token):
        case [str(belonging), str(snapshot), str() | None as after, int(tx), int(seq)]:
            if belonging != _belonging(mine):
                raise StaleResumeToken
            return Cursor(snapshot, after, tx, seq)
    why = "is not from this stream; begin without one"
    raise InvalidArgument("resume_token", why, reason="RESUME_TOKEN_INVALID")


def _belonging(organization_ids: Collection[UUID]) -> str:
    """Stands for a set of organizations."""
    return sha256(b"".join(sorted(id.bytes for id in organization_ids))).hexdigest()[:32]


async def watch_applications(
    relay: Relay, cursor: Cursor | None, position_id: UUID, require: Callable[[ReadSession], Awaitable[None]]
) -> AsyncIterator[Event[Application]]:
    """The applications to a position. One that was merged comes once more, and says into which. Raises what `require` does once who
    watches may not any more.
    """

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, Application]]:
        rows = await application_queries.list_all_applications(session, position_id, _id(after))
        return [(str(row.id), moves.KIND, row.id, row) for row in rows]

    async def load_applications(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Application]:
        found = await application_queries.applications_by_id(session, ids)
        # After the reading: what was read was then still theirs to see.
        await require(session)
        return found

    async for event in watch(relay, cursor, [moves.KIND], snapshot, load_applications, scopes=[position_id]):
        if event.checkpoint:
            async with relay.db.read() as session:
                await require(session)
        yield event


async def watch_hiring(relay: Relay, cursor: Cursor | None) -> AsyncIterator[Event[Hired]]:
    """All positions, then all memberships: what the matcher keeps a copy of."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[KeyedHired]:
        kind, _, last = (after or "").partition("/")
        found: list[KeyedHired] = []
        if kind != members.KIND:
            offered = await _offered(session, await queries.list_all_positions(session, _id(last)))
            found = [(f"{positions.KIND}/{id}", positions.KIND, id, one) for id, one in offered.items()]
        rows = await queries.list_all_members(session, _id(last) if kind == members.KIND else None)
        return found + [(f"{members.KIND}/{row.id}", members.KIND, row.id, row) for row in rows]

    async for event in watch(relay, cursor, [positions.KIND, members.KIND], snapshot, _load_hired):
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
