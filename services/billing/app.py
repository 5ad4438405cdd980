"""BillingService, put together. It calls no other service, and Stripe."""

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from skillsync.billing.v1.billing_service_pb2_grpc import add_BillingServiceServicer_to_server

from services.billing.checkouts import Checkouts
from services.billing.payments import Payments
from services.billing.plans import FILE, Catalogue, WrongPlans, read
from services.billing.reconciling import THOROUGH, Inbox
from services.billing.servicer import BillingServicer
from services.billing.sweeping import Sweeper
from services.billing.tables import changes
from services.kit.activity import Recorder
from services.kit.auth import verifier_of
from services.kit.background import beside, for_ever
from services.kit.changes import Relay
from services.kit.db import Database
from services.kit.housekeeping import open_housekeeping
from services.kit.server import RunningServer, Service, open_server
from services.kit.settings import Settings

NAME = "skillsync.billing.v1.BillingService"
SWEEP_SECONDS = 30.0


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[RunningServer]:
    """The service, listening."""
    catalogue = _catalogue(settings)
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value()))
        relay = await stack.enter_async_context(Relay.opened(db, changes))
        await stack.enter_async_context(open_housekeeping(db, changes))
        payments = Payments(
            catalogue,
            settings.stripe_key.get_secret_value(),
            settings.stripe_webhook_secret.get_secret_value(),
            settings.stripe_url,
            settings.stripe_tax,
        )
        inbox = Inbox(db, payments, catalogue)
        sweeper = Sweeper(db, catalogue)
        await stack.enter_async_context(beside(for_ever(sweeper.sweep, SWEEP_SECONDS, "sweep credits and plans")))
        seconds = settings.stripe_reconcile_seconds
        await stack.enter_async_context(beside(for_ever(inbox.catch_up, seconds, "ask Stripe what just happened")))
        await stack.enter_async_context(beside(for_ever(inbox.reconcile, THOROUGH, "ask Stripe what happened")))
        checkouts = Checkouts(db, payments, catalogue, settings.public_url)
        servicer = BillingServicer(db, relay, settings.seal_key.get_secret_value(), checkouts, inbox)
        service = Service(NAME, partial(add_BillingServiceServicer_to_server, servicer))
        yield await stack.enter_async_context(
            open_server(settings, service, verifier_of(settings), {"postgres": db.check}, recorder=Recorder(db))
        )


def _catalogue(settings: Settings) -> Catalogue:
    """Ends the process with what is wrong in the file: whoever starts a service looks for no stack of calls."""
    try:
        return read(settings.plans or FILE)
    except WrongPlans as wrong:
        sys.exit(f"billing cannot start: {wrong}")
