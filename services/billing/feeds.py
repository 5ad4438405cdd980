"""What the watch method reads: the entitlements of all who have used or bought something, then what changed."""

from collections.abc import AsyncIterator, Collection, Sequence
from functools import partial
from uuid import UUID

from services.billing import credits, queries
from services.billing.credits import Entitlements
from services.billing.plans import Catalogue
from services.billing.tables import ENTITLEMENTS
from services.kit.changes import Cursor, Event, Relay, watch
from services.kit.db import ReadSession


async def watch_entitlements(
    relay: Relay, catalogue: Catalogue, cursor: Cursor | None
) -> AsyncIterator[Event[Entitlements]]:
    async for event in watch(relay, cursor, [ENTITLEMENTS], partial(_snapshot, catalogue), partial(_load, catalogue)):
        yield event


async def _snapshot(
    catalogue: Catalogue, session: ReadSession, after: str | None
) -> Sequence[tuple[str, str, UUID, Entitlements]]:
    accounts = await queries.list_accounts(session, UUID(after) if after else None)
    found = await credits.entitlements_of(session, catalogue, accounts)
    return [(str(account_id), ENTITLEMENTS, account_id, found[account_id]) for account_id in accounts]


async def _load(
    catalogue: Catalogue, session: ReadSession, kind: str, ids: Collection[UUID]
) -> dict[UUID, Entitlements]:
    return await credits.entitlements_of(session, catalogue, ids)
