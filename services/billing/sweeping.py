"""What time alone changes: credits that nobody came back for, and plans that ended without a word."""

from dataclasses import dataclass
from uuid import UUID

from services.billing import credits, queries
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.errors import NotFound, WrongState

MOST = 500


@dataclass(frozen=True)
class Sweeper:
    db: Database

    async def sweep(self) -> None:
        await self.release_expired()
        await self.end_plans()

    async def release_expired(self) -> int:
        """Returns how many were given back."""
        async with self.db.read(EVERYONE) as session:
            expired = await queries.expired_reservations(session, utc_now(), MOST)
        return sum([await self._release(operation_id) for operation_id in expired])

    async def _release(self, operation_id: UUID) -> bool:
        try:
            async with self.db.write(EVERYONE) as session:
                await credits.release(session, operation_id)
        except (WrongState, NotFound):
            return False  # It ended meanwhile, or its person was erased.
        return True

    async def end_plans(self) -> None:
        """Balances follow, and who watches entitlements is told."""
        async with self.db.read(EVERYONE) as session:
            outlived = await queries.outlived_plans(session, utc_now(), MOST)
        for account_id in outlived:
            async with self.db.write(EVERYONE) as session:
                await credits.settled(session, account_id)
