"""What webhooks should have told: events are taken from the inbox, and those that never came are asked for."""

from dataclasses import dataclass, replace

from services.billing import events, queries
from services.billing.payments import Payments
from services.billing.plans import Catalogue
from services.billing.standing import Told
from services.billing.tables import Reconciliation
from services.kit.db import EVERYONE, Database, insert_missing, utc_now

DAY = 86_400
# Stripe lists events for 30 days. They may be listed a little later than they happen.
FARTHEST, OVERLAP = 30 * DAY, 600
MOST = 500


@dataclass(frozen=True)
class Inbox:
    db: Database
    payments: Payments
    catalogue: Catalogue

    async def take(self, told: Told) -> bool:
        """Kept before anything follows from it: what fails then is tried again. Whether it is about anybody here."""
        if told.type == "charge.dispute.closed" and told.thing["status"] == "lost":
            # Of a dispute Stripe does not say whose it is.
            told = replace(
                told, thing={**told.thing, "customer": await self.payments.customer_of(told.thing["charge"])}
            )
        async with self.db.write(EVERYONE) as session:
            known = await events.keep(session, told)
        if known:
            await self.handle(told.id)
        return known

    async def handle(self, event_id: str) -> None:
        async with self.db.write(EVERYONE) as session:
            await events.handle(session, self.catalogue, event_id, self.payments.subscription)

    async def reconcile(self) -> int:
        """Returns how many events had been lost."""
        if not self.payments.ready:
            return 0
        began = int(utc_now().timestamp())
        async with self.db.read(EVERYONE) as session:
            row = await session.get(Reconciliation, 1)
        since = max(began - FARTHEST, (row.through if row else 0) - OVERLAP)
        lost = await self._lost([told async for told in self.payments.events(since)])
        found = sum([await self.take(told) for told in reversed(lost)])
        await self._finish_open()
        async with self.db.write(EVERYONE) as session:
            await insert_missing(session, Reconciliation, id=1, through=0)
            (await session.get_one(Reconciliation, 1, with_for_update=True)).through = began
        return found

    async def _lost(self, told: list[Told]) -> list[Told]:
        async with self.db.read(EVERYONE) as session:
            known = await queries.known_events(session, [one.id for one in told])
        return [one for one in told if one.id not in known]

    async def _finish_open(self) -> None:
        async with self.db.read(EVERYONE) as session:
            left = await queries.open_events(session, MOST)
        for event_id in left:
            await self.handle(event_id)
