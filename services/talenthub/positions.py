"""Positions: written, published, paused, closed. What watchers must hear of is recorded in the same transaction, and so is history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm.attributes import flag_modified

from services.kit import changes, membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, lock_request
from services.kit.masks import check_etag
from services.kit.pages import Page
from services.talenthub import access, insights, position_queries, queries, tables, versions
from services.talenthub.tables import Position

KIND = "position"


async def create_position(
    session: WriteSession,
    caller: Caller,
    organization_id: UUID | None,
    values: Mapping[str, Any],
    request_id: UUID | None,
    now: datetime,
) -> Position:
    """A draft. The same `request_id` again: the position it made before."""
    organization_id = await access.working_organization(session, caller, organization_id)
    if request_id:
        await lock_request(session, request_id)
        if known := await queries.find_position_by_request(session, organization_id, request_id):
            return known
    position = Position(organization_id=organization_id, request_id=request_id, **values)
    await add_drafts(session, caller, [position], now)
    return position


async def add_drafts(session: WriteSession, caller: Caller, drafts: Sequence[Position], now: datetime) -> None:
    """New positions, which somebody may write here."""
    session.add_all(drafts)
    await session.flush()
    for position in drafts:
        await versions.record(session, position, caller.account(), None, now)
    # As `changes.record` does, for all of them at once.
    told = [{"kind": KIND, "resource_id": row.id, "scope": row.organization_id} for row in drafts]
    await session.execute(tables.changes.insert(), told)


async def tell_all(session: WriteSession, organization_id: UUID) -> None:
    """Tells watchers of every position of an organization, which may have thousands: as `changes.record` does, in one statement."""
    told = select(literal(KIND), Position.id, Position.organization_id).where(
        Position.organization_id == organization_id
    )
    await session.execute(tables.changes.insert().from_select(["kind", "resource_id", "scope"], told))


async def get_position(session: ReadSession, caller: Caller, position_id: UUID) -> Position:
    position, _ = await queries.get_own_position(session, caller.account(), position_id)
    return position


async def list_positions(
    session: ReadSession,
    caller: Caller,
    organization_id: UUID | None,
    state: str | None,
    page: Page,
) -> Sequence[Position]:
    if organization_id is not None:
        await access.get_membership(session, caller, organization_id)
        mine = [organization_id]
    else:
        mine = await queries.organizations_of(session, caller.account())
    return await queries.list_positions(session, mine, state, page)


@dataclass(frozen=True, slots=True)
class Change:
    """A change that somebody asks for. An empty etag skips its check; the same `request_id` again has no effect."""

    position_id: UUID
    etag: str
    request_id: UUID | None
    now: datetime


async def update_position(session: WriteSession, caller: Caller, change: Change, values: Mapping[str, Any]) -> Position:
    def edit(position: Position) -> None:
        position.require_open_for_edits()
        for name, value in values.items():
            setattr(position, name, value)

    position = await _changed(session, caller, change, edit)
    if position.state == "OPEN" and values.keys() & {"title", "description"}:
        await insights.read_later(session, position.id)
    return position


async def delete_position(session: WriteSession, caller: Caller, position_id: UUID, etag: str) -> None:
    """Drafts only: what others have seen is closed, not deleted."""
    position = await _mine(session, caller, position_id)
    check_etag("position", etag, position.version)
    position.require_draft()
    organization_id = position.organization_id
    await session.delete(position)
    await session.flush()
    await changes.record(session, tables.changes, KIND, position_id, organization_id)


async def publish_position(session: WriteSession, caller: Caller, change: Change) -> Position:
    position = await _changed(session, caller, change, lambda position: position.publish(change.now))
    await insights.read_later(session, position.id)
    return position


async def pause_position(session: WriteSession, caller: Caller, change: Change) -> Position:
    return await _changed(session, caller, change, Position.pause)


async def reopen_position(session: WriteSession, caller: Caller, change: Change) -> Position:
    return await _changed(session, caller, change, Position.reopen)


async def close_position(session: WriteSession, caller: Caller, change: Change, reason: str) -> Position:
    return await _changed(session, caller, change, lambda position: position.close(reason))


async def cancel(session: WriteSession, caller: Caller, position: Position, now: datetime) -> None:
    """Its organization closes."""
    position.close("CANCELLED")
    await record_change(session, position, caller.account(), None, now)


async def _mine(session: WriteSession, caller: Caller, position_id: UUID) -> Position:
    position, member = await queries.get_own_position(session, caller.account(), position_id, for_update=True)
    membership.require(member.role, membership.MANAGE_POSITIONS)
    return position


async def _changed(session: WriteSession, caller: Caller, change: Change, verb: Callable[[Position], None]) -> Position:
    """The position after `verb`; for a request that was answered before, as it was after that."""
    position = await _mine(session, caller, change.position_id)
    if known := await position_queries.find_version_by_request(session, position.id, change.request_id):
        return versions.restored(known)
    check_etag("position", change.etag, position.version)
    verb(position)
    if change.request_id:
        # Also where nothing differs: or the request, repeated later, would undo what others did meanwhile.
        flag_modified(position, "title")
    await record_change(session, position, caller.account(), change.request_id, change.now)
    return position


async def record_change(
    session: WriteSession, position: Position, actor_id: UUID, request_id: UUID | None, now: datetime
) -> None:
    """After a change of a position: keeps it as a version and tells watchers. Nothing, when it did not change."""
    if not session.is_modified(position):
        return
    await session.flush()
    await session.refresh(position)
    await versions.record(session, position, actor_id, request_id, now)
    await changes.record(session, tables.changes, KIND, position.id, position.organization_id)
