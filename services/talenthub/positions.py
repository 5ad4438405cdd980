"""Positions: written, published, paused, closed. What watchers must hear of is recorded in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit import changes, membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, lock_request
from services.kit.masks import check_etag
from services.kit.pages import Page
from services.talenthub import access, queries, tables
from services.talenthub.tables import Position

KIND = "position"


async def create_position(
    session: WriteSession,
    caller: Caller,
    organization_id: UUID | None,
    values: Mapping[str, Any],
    request_id: UUID | None,
) -> Position:
    """A draft. The same `request_id` again: the position it made before."""
    organization_id = await access.working_organization(session, caller, organization_id)
    if request_id:
        await lock_request(session, request_id)
        if known := await queries.find_position_by_request(session, organization_id, request_id):
            return known
    position = Position(organization_id=organization_id, request_id=request_id, **values)
    session.add(position)
    return await _changed(session, position)


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


async def update_position(
    session: WriteSession, caller: Caller, position_id: UUID, values: Mapping[str, Any], etag: str
) -> Position:
    position = await _mine(session, caller, position_id, etag)
    position.require_open_for_edits()
    for name, value in values.items():
        setattr(position, name, value)
    return await _changed(session, position)


async def delete_position(session: WriteSession, caller: Caller, position_id: UUID, etag: str) -> None:
    """Drafts only: what others have seen is closed, not deleted."""
    position = await _mine(session, caller, position_id, etag)
    position.require_draft()
    organization_id = position.organization_id
    await session.delete(position)
    await session.flush()
    await changes.record(session, tables.changes, KIND, position_id, organization_id)


async def publish_position(
    session: WriteSession, caller: Caller, position_id: UUID, etag: str, now: datetime
) -> Position:
    position = await _mine(session, caller, position_id, etag)
    position.publish(now)
    return await _changed(session, position)


async def pause_position(session: WriteSession, caller: Caller, position_id: UUID, etag: str) -> Position:
    position = await _mine(session, caller, position_id, etag)
    position.pause()
    return await _changed(session, position)


async def reopen_position(session: WriteSession, caller: Caller, position_id: UUID, etag: str) -> Position:
    position = await _mine(session, caller, position_id, etag)
    position.reopen()
    return await _changed(session, position)


async def close_position(session: WriteSession, caller: Caller, position_id: UUID, etag: str, reason: str) -> Position:
    position = await _mine(session, caller, position_id, etag)
    position.close(reason)
    return await _changed(session, position)


async def cancel(session: WriteSession, caller: Caller, position: Position) -> Position:
    """Its organization closes."""
    position.close("CANCELLED")
    return await _changed(session, position)


async def _mine(session: WriteSession, caller: Caller, position_id: UUID, etag: str) -> Position:
    position, member = await queries.get_own_position(session, caller.account(), position_id, for_update=True)
    membership.require(member.role, membership.MANAGE_POSITIONS)
    check_etag("position", etag, position.version)
    return position


async def _changed(session: WriteSession, position: Position) -> Position:
    await session.flush()
    await session.refresh(position)
    await changes.record(session, tables.changes, KIND, position.id, position.organization_id)
    return position
