"""What webhooks should have told: events are taken from the inbox, and those that never came are asked for.

Several may do so at once: each event is kept once and handled once. What fails half-way is gone on with the next time.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
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
# How often all is asked for again that may have been listed late, in seconds. In between only what is newer than what was told last is
# asked for, with what may have been listed so many seconds late; of a process that was told of nothing yet, so much.
THOROUGH, LATE, NEWEST = 600, 15, 900


@dataclass
class Inbox:
    db: Database
    payments: Payments
    catalogue: Catalogue
    # When what was told last happened, in seconds as Stripe counts.
    _newest: int = field(default=0, init=False)

    async def take(self, told: Told) -> bool:
        """Kept, and what follows from it done, at once; where that fails it is kept alone, and tried again. Raises what passes by itself:
        of an event that cannot be handled Stripe need not tell again. Returns whether it is about anybody here.
        """
        told = await self._whose(told)
        try:
            async with self.db.write(EVERYONE) as session:
                row = await events.keep(session, told)
                if row:
                    await events.handle(session, self.catalogue, row, told.id, self.payments.subscription)
        # Whatever it is: nothing that Stripe told is lost by it.
        except Exception as failure:
            async with self.db.write(EVERYONE) as session:
                row = await events.keep(session, told)
            if isinstance(failure, DomainError):
                raise
            _cannot_be_handled(told.id)
        return row is not None

    async def _whose(self, told: Told) -> Told:
        """With its customer: of a dispute or a refund Stripe does not say whose it is."""
        lost = told.type == "charge.dispute.closed" and told.thing.get("status") == "lost"
        if not lost and not told.type.startswith("refund."):
            return told
        customer = await self.payments.customer_of(str(told.thing.get("charge")))
        return replace(told, thing={**told.thing, "customer": customer})

    async def _handle(self, event_id: str) -> None:
        """One that is kept, unless its person was erased."""
        async with self.db.write(EVERYONE) as session:
            if row := await queries.subscription_of_event(session, event_id):
                await events.handle(session, self.catalogue, row, event_id, self.payments.subscription)

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
        """Asks for what is newer than what was told last: little enough to do it often. Returns how many had been lost."""
        if not self.payments.ready:
            return 0
        now = int(utc_now().timestamp())
        found, _ = await self._ask(min(now, self._newest) - LATE if self._newest else now - NEWEST)
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

    async def _ask(self, since: int) -> tuple[int, bool]:
        """How many were not known, and whether all of them could be kept."""
        found, complete, newest = 0, True, self._newest
        async for batch in _batches(self.payments.events(since)):
            newest = max(newest, *(one.time for one in batch))
            kept = [await self._taken(one) for one in reversed(await self._lost(batch))]
            found, complete = found + kept.count(True), complete and None not in kept
        # Of a list that broke off nothing was passed over: it is asked for again.
        self._newest = newest
        return found, complete

    async def _lost(self, told: Sequence[Told]) -> list[Told]:
        async with self.db.read(EVERYONE) as session:
            known = await queries.known_events(session, [one.id for one in told])
        return [one for one in told if one.id not in known]

    async def _taken(self, told: Told) -> bool | None:
        """None when it has to be asked for again; otherwise whether it is about anybody here."""
        try:
            return await self.take(told)
        except DomainError as failure:
            _waits(told.id, failure)
            return None
        # Whatever Stripe sends, or the database refuses of it: one event must not hide those that come after it.
        except Exception:
            log.exception("event %s cannot be kept, and is asked for again", told.id)
            return None

    async def _finish_open(self) -> None:
        """One that fails keeps no other waiting."""
        async with self.db.read(EVERYONE) as session:
            left = await queries.open_events(session, MOST)
        EVENTS_LEFT.set([await self._finished(event_id) for event_id in left].count(False))

    async def _finished(self, event_id: str) -> bool:
        try:
            await self._handle(event_id)
        except DomainError as failure:
            _waits(event_id, failure)
            return False
        # Whatever it is: it is kept, and must not keep others waiting.
        except Exception:
            _cannot_be_handled(event_id)
            return False
        return True


def _waits(event_id: str, failure: DomainError) -> None:
    log.warning("event %s waits: %s", event_id, failure)


def _cannot_be_handled(event_id: str) -> None:
    log.exception(
        "event %s cannot be handled, and is tried again: compare it at Stripe with billing.stripe_events", event_id
    )


async def _batches(told: AsyncIterator[Told]) -> AsyncIterator[list[Told]]:
    batch: list[Told] = []
    async for one in told:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
