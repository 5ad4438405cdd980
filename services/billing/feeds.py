"""What the watch method reads: the entitlements of all who have used or bought something, then what changed."""

from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from services.billing import credits, queries
from services.billing.credits import Entitlements
from services.kit.changes import Cursor, Event, Relay, watch
from services.kit.db import ReadSession

# Written by triggers of `subscriptions` and `feature_usage`, so whoever changes them, watchers are told.
KIND = "entitlements"


async def watch_entitlements(relay: Relay, cursor: Cursor | None) -> AsyncIterator[Event[Entitlements]]:
    async for event in watch(relay, cursor, [KIND], _snapshot, _load):
        yield event


async def _snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, Entitlements]]:
    accounts = await queries.list_accounts(session, UUID(after) if after else None)
    found = await credits.entitlements_of(session, accounts)
    return [(str(account_id), KIND, account_id, found[account_id]) for account_id in accounts]


async def _load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Entitlements]:
    return await credits.entitlements_of(session, ids)
