"""What was shown to whom goes into the audit records a moment later: looking waits for no chain."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.kit.background import beside, for_ever
from services.kit.db import Database
from services.matching import auditing
from services.matching.auditing import Shown

FLUSH_SECONDS = 0.5


class ShownLog:
    """The same again within a moment is one record."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: dict[Shown, None] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, db: Database) -> AsyncIterator["ShownLog"]:
        """Writes as long as the block runs, and the rest at its end. `db` is the platform's own."""
        log = cls(db)
        async with beside(for_ever(log.flush, FLUSH_SECONDS, "record which rankings were shown")):
            yield log
        await log.flush()

    def note(self, shown: Shown) -> None:
        self._waiting[shown] = None

    async def flush(self) -> None:
        """What cannot be written now is kept for the next time."""
        some, self._waiting = self._waiting, {}
        try:
            if some:
                async with self._db.write() as session:
                    await auditing.keep_rows(session, some)
                    # Chains in one order: of two processes that lock several, none waits for the other.
                    for shown in sorted(some, key=lambda one: one.organization_id):
                        await auditing.record_shown(session, shown)
        except BaseException:
            self._waiting = some | self._waiting
            raise
