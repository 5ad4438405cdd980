"""Projects that a person shows, to nobody yet or to everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.careerforge import portfolio_queries, previews, profiles
from services.careerforge.entry_pages import TextPage
from services.careerforge.tables import Portfolio
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import InvalidArgument, NotFound
from services.kit.masks import check_etag

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Showcase:
    """What everybody may see of a person."""

    display_name: str
    headline: str
    items: Sequence[Portfolio]


async def create_item(
    session: WriteSession, caller: Caller, values: Mapping[str, Any], request_id: UUID | None
) -> Portfolio:
    """The same `request_id` again: the project it made before. Raises InvalidArgument when no more fit."""
    profile = await profiles.ensure_profile(session, caller)
    if request_id and (known := await portfolio_queries.find_item_by_request(session, profile.id, request_id)):
        return known
    if await portfolio_queries.count_items(session, profile.id) >= MOST_ITEMS:
        why = f"there are {MOST_ITEMS} projects, and no more fit; remove one first"
        raise InvalidArgument("item", why, limit=str(MOST_ITEMS))
    row = Portfolio(user_id=profile.id, request_id=request_id, **values)
    session.add(row)
    return await _kept(session, row)


async def update_item(
    session: WriteSession,
    caller: Caller,
    item_id: UUID,
    values: Mapping[str, Any],
    etag: str,
    request_id: UUID | None,
) -> Portfolio:
    """The same `request_id` as the last change: that was it."""
    await profiles.ensure_profile(session, caller)
    row = await portfolio_queries.get_own_item(session, caller.account(), item_id)
    if request_id and row.last_request_id == request_id:
        return row
    check_etag("portfolio item", etag, row.version)
    for name, value in values.items():
        setattr(row, name, value)
    row.last_request_id = request_id
    return await _kept(session, row)


async def delete_item(session: WriteSession, caller: Caller, item_id: UUID) -> None:
    await session.delete(await portfolio_queries.get_own_item(session, caller.account(), item_id))


async def list_portfolio(session: ReadSession, caller: Caller, page: TextPage) -> Sequence[tuple[Portfolio, str]]:
    return await portfolio_queries.list_portfolio(session, caller.account(), page)


async def get_public_showcase(session: ReadSession, user_id: UUID) -> Showcase:
    """The session sees everything. Raises NotFound for whoever is not public, and for whom there is not."""
    found = await portfolio_queries.find_public_profile(session, user_id)
    if found is None:
        raise NotFound("showcase", str(user_id))
    return Showcase(*found, await portfolio_queries.list_shown(session, user_id))


async def _kept(session: WriteSession, row: Portfolio) -> Portfolio:
    if not row.project_title.strip():
        raise InvalidArgument("item.project_title", "is empty; 1 to 256 characters are needed")
    await session.flush()
    await previews.fetch_later(session, row)
    await session.flush()
    await session.refresh(row)
    return row
