"""UserService and its workers, put together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from skillsync.billing.v1 import billing_service_pb2
from skillsync.careerforge.v1 import careerforge_service_pb2
from skillsync.matching.v1 import matching_service_pb2
from skillsync.talenthub.v1 import talenthub_service_pb2
from skillsync.user.v1 import user_service_pb2
from skillsync.user.v1.user_service_pb2_grpc import add_UserServiceServicer_to_server

from services.kit.activity import Recorder
from services.kit.auth import TokenVerifier
from services.kit.background import beside, for_ever
from services.kit.blobs import Blobs
from services.kit.changes import Relay
from services.kit.channel import open_channel
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.door import Door, telling
from services.kit.following import Following
from services.kit.housekeeping import open_housekeeping
from services.kit.jobs import Queue
from services.kit.mail import Mailer
from services.kit.outbox import open_outbox
from services.kit.server import RunningServer, Service, open_server
from services.kit.settings import Settings
from services.kit.worker import Work
from services.user import activity_checkpoints, privacy, queries
from services.user.keyring import Keyring
from services.user.mails import Mails
from services.user.oidc import Providers
from services.user.others import Others
from services.user.providers import providers_of
from services.user.servicer import UserServicer
from services.user.tables import changes, follows, jobs
from services.user.tasks import Eraser, Exporter
from services.user.tiers import Tiers

# Between two signatures under the activity log: so many of its newest lines rest on the chain alone.
CHECKPOINT_SECONDS = 10.0
ROTATION_CHECK_SECONDS = 3600.0

NAME = "skillsync.user.v1.UserService"

# The gateway sends reflection here, so what grpcurl lists are the services behind it, not this one alone.
CONTRACTS = (
    user_service_pb2,
    careerforge_service_pb2,
    talenthub_service_pb2,
    matching_service_pb2,
    billing_service_pb2,
)


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[RunningServer]:
    """The service, listening. The only one that verifies tokens with keys of its own."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value()))
        await stack.enter_async_context(open_housekeeping(db, changes, jobs, [queries.delete_what_is_over]))
        redis = await stack.enter_async_context(open_outbox(settings, db, jobs))
        await stack.enter_async_context(telling(await stack.enter_async_context(Door.opened(settings))))
        seal_key = settings.seal_key.get_secret_value()
        keyring = Keyring(db, seal_key)
        rotate = for_ever(lambda: keyring.rotate_if_old(utc_now()), ROTATION_CHECK_SECONDS, "replace old signing keys")
        await stack.enter_async_context(beside(rotate))
        blobs = Blobs.open(settings)
        sign = partial(activity_checkpoints.sign_checkpoint, db, blobs, seal_key)
        await stack.enter_async_context(beside(for_ever(sign, CHECKPOINT_SECONDS, "sign the activity log")))
        billing = await stack.enter_async_context(open_channel(settings, "billing"))
        await stack.enter_async_context(beside(Following(db, follows, Tiers(billing).streams).run()))
        providers = Providers(providers_of(settings.oidc_providers), settings.public_url, seal_key)
        relay = await stack.enter_async_context(Relay.opened(db, changes))
        own = privacy.user_data(db, blobs, seal_key)
        servicer = UserServicer(db, relay, blobs, keyring, settings.token_issuer, seal_key, providers, own)
        verifier = TokenVerifier(partial(_published, keyring), settings.token_issuer)
        service = Service(NAME, partial(add_UserServiceServicer_to_server, servicer))
        yield await stack.enter_async_context(
            open_server(
                settings,
                service,
                verifier,
                {"postgres": db.check},
                {"redis": redis, "s3": blobs.check},
                _names(),
                Recorder(db),
            )
        )


@asynccontextmanager
async def open_work(settings: Settings) -> AsyncIterator[Work]:
    """What its workers do."""
    async with (
        Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db,
        open_outbox(settings, db, jobs),
        Others.opened(settings) as others,
    ):
        blobs = Blobs.open(settings)
        seal_key = settings.seal_key.get_secret_value()
        own = privacy.user_data(db, blobs, seal_key)
        mails, exporter = Mails(Mailer(settings), settings.public_url, seal_key), Exporter(blobs, own, others)
        eraser = Eraser(own, others)
        handlers = mails.handlers() | exporter.handlers() | eraser.handlers()
        yield Work(Queue(db, jobs), "user", handlers, exporter.on_dead() | eraser.on_dead(), threads=8)


def _names() -> list[str]:
    return [service.full_name for module in CONTRACTS for service in module.DESCRIPTOR.services_by_name.values()]


async def _published(keyring: Keyring) -> list[dict[str, Any]]:
    keys = await keyring.published(utc_now())
    return [{"kty": "OKP", "crv": "Ed25519", "x": key.x, "kid": key.kid} for key in keys]
