"""Work that goes on beside the calls, for as long as its process does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from services.kit.errors import Unavailable

log = logging.getLogger(__name__)

CANCEL_SECONDS = 1.0


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    """Runs `work` beside the block and ends it with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        await ended(task)


async def ended(task: asyncio.Task[Any]) -> None:
    """Cancels it, and again until it has ended: a library in whose own timeout the first falls may lose it."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_SECONDS)
    if not task.cancelled():
        task.exception()


async def for_ever(
    step: Callable[[], Awaitable[object]], seconds: float, purpose: str, wake: asyncio.Event | None = None
) -> NoReturn:
    """`step`, a pause of so many `seconds`, and again. `wake` ends a pause early. `purpose` is for the log: "cannot `purpose`"."""
    wake = wake or asyncio.Event()
    while True:
        wake.clear()
        try:
            await step()
        except Unavailable as failure:
            log.warning("cannot %s; trying again: %s (%r)", purpose, failure, failure.__cause__)
        # Whatever it is: a loop that ended would leave its duty undone from then on, and nothing else would notice.
        except Exception:
            log.warning("cannot %s; trying again", purpose, exc_info=True)
        await woken(wake, seconds)


async def woken(wake: asyncio.Event, seconds: float) -> bool:
    """Whether `wake` was set before so many `seconds` were over."""
    try:
        # Not `asyncio.wait_for`: Python 3.11's forgets to be cancelled in the moment in which what it waits for comes.
        async with asyncio.timeout(seconds):
            return await wake.wait()
    except TimeoutError:
        return False
