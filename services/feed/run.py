"""`skillsync feed`: follows a position until one has seen enough."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import grpc
from rich.console import Console
from rich.live import Live

from services.feed.following import FeedRefused, Following
from services.feed.session import Session, sign_in
from services.feed.view import View, table, words

FRAMES_A_SECOND = 4
# Who only wants the rows as they are waits so long for them.
ONCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What to show and how. `once`: the snapshot, and then the end. `plain`: lines, for files and other programs."""

    position_id: str
    limit: int
    once: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Who signs in: `token` alone, or `email` with the others."""

    token: str = ""
    email: str = ""
    password: str = ""
    code: str = ""


async def show(url: str, who: Who, sight: Sight, console: Console) -> None:
    """Raises FeedRefused with words for who looks."""
    async with open_gateway(url) as channel:
        following = Following(channel, await signed_in(channel, who), sight.position_id, sight.limit)
        if sight.once:
            await _once(following, sight, console)
        elif sight.plain:
            await _lines(following, console)
        else:
            await _live(following, sight, console)


@asynccontextmanager
async def open_gateway(url: str) -> AsyncIterator[grpc.aio.Channel]:
    """Raises FeedRefused for what is no address."""
    parts = urlsplit(url)
    options = [
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 5_000),
    ]
    if parts.scheme == "https":
        target = parts.netloc if parts.port else f"{parts.netloc}:443"
        channel = grpc.aio.secure_channel(target, grpc.ssl_channel_credentials(), options)
    elif parts.scheme == "http" and parts.netloc:
        channel = grpc.aio.insecure_channel(parts.netloc if parts.port else f"{parts.netloc}:80", options)
    else:
        raise FeedRefused(f"{url} is no address of a gateway; write it like http://localhost:8080")
    async with channel:
        yield channel


async def signed_in(channel: grpc.aio.Channel, who: Who) -> Session:
    """Raises FeedRefused with the service's words."""
    if who.token:
        return Session(who.token)
    try:
        return await sign_in(channel, who.email, who.password, who.code)
    except grpc.aio.AioRpcError as error:
        raise FeedRefused(error.details() or error.code().name) from error


async def _once(following: Following, sight: Sight, console: Console) -> None:
    why = "no answer"
    try:
        async with asyncio.timeout(ONCE_SECONDS), aclosing(following.news()) as news:
            async for one in news:
                why = one.why or why
                if following.ranking.complete:
                    break
    except TimeoutError as error:
        raise FeedRefused(f"the ranking did not come in {ONCE_SECONDS:.0f} s: {why}") from error
    rows = following.ranking.rows
    if not sight.plain:
        console.print(table(rows))
        return
    for rank, row in enumerate(rows, 1):
        _line(console, f"{rank}\t{row.score:.9f}\t{row.candidate_id}")


async def _lines(following: Following, console: Console) -> None:
    before = None
    async with aclosing(following.news()) as news:
        async for one in news:
            if one.connection is not before:
                before = one.connection
                _line(console, f"-- {one.connection.value}" + (f": {one.why}" if one.why else ""))
            for change in one.changes:
                _line(console, words(change))


def _line(console: Console, line: str) -> None:
    """As it is, at once: for programs, and however narrow the window is."""
    console.file.write(f"{line}\n")
    console.file.flush()


async def _live(following: Following, sight: Sight, console: Console) -> None:
    view = View(sight.position_id, following.ranking)
    # Drawn anew by time, not for each of a thousand rows; and marks fade though nothing happens.
    with Live(get_renderable=view.shown, console=console, refresh_per_second=FRAMES_A_SECOND):
        async with aclosing(following.news()) as news:
            async for one in news:
                view.take(one)
