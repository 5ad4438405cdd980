"""The whole of SkillSync for tests: real PostgreSQL, Valkey, S3, SMTP and Envoy, the five servers and the workers in this process."""

import asyncio
import json
import random
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import httpx
from argon2 import PasswordHasher
from sqlalchemy.engine import make_url

from gateway.contract import SERVICES
from services.ai.embedding import MiniLM
from services.careerforge import introducing
from services.embedded.envoy import serves_all
from services.embedded.postgres import initialise, postgres, superuser_url
from services.embedded.program import Program, until
from services.embedded.stripe.server import LocalStripe
from services.fleet import open_fleet
from services.kit import changes
from services.kit.blobs import Blobs
from services.kit.certificates import TRUST_DOMAIN
from services.kit.db import Database
from services.kit.server import RunningServer
from services.kit.settings import Settings
from services.matching import boards
from services.migrate import DATABASE
from services.stack.certificates import ensure_certificates
from services.stack.database import SUPERUSER_URL, migrate, service_url
from services.stack.ports import FIRST, LAST, LOOPBACK, choose
from services.stack.preflight import make_private
from services.stack.servers import PORTS, Servers
from services.stack.state import State, load_state
from services.user import passwords
from services.user.activity_checkpoints import COPY
from services.workers import open_workers
from tests.inbox import Inbox
from tests.pages import Pages
from tests.providers import Providers, running_providers
from tests.zone import Zone

# What a test leaves is deleted after it; these rows belong to the running processes.
KEPT = ("alembic_version", "signing_keys", "follows")
DEADLOCKS = 5
# What the migrations make of nothing. It is copied in a moment; they take seconds.
PRISTINE = "pristine"
IDLE_SECONDS = 2


@dataclass
class System:
    """Where everything is. `rest` and `edge` go through Envoy; `direct` goes to one server, as Envoy does."""

    servers: Servers
    environment: dict[str, str]
    fleet: dict[str, RunningServer]
    database: asyncpg.Connection
    rest: httpx.AsyncClient
    edge: grpc.aio.Channel
    channels: dict[str, grpc.aio.Channel]
    inbox: Inbox
    providers: Providers
    zone: Zone
    pages: Pages
    stripe: LocalStripe
    blobs: Blobs
    # As the user service comes in.
    accounts: Database

    @property
    def url(self) -> str:
        return f"http://{self.servers.target.edge}"

    def direct(self, service: str) -> grpc.aio.Channel:
        """A channel to one server, with the gateway's certificate."""
        return self.channels[service]

    def database_url(self, name: str, service: str | None = None) -> str:
        """The way into a database beside the system's, as a service or as the superuser."""
        if service is None:
            return superuser_url(self.servers.data / "postgres", self.servers.state.ports["postgres"], name)
        url = make_url(self.environment[service_url(service)]).set(drivername="postgresql", database=name)
        return url.render_as_string(hide_password=False)

    @asynccontextmanager
    async def empty_database(self) -> AsyncIterator[str]:
        """The name of one with the real tables and no row in them, beside the system's."""
        name = f"empty-{uuid4().hex[:8]}"
        await self.database.execute(f'create database "{name}" template {PRISTINE}')
        try:
            yield name
        finally:
            await self.database.execute(f'drop database "{name}" with (force)')

    async def count(self, table: str, where: str = "true", *values: object) -> int:
        return int(await self.database.fetchval(f"select count(*) from {table} where {where}", *values))

    async def clean(self) -> None:
        """Deletes every row that tests made, in all schemas at once, and every file. The activity log stays, and what S3 has of it."""
        await self.until_idle()
        rows = await self.database.fetch(
            "select format('%I.%I', schemaname, tablename) as name, tablename from pg_tables where schemaname = any($1)",
            list(SERVICES),
        )
        statements = [f"delete from {row['name']}" for row in rows if row["tablename"] not in KEPT]
        await self._delete("set local session_replication_role = replica; " + "; ".join(statements))
        await asyncio.gather(*(self.blobs.delete(key) for key in await self.blobs.keys() if key != COPY))

    async def until_idle(self) -> None:
        """What a test left to be done would be written after the deletion, and be there in the next one. Not for ever: some jobs wait for
        what never comes.
        """
        due = "state in ('queued', 'running') and run_after <= now()"
        schemas = ("user", "careerforge", "talenthub", "matching")
        busy = " or ".join(f'exists (select from "{schema}".jobs where {due})' for schema in schemas)
        waited = False
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                while await self.database.fetchval(f"select {busy}"):
                    waited = True
                    await asyncio.sleep(0.05)
        if waited:
            # What the last job told goes on to the matcher.
            await asyncio.sleep(0.3)

    async def _delete(self, statements: str) -> None:
        """A job of the test may still be writing, in another order: who loses the deadlock that follows tries again."""
        for _ in range(DEADLOCKS):
            with suppress(asyncpg.DeadlockDetectedError):
                async with self.database.transaction():
                    await self.database.execute(statements)
                return
        raise AssertionError(f"deleting what the test made met {DEADLOCKS} deadlocks in a row")


@asynccontextmanager
async def running_system(folder: Path) -> AsyncIterator[System]:
    """Everything, for as long as the block runs."""
    # Several systems share two cores, and looking for changes is most of what one does that nobody asks.
    changes.POLL_SECONDS, boards.POLL_SECONDS = 0.05, 0.02
    # A test proposes by itself, and counts what comes of it.
    introducing.EVERY_SECONDS = 86_400.0
    # Slow on purpose, and a thousand people sign up: tests/user/test_passwords.py looks at the real one.
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._DECOY = passwords._hasher.hash("no account has this password")
    make_private(folder)
    state = load_state(folder / "stack.json")
    # Not where people look for it: systems that start side by side would all find that port free.
    state.ports = choose(PORTS, {"edge": random.randrange(FIRST, LAST)}, {})
    servers = Servers(folder, state)
    ensure_certificates(servers.certificates)
    async with AsyncExitStack() as stack:
        await _start_programs(stack, servers, state)
        stripe = servers.stripe()
        stripe.start()
        stack.push_async_callback(asyncio.to_thread, stripe.stop)
        inbox = Inbox(folder / "mail", LOOPBACK, state.ports["mailbox"])
        await inbox.start()
        stack.push_async_callback(inbox.stop)
        providers = stack.enter_context(running_providers())
        zone = await stack.enter_async_context(Zone.served())
        pages = await stack.enter_async_context(Pages.served())
        names = {
            "SKILLSYNC_OIDC_PROVIDERS": providers.setting,
            "SKILLSYNC_DNS_SERVER": zone.address,
            "SKILLSYNC_EGRESS_ORIGINS": json.dumps([pages.origin]),
            "SKILLSYNC_BADGE_ISSUERS": json.dumps(["*"]),
            "SKILLSYNC_BILLING_STRIPE_RECONCILE_SECONDS": "2",
        }
        environment = servers.environment | names
        fleet = await stack.enter_async_context(open_fleet(environment))
        await until(lambda: serves_all(servers.target.edge), 60)
        await stack.enter_async_context(open_workers(environment, MiniLM()))
        database = await asyncpg.connect(superuser_url(folder / "postgres", state.ports["postgres"], DATABASE))
        stack.push_async_callback(database.close)
        yield await _system(stack, servers, fleet, database, inbox, providers, zone, pages, stripe)


async def _start_programs(stack: AsyncExitStack, servers: Servers, state: State) -> None:
    data = servers.data
    database = postgres(data / "postgres", state.ports["postgres"], servers.log("postgres"), fast=True)
    # Told to end, it takes two seconds to put away what nobody looks at again.
    files = replace(servers.s3(), stop_signal=signal.SIGKILL)
    others: Sequence[Program] = (servers.valkey(), files, servers.envoy())
    for program in (database, *others):
        stack.push_async_callback(program.stop)
    await asyncio.gather(_start_database(servers, database), *(program.start() for program in others))


async def _start_database(servers: Servers, database: Program) -> None:
    """With the real tables."""
    data = servers.data / "postgres"
    await initialise(data)
    await database.start()
    superuser = superuser_url(data, servers.state.ports["postgres"])
    await migrate({**servers.environment, SUPERUSER_URL: superuser})
    await _keep_pristine(superuser)


async def _keep_pristine(superuser: str) -> None:
    """While nobody is connected to it: only then it can be copied."""
    connection = await asyncpg.connect(superuser)
    await connection.execute(f"create database {PRISTINE} template {DATABASE}")
    await connection.close()


async def _system(
    stack: AsyncExitStack,
    servers: Servers,
    fleet: dict[str, RunningServer],
    database: asyncpg.Connection,
    inbox: Inbox,
    providers: Providers,
    zone: Zone,
    pages: Pages,
    stripe: LocalStripe,
) -> System:
    edge = str(servers.target.edge)
    rest = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://{edge}", timeout=60, trust_env=False))
    channel = await stack.enter_async_context(grpc.aio.insecure_channel(edge))
    channels = {
        name: await stack.enter_async_context(channel_to(servers.certificates, servers.state.ports[name], "gateway"))
        for name in SERVICES
    }
    settings = Settings.of("user", servers.environment)
    return System(
        servers, servers.environment, fleet, database, rest, channel, channels, inbox, providers, zone, pages, stripe,
        Blobs.open(settings), await stack.enter_async_context(Database.opened(settings.database_url.get_secret_value())),
    )  # fmt: skip


def channel_to(certificates: Path, port: int, identity: str | None) -> grpc.aio.Channel:
    """To a server's own port; with no `identity`, as somebody without certificate."""
    parts: dict[str, Any] = {"root_certificates": (certificates / "ca.pem").read_bytes()}
    if identity:
        parts["private_key"] = (certificates / f"{identity}-key.pem").read_bytes()
        parts["certificate_chain"] = (certificates / f"{identity}.pem").read_bytes()
    options = [("grpc.ssl_target_name_override", "localhost")]
    return grpc.aio.secure_channel(f"{LOOPBACK}:{port}", grpc.ssl_channel_credentials(**parts), options=options)


def as_service(name: str) -> tuple[tuple[str, str], ...]:
    """Metadata that the gateway adds for a service on the mesh."""
    return (("x-forwarded-client-cert", f"By=x;URI={TRUST_DOMAIN}{name}"),)
