"""What time alone changes: credits that nobody came back for, and plans that ended without a word."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.billing import credits, queries
from services.billing.plans import Catalogue
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.errors import NotFound, Unavailable, WrongState

log = logging.getLogger(__name__)

MOST = 500


@dataclass(frozen=True)
class Sweeper:
    db: Database
    catalogue: Catalogue

    async def sweep(self) -> None:
        await self.release_expired()
        await self.end_plans()

    async def release_expired(self) -> None:
        async with self.db.read(EVERYONE) as session:
            expired = await queries.expired_reservations(session, utc_now(), MOST)
        for operation_id in expired:
            await _alone(self._release, operation_id)

    async def _release(self, operation_id: UUID) -> None:
        async with self.db.write(EVERYONE) as session:
            await credits.release(session, self.catalogue, operation_id)

    async def end_plans(self) -> None:
        """Balances follow, and who watches entitlements is told."""
        async with self.db.read(EVERYONE) as session:
            outlived = await queries.outlived_plans(session, utc_now(), MOST)
        for account_id in outlived:
            await _alone(self._settle, account_id)

    async def _settle(self, account_id: UUID) -> None:
        async with self.db.write(EVERYONE) as session:
            await credits.settled(session, self.catalogue, account_id)


async def _alone(step: Callable[[UUID], Awaitable[None]], id: UUID) -> None:
    try:
        await step(id)
    except (WrongState, NotFound):
        pass  # It ended meanwhile, or its person was erased.
    except Unavailable:
        raise
    # Whatever it is: one that fails must keep no other waiting.
    except Exception:
        log.exception("%s cannot be swept, and is tried again: compare its rows in billing", id)
