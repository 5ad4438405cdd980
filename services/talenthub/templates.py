"""Templates: texts to begin positions from. A client fills a new position with one; the position keeps no tie to it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, lock_request
from services.talenthub import access, position_queries, queries
from services.talenthub.name_pages import NamePage
from services.talenthub.tables import PositionTemplate


async def create_template(
    session: WriteSession,
    caller: Caller,
    organization_id: UUID | None,
    display_name: str,
    position: Mapping[str, Any],
    request_id: UUID | None,
) -> PositionTemplate:
    """`position`: columns as JSON. The same `request_id` again: the template it made before."""
    organization_id = await access.working_organization(session, caller, organization_id)
    if request_id:
        await lock_request(session, request_id)
        if known := await position_queries.find_template_by_request(session, organization_id, request_id):
            return known
    template = PositionTemplate(
        organization_id=organization_id, display_name=display_name, position=dict(position), request_id=request_id
    )
    session.add(template)
    await session.flush()
    return template


async def list_templates(session: ReadSession, caller: Caller, page: NamePage) -> Sequence[PositionTemplate]:
    """By name."""
    mine = await queries.organizations_of(session, caller.account())
    return await position_queries.list_templates(session, mine, page)


async def delete_template(session: WriteSession, caller: Caller, template_id: UUID) -> None:
    """Another organization's template and a missing one answer alike."""
    template, member = await position_queries.get_own_template(session, caller.account(), template_id)
    membership.require(member.role, membership.MANAGE_POSITIONS)
    await session.delete(template)
    await session.flush()
