"""What all replicas together know of callers: how often they called, and whose session has ended. Lives in Redis, under keyed hashes.

Redis may be away: calls go on then. Envoy's own limit holds for each address meanwhile, and tokens of ended sessions until they are over.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import redis.asyncio
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from services.kit import telemetry
from services.kit.db import WriteSession
from services.kit.errors import RateLimited, Unauthenticated
from services.kit.seal import pseudonym
from services.kit.settings import Settings

# For each answer of Redis; it is on the way of every call.
TIMEOUT_SECONDS = 0.25
# After a failure Redis is not asked for so long.
PAUSE_SECONDS = 1.0
# Longer than any access token lives.
ENDED_SECONDS = 700

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MethodLimit:
    """Calls a minute of one method, of one account and from one address; 0 leaves it to what holds for all methods."""

    per_account: int = 0
    per_address: int = 0


UNLIMITED = MethodLimit()


class Door:
    """`factor` scales every limit: load tests come from one address."""

    def __init__(self, settings: Settings, client: redis.asyncio.Redis, storage: RedisStorage) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._redis = client
        self._seal_key = settings.seal_key.get_secret_value()
        self._factor = settings.limits_factor
        self._all = MethodLimit(settings.calls_per_account, settings.calls_per_address)
        self._closed_until = 0.0

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings) -> AsyncIterator["Door"]:
        """For as long as the block. Connects when first used."""
        url = settings.redis_url.get_secret_value()
        timeouts: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        storage = RedisStorage(f"async+{url}", implementation="redispy", key_prefix="limits", **timeouts)
        async with redis.asyncio.Redis.from_url(url, **timeouts) as client:
            yield cls(settings, client, storage)

    async def admit(
        self,
        method: str,
        limit: MethodLimit,
        address: str,
        account_id: UUID | None = None,
        session_id: UUID | None = None,
    ) -> None:
        """Counts a call. Raises RateLimited when there were too many, Unauthenticated when the session has ended."""
        account = str(account_id or "")
        counted = [
            *self._items("all", self._all.per_account, "account", account),
            *self._items("all", self._all.per_address, "address", address),
            *self._items(method, limit.per_account, "account", account),
            *self._items(method, limit.per_address, "address", address),
        ]
        await self._if_open(lambda: self._admit(counted, session_id), None)

    async def _admit(self, counted: list[tuple[RateLimitItem, str, str]], session_id: UUID | None) -> None:
        """All at once: one round trip's time."""
        hits = (self._limiter.hit(item, of, key) for item, of, key in counted)
        ended, *passed = await asyncio.gather(self._ended([session_id] if session_id else []), *hits)
        if ended:
            raise Unauthenticated("the session has ended; sign in again")
        for (item, of, key), good in zip(counted, passed, strict=True):
            if not good:
                stats = await self._limiter.get_window_stats(item, of, key)
                raise RateLimited(f"calls of this {of.rpartition('/')[2]}", stats.reset_time - time.time())

    def _items(self, method: str, most: int, kind: str, whose: str) -> list[tuple[RateLimitItem, str, str]]:
        if not most or not whose:
            return []
        item = RateLimitItemPerMinute(math.ceil(most * self._factor))
        return [(item, f"{method}/{kind}", pseudonym(self._seal_key, "limits", whose).hex())]

    async def end_sessions(self, session_ids: Collection[UUID]) -> None:
        """From now on no service takes an access token of theirs."""

        async def tell() -> None:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for session_id in session_ids:
                    pipeline.set(self._key(session_id), b"", ex=ENDED_SECONDS)
                await pipeline.execute()

        if session_ids:
            await self._if_open(tell, None)

    async def ended(self, session_ids: Collection[UUID]) -> set[UUID]:
        """Those of them that have ended; none while Redis is away."""
        return await self._if_open(lambda: self._ended(session_ids), set())

    async def _ended(self, session_ids: Collection[UUID]) -> set[UUID]:
        if not session_ids:
            return set()
        found = await self._redis.mget([self._key(session_id) for session_id in session_ids])
        return {session_id for session_id, value in zip(session_ids, found, strict=True) if value is not None}

    def _key(self, session_id: UUID) -> str:
        return "ended:" + pseudonym(self._seal_key, "ended sessions", str(session_id)).hex()

    async def _if_open(self, ask: Callable[[], Awaitable[T]], otherwise: T) -> T:
        """What Redis says; `otherwise` while it is away, which is looked at again every second and not by every call."""
        if time.monotonic() < self._closed_until:
            return otherwise
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS * 3):
                return await ask()
        except (RedisError, OSError, TimeoutError) as error:
            self._closed_until = time.monotonic() + PAUSE_SECONDS
            telemetry.DOOR_OPEN.inc()
            log.warning("callers are not counted: Redis does not answer (%s)", type(error).__name__)
            return otherwise


_listeners: list[Callable[[Collection[UUID]], Awaitable[None]]] = []


@asynccontextmanager
async def telling(door: Door) -> AsyncIterator[None]:
    """While the block runs, sessions that end in this process are told to the others through this door."""
    _listeners.append(door.end_sessions)
    try:
        yield
    finally:
        _listeners.remove(door.end_sessions)


def sessions_ended(session: WriteSession, session_ids: Collection[UUID]) -> None:
    """Told once the transaction has committed, before its caller is answered."""

    async def tell() -> None:
        for listener in _listeners:
            await listener(session_ids)

    session.after_commit.append(tell)
