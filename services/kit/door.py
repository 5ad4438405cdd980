"""What all replicas together know of callers: how often they called, and whose session has ended. Lives in Redis, under keyed hashes.

Redis may be away: each process then counts by itself, so that a caller has each limit once in every replica, and refuses the sessions of
whose end it knows. Ends that Redis has not heard of are told to it before anything else when it is back.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, TypeVar, cast
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from services.kit import telemetry
from services.kit.background import beside, for_ever
from services.kit.db import WriteSession
from services.kit.errors import RateLimited, Unauthenticated
from services.kit.line import SILENCE, Line
from services.kit.seal import pseudonym
from services.kit.settings import Settings

# While Redis is away it is looked for so often, and no call waits for it.
PAUSE_SECONDS = 1.0
# Longer than any access token lives.
ENDED_SECONDS = 700
# Written to see whether Redis is back. A ping would also be answered by a replica that only reads.
SIGN_OF_LIFE = "door"
# What one subscriber has to choose addresses from.
IPV6_PREFIX = 64

log = logging.getLogger(__name__)

T = TypeVar("T")

Counted = tuple[RateLimitItem, str, str]
"""A limit, what it is of, and whose."""


@dataclass(frozen=True, slots=True)
class MethodLimit:
    """Calls a minute of one method, of one account and from one address; 0 leaves it to what holds for all methods."""

    per_account: int = 0
    per_address: int = 0


UNLIMITED = MethodLimit()


class Away(Exception):
    """Redis does not answer."""


class EndedSessions:
    """Those of the last ENDED_SECONDS. Older ones have no token left that is alive."""

    def __init__(self) -> None:
        self._until: dict[UUID, float] = {}

    def add(self, session_ids: Collection[UUID]) -> None:
        until = time.monotonic() + ENDED_SECONDS
        self._until |= dict.fromkeys(session_ids, until)

    def discard(self, session_ids: Collection[UUID]) -> None:
        for session_id in session_ids:
            self._until.pop(session_id, None)

    def among(self, session_ids: Collection[UUID]) -> set[UUID]:
        return self._until.keys() & set(session_ids)

    def all(self) -> list[UUID]:
        return list(self._until)

    def forget_old(self) -> None:
        now = time.monotonic()
        self.discard([session_id for session_id, until in self._until.items() if until < now])


class Door:
    """One for each process. Its `settings.limits_factor` scales every limit: load tests come from one address."""

    def __init__(self, settings: Settings, line: Line) -> None:
        self.settings = settings
        self._line = line
        self._shared = SlidingWindowCounterRateLimiter(Counts(settings.redis_url.get_secret_value(), line))
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._seal_key = settings.seal_key.get_secret_value()
        self._all = MethodLimit(settings.calls_per_account, settings.calls_per_address)
        self._ended, self._untold = EndedSessions(), EndedSessions()
        self._away = False
        self._look = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings) -> AsyncIterator["Door"]:
        """For as long as the block. Connects when first used."""
        async with AsyncExitStack() as stack:
            line = await stack.enter_async_context(Line(settings.redis_url.get_secret_value()))
            door = cls(settings, line)
            # The process ends and takes with it what it has not told.
            stack.push_async_callback(door._catch_up)
            purpose = "tell Redis of ended sessions"
            await stack.enter_async_context(beside(for_ever(door._catch_up, PAUSE_SECONDS, purpose, door._look)))
            yield door

    async def admit(
        self,
        method: str,
        limit: MethodLimit,
        address: str,
        account_id: UUID | None = None,
        session_id: UUID | None = None,
    ) -> None:
        """Counts a call. Raises RateLimited when there were too many, Unauthenticated when the session has ended."""
        account, network, sessions = str(account_id or ""), network_of(address), [session_id] if session_id else []
        counted = [
            *self._items("all", self._all.per_account, "account", account),
            *self._items("all", self._all.per_address, "address", network),
            *self._items(method, limit.per_account, "account", account),
            *self._items(method, limit.per_address, "address", network),
        ]
        try:
            ended, late = await self._ask(lambda: self._judged(counted, sessions))
        except Away:
            ended, late = self._ended.among(sessions), await _late(self._own, counted, await _hits(self._own, counted))
        if ended:
            raise Unauthenticated("the session has ended; sign in again")
        if late:
            raise late

    async def _judged(self, counted: list[Counted], sessions: list[UUID]) -> tuple[set[UUID], RateLimited | None]:
        """What has ended of the sessions, and the limit that is passed. All at once: one round trip."""
        ended, passed = await asyncio.gather(self._ended_of(sessions), _hits(self._shared, counted))
        return ended, await _late(self._shared, counted, passed)

    def _items(self, method: str, most: int, kind: str, whose: str) -> list[Counted]:
        if not most or not whose:
            return []
        item = RateLimitItemPerMinute(math.ceil(most * self.settings.limits_factor))
        return [(item, f"{method}/{kind}", pseudonym(self._seal_key, "limits", whose).hex())]

    async def end_sessions(self, session_ids: Collection[UUID]) -> None:
        """From now on this process takes no access token of theirs, and no other does as soon as Redis answers."""
        self._ended.add(session_ids)
        self._untold.add(session_ids)
        if session_ids:
            with suppress(Away):
                await self._ask(self._tell)

    async def ended(self, session_ids: Collection[UUID]) -> set[UUID]:
        """Those of them that have ended; while Redis is away, those of which this process knows."""
        try:
            return await self._ask(lambda: self._ended_of(session_ids))
        except Away:
            return self._ended.among(session_ids)

    async def _ended_of(self, session_ids: Collection[UUID]) -> set[UUID]:
        others = [session_id for session_id in session_ids if not self._ended.among([session_id])]
        if others:
            found = await self._line.mget([self._key(session_id) for session_id in others])
            self._ended.add([one for one, value in zip(others, found, strict=True) if value is not None])
        return self._ended.among(session_ids)

    def _key(self, session_id: UUID) -> str:
        return "ended:" + pseudonym(self._seal_key, "ended sessions", str(session_id)).hex()

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """What Redis says. Raises Away, at once when that is known."""
        if self._away:
            raise Away
        try:
            return await question()
        except SILENCE as error:
            self._miss(error)
            raise Away from error

    def _miss(self, error: BaseException) -> None:
        """Of all that went unanswered together, one tells."""
        if not self._away:
            self._away = True
            self._look.set()
            telemetry.DOOR_OPEN.inc()
            log.warning("each replica counts callers by itself: Redis does not answer (%s)", type(error).__name__)

    async def _catch_up(self) -> None:
        """Tells Redis what it has missed; if that succeeds, it is back."""
        self._ended.forget_old()
        self._untold.forget_old()
        if self._away or self._untold.all():
            with suppress(*SILENCE):
                await self._tell()
                self._away = False

    async def _tell(self) -> None:
        untold = self._untold.all()
        keys = [SIGN_OF_LIFE, *(self._key(session_id) for session_id in untold)]
        await asyncio.gather(*(self._line.set(key, b"", ex=ENDED_SECONDS) for key in keys))
        self._untold.discard(untold)


class Counts(RedisStorage):
    """The library's counts in Redis, asked for over our line."""

    def __init__(self, url: str, line: Line) -> None:
        self._line = line
        super().__init__(f"async+{url}", implementation="redispy", key_prefix="limits")

    def configure_bridge(self) -> None:
        cast(Any, self.bridge).connection_getter = lambda _: self._line


def _hits(limiter: SlidingWindowCounterRateLimiter, counted: list[Counted]) -> "asyncio.Future[list[bool]]":
    """Counts a call everywhere at once. False where there were too many."""
    return asyncio.gather(*(limiter.hit(*one) for one in counted))


async def _late(
    limiter: SlidingWindowCounterRateLimiter, counted: list[Counted], passed: list[bool]
) -> RateLimited | None:
    """What the first of the limits says that does not let the call pass."""
    for one, good in zip(counted, passed, strict=True):
        if not good:
            stats = await limiter.get_window_stats(*one)
            return RateLimited(f"calls of this {one[1].rpartition('/')[2]}", stats.reset_time - time.time())
    return None


def network_of(address: str) -> str:
    """Whom an address stands for: of IPv6 its /64. What is no address stands for itself."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Network((int(ip), IPV6_PREFIX), strict=False))
    return str(ip)


_telling: list[Door] = []


@asynccontextmanager
async def telling(door: Door) -> AsyncIterator[None]:
    """While the block runs, sessions that end in this process are told to the others through this door."""
    _telling.append(door)
    try:
        yield
    finally:
        _telling.remove(door)


@asynccontextmanager
async def door_of(settings: Settings) -> AsyncIterator[Door]:
    """The door through which this process tells, if it does: what it could not tell holds at its own door nevertheless. Else a new one."""
    for door in _telling:
        if door.settings is settings:
            yield door
            return
    async with Door.opened(settings) as door:
        yield door


def sessions_ended(session: WriteSession, session_ids: Collection[UUID]) -> None:
    """Told once the transaction has committed, before its caller is answered."""

    async def tell() -> None:
        await asyncio.gather(*(door.end_sessions(session_ids) for door in _telling))

    session.after_commit.append(tell)
