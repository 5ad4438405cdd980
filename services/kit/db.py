"""PostgreSQL: one `Database` for each service of a process, transactions for reading and for writing, and what all tables share.

`ReadSession` and `WriteSession` are different types so that mypy finds a write on a read path.
"""

import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, Executable, Text, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from services.kit.errors import Conflict, EtagMismatch, Unavailable

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# No request may hold a connection longer, whatever its deadline.
STATEMENT_TIMEOUT_MS = 30_000
# Nor wait longer for one: well below the callers' deadlines, so that the answer says what is short.
POOL_SECONDS = 10.0


class Table(DeclarativeBase):
    """The root of every service's tables. Times always know their zone."""

    type_annotation_map = {datetime: DateTime(timezone=True), str: Text()}  # noqa: RUF012 - SQLAlchemy's own attribute


class Timestamps:
    create_time: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    update_time: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )


class ReadSession(AsyncSession):
    """A transaction that only reads. PostgreSQL refuses writes in it too."""


class WriteSession(ReadSession):
    """A transaction that commits at the end of its block. `after_commit` functions run then, and only then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after_commit: list[Callable[[], Awaitable[None] | None]] = []


SET_TENANT = text("select set_config('skillsync.tenant', :tenant, :local)")
ENTER = "select set_config('skillsync.tenant', $1, false)"

UNIQUE_VIOLATION = "23505"
# It undid one of two that waited for each other, or gave up at the statement's time: made again, it may go through.
GAVE_UP = ("40P01", "57014")
# What the driver says of a connection that is no more, to who asks it itself.
BROKEN = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)

S = TypeVar("S", bound=ReadSession)

# The tenant of what the platform does itself: sees all rows. Anything else is an account's id; nothing sees nothing.
EVERYONE = "everyone"
NOBODY = ""

Tenant = UUID | str
"""Whose rows a transaction sees and may change, as row-level security in PostgreSQL enforces it: an account's, or EVERYONE."""

_tenant_of_call: ContextVar[Tenant | None] = ContextVar("tenant", default=None)


def set_tenant(tenant: Tenant) -> None:
    """For all transactions of the call that is being served, unless they name another."""
    _tenant_of_call.set(tenant)


class Database:
    """A service's way into its schema: two pools, because most reads are one statement and need no transaction around it.

    On connections of the reading pool PostgreSQL refuses to write, and each statement stands alone: one round trip instead of three.
    """

    def __init__(self, engine: AsyncEngine, reading: AsyncEngine, tenant: Tenant = NOBODY) -> None:
        self._tenant = tenant
        self.engine = engine
        self._reading = reading
        self._snapshots = engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    def open(cls, url: str, tenant: Tenant = NOBODY, pool_size: int = 5) -> "Database":
        """Connects when first used. `url` is `postgresql://role:password@host:port/database`; `tenant` holds outside of calls."""
        settings = {"statement_timeout": str(STATEMENT_TIMEOUT_MS), "timezone": "UTC", "skillsync.tenant": str(tenant)}
        reading = settings | {"default_transaction_read_only": "on"}
        alone = _engine(url, pool_size, reading, isolation_level="AUTOCOMMIT")
        return cls(_engine(url, pool_size, settings), alone, tenant)

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, tenant: Tenant = NOBODY) -> AsyncIterator["Database"]:
        """For as long as the block."""
        db = cls.open(url, tenant)
        try:
            yield db
        finally:
            await db.close()

    async def close(self) -> None:
        await self.engine.dispose()
        await self._reading.dispose()

    async def check(self) -> None:
        """Raises Unavailable when the database does not answer."""
        async with self.read() as session:
            await session.execute(text("select 1"))

    @asynccontextmanager
    async def read(self, tenant: Tenant | None = None) -> AsyncIterator[ReadSession]:
        """Reads; each statement sees the newest data. The tenant is the caller's, unless another is named."""
        async with self._transaction(ReadSession, self._reading, tenant) as session:
            yield session

    async def run(self, statement: Executable, values: dict[str, Any] | None = None) -> Sequence[Any]:
        """One statement that stands alone and is committed: one round trip. Returns its rows. The tenant is the database's own."""
        rows: Sequence[Any] = ()
        async with self._translated(), self._alone.connect() as connection:
            result = await connection.execute(statement, values or {})
            rows = result.all() if result.returns_rows else ()
        return rows  # noqa: RET504 - inside the block mypy would miss a return

    async def first(self, statement: str, *values: Any) -> Any | None:
        """The first row of a reading statement in the driver's words (`$1`, …), in the caller's tenant: a third of a `read`'s time."""
        async with self._translated(), self._reading.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            try:
                await driver.fetchval(ENTER, self._whose(None))
                row = await driver.fetchrow(statement, *values)
            # What happens to the driver's connection the pool does not see, and would hand out a broken one.
            except BaseException:
                await connection.invalidate()
                raise
        return row

    @asynccontextmanager
    async def prepared(self, statement: str) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
        """What is asked again and again, on a connection of its own: a twentieth of the processor time of a `read`.

        Yields what takes the statement's arguments and gives the first row or None; it raises what the driver does, and the block
        Unavailable where the connection broke. The tenant is the database's own.
        """
        async with self._translated(), self._alone.connect() as connection:
            try:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                yield (await driver.prepare(statement)).fetchrow
            # What happens to the driver's connection the pool does not see, and would hand out a broken one.
            except BaseException:
                await connection.invalidate()
                raise

    @asynccontextmanager
    async def snapshot(self, tenant: Tenant | None = None) -> AsyncIterator[ReadSession]:
        """A read-only transaction whose statements all see the same moment."""
        async with self._transaction(ReadSession, self._snapshots, tenant) as session:
            yield session

    @asynccontextmanager
    async def write(self, tenant: Tenant | None = None) -> AsyncIterator[WriteSession]:
        """One transaction; commits at the end of the block, or not at all."""
        async with self._transaction(WriteSession, self.engine, tenant) as session:
            yield session
            await session.commit()
        for hook in session.after_commit:
            if (told := hook()) is not None:
                await told

    @asynccontextmanager
    async def _transaction(self, kind: type[S], engine: AsyncEngine, tenant: Tenant | None) -> AsyncIterator[S]:
        async with kind(engine, expire_on_commit=False) as session, self._translated():
            await self._enter(session, engine, tenant)
            yield session

    @asynccontextmanager
    async def _translated(self) -> AsyncIterator[None]:
        """Into what use cases raise."""
        try:
            yield
        except IntegrityError as error:
            raise _conflict(error) from error
        # Somebody else changed the row between our reading and our writing.
        except StaleDataError as error:
            raise EtagMismatch("resource") from error
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") in GAVE_UP:
                raise Unavailable("postgres") from error
            if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
                await self._reconnect()
                raise Unavailable("postgres") from error
            raise
        except BROKEN as error:
            await self._reconnect()
            raise Unavailable("postgres") from error
        # Nobody answers, or all connections stay taken.
        except (OSError, PoolTimeoutError) as error:
            raise Unavailable("postgres") from error

    async def _enter(self, session: ReadSession, engine: AsyncEngine, tenant: Tenant | None) -> None:
        """Before anything else: so nobody's tenant is left on a connection for the next to use it.

        On the writing pool a transaction's end brings back the database's own, so that one needs no saying.
        """
        whose = self._whose(tenant)
        if engine is self._reading or whose != str(self._tenant):
            await session.execute(SET_TENANT, {"tenant": whose, "local": engine is not self._reading})

    def _whose(self, tenant: Tenant | None) -> str:
        asked = (tenant, _tenant_of_call.get(), self._tenant)
        return str(next(one for one in asked if one is not None))

    async def _reconnect(self) -> None:
        """Where one connection broke the others did too; each would cost a caller an error."""
        await self.engine.dispose()
        await self._reading.dispose()


async def insert_missing(session: WriteSession, table: type[Table], **values: Any) -> None:
    """A row, unless its key is there already: of two callers who do so at once, both go on."""
    await session.execute(insert(table).values(values).on_conflict_do_nothing())


async def lock_request(session: WriteSession, request_id: UUID) -> None:
    """Of two calls with the same request id the second waits here until the first has committed, and then finds what it made."""
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 2711))"), {"key": str(request_id)})


def _conflict(error: IntegrityError) -> Exception:
    """What two callers did at once; the use case saw neither. Other broken rules are our own mistakes."""
    if getattr(error.orig, "sqlstate", "") != UNIQUE_VIOLATION:
        return error
    return Conflict("resource", "the same was created at the same moment; read it instead")


def _engine(url: str, pool_size: int, settings: dict[str, str], **options: Any) -> AsyncEngine:
    connect = {"server_settings": settings}
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_SECONDS,
        # What people wrote stands in no error's text, and so in no log.
        hide_parameters=True,
        connect_args=connect,
        **options,
    )


def async_url(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+asyncpg")


def utc_now() -> datetime:
    return datetime.now(UTC)


def uuid7() -> UUID:
    """A UUID that sorts by time (RFC 9562, version 7): new rows go to the end of an index."""
    milliseconds = time.time_ns() // 1_000_000
    value = (
        (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    )
    return UUID(int=value)
