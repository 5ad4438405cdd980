"""What webhooks should have told: events are taken from the inbox, and those that never came are asked for.

Several may do so at once: each event is kept once and handled once. What fails half-way is gone on with the next time.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from services.billing import events, queries
from services.billing.payments import Payments
from services.billing.plans import Catalogue
from services.billing.standing import Told
from services.billing.tables import Reconciliation
from services.kit.db import EVERYONE, Database, insert_missing, utc_now
from services.kit.errors import DomainError
from services.kit.telemetry import EVENTS_LEFT

log = logging.getLogger(__name__)

DAY = 86_400
# Stripe lists events for 30 days. They may be listed a little later than they happen, and clocks differ.
FARTHEST, OVERLAP = 30 * DAY, 3_600
# As many as Stripe lists at once.
BATCH, MOST = 100, 10_000
# How often all is asked for again that may have been listed late, in seconds; the newest are asked for more often.
THOROUGH, NEWEST = 600, 900


@dataclass(frozen=True)
class Inbox:
    db: Database
    payments: Payments
    catalogue: Catalogue

    async def take(self, told: Told) -> bool:
        """Kept before anything follows from it: what fails then is tried again. Whether it is about anybody here."""
        known = await self._keep(told)
        if known:
            await self._try(told.id)
        return known

    async def _keep(self, told: Told) -> bool:
        lost = told.type == "charge.dispute.closed" and told.thing.get("status") == "lost"
        if lost or told.type.startswith("refund."):
            # Of a dispute or a refund Stripe does not say whose it is.
            customer = await self.payments.customer_of(str(told.thing.get("charge")))
            told = replace(told, thing={**told.thing, "customer": customer})
        async with self.db.write(EVERYONE) as session:
            return await events.keep(session, told)

    async def handle(self, event_id: str) -> None:
        async with self.db.write(EVERYONE) as session:
            await events.handle(session, self.catalogue, event_id, self.payments.subscription)

    async def _try(self, event_id: str) -> bool:
        """Whether it is handled. Raises only what passes by itself: of an event that cannot be handled Stripe need not tell again."""
        try:
            await self.handle(event_id)
        except DomainError:
            raise
        # Whatever it is: it is kept, and must not keep others waiting.
        except Exception:
            log.exception(
                "event %s cannot be handled, and is tried again: compare it at Stripe with billing.stripe_events",
                event_id,
            )
            return False
        return True

    async def reconcile(self) -> int:
        """Asks for everything since it did so last. Returns how many events had been lost."""
        if not self.payments.ready:
            return 0
        began = int(utc_now().timestamp())
        found, complete = await self._ask(await self._since(began))
        await self._finish_open()
        if complete:
            await self._was_read(began)
        return found

    async def catch_up(self) -> int:
        """Asks for the newest alone, back to where all are known: little enough to do it often. Returns how many had been lost."""
        if not self.payments.ready:
            return 0
        found, _ = await self._ask(int(utc_now().timestamp()) - NEWEST, until_known=True)
        await self._finish_open()
        return found

    async def _since(self, now: int) -> int:
        async with self.db.read(EVERYONE) as session:
            row = await session.get(Reconciliation, 1)
        if row and row.through < now - FARTHEST:
            until = datetime.fromtimestamp(row.through, UTC)
            log.error(
                "Stripe was not asked since %s, and tells of 30 days only: compare all subscriptions there", until
            )
        return max(now - FARTHEST, row.through - OVERLAP if row else 0)

    async def _was_read(self, through: int) -> None:
        async with self.db.write(EVERYONE) as session:
            await insert_missing(session, Reconciliation, id=1, through=0)
            row = await session.get_one(Reconciliation, 1, with_for_update=True)
            row.through = max(row.through, through)

    async def _ask(self, since: int, until_known: bool = False) -> tuple[int, bool]:
        """How many were not known, and whether all of them could be kept."""
        found, complete = 0, True
        async for batch in _batches(self.payments.events(since)):
            lost = await self._lost(batch)
            if until_known and not lost:
                break
            kept = [await self._kept(one) for one in reversed(lost)]
            found, complete = found + kept.count(True), complete and None not in kept
        return found, complete

    async def _lost(self, told: Sequence[Told]) -> list[Told]:
        async with self.db.read(EVERYONE) as session:
            known = await queries.known_events(session, [one.id for one in told])
        return [one for one in told if one.id not in known]

    async def _kept(self, told: Told) -> bool | None:
        """None when it cannot be; otherwise whether it is about anybody here."""
        try:
            return await self._keep(told)
        # Whatever Stripe sends, or the database refuses of it: one event must not hide those that come after it.
        except Exception:
            log.exception("event %s cannot be kept, and is asked for again", told.id)
            return None

    async def _finish_open(self) -> None:
        """One that fails keeps no other waiting."""
        async with self.db.read(EVERYONE) as session:
            left = await queries.open_events(session, MOST)
        failed = 0
        for event_id in left:
            try:
                failed += not await self._try(event_id)
            except DomainError as failure:
                log.warning("event %s waits: %s", event_id, failure)
                failed += 1
        EVENTS_LEFT.set(failed)


async def _batches(told: AsyncIterator[Told]) -> AsyncIterator[list[Told]]:
    batch: list[Told] = []
    async for one in told:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
