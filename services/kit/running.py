"""The calls that a server has under way. They end with the server, and with the sessions of who makes them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from services.kit import errors
from services.kit.auth import Caller, caller

# Stands for the caller of a call whose session has ended.
ENDED = Caller(service="ended")

Tasks = dict[asyncio.Task[Any], Caller]


class Running:
    """`streams` and `calls` (those with one answer) by the tasks that serve them."""

    def __init__(self) -> None:
        self.streams: Tasks = {}
        self.calls: Tasks = {}
        # Calls of ended sessions, as of the last look.
        self._late: set[asyncio.Task[Any]] = set()
        self._draining = False

    def end_streams(self) -> None:
        """Streams end by themselves only when their clients do. Each is told UNAVAILABLE, and resumes at another replica."""
        self._end(self.streams)

    def end_calls(self) -> None:
        """The time for draining is over: who still waits is told UNAVAILABLE."""
        self._end(self.calls)

    def _end(self, tasks: Iterable[asyncio.Task[Any]]) -> None:
        self._draining = True
        for task in tasks:
            task.cancel()

    async def end_those_of_ended(self, ended_of: Callable[[Collection[UUID]], Awaitable[set[UUID]]]) -> None:
        """A stream outlives the token that opened it, but neither it nor a long call, e.g. an upload, outlives its session.

        Calls have until the next time: one of them may be what ended the session, about to answer.
        """
        callers = [*self.streams.values(), *self.calls.values()]
        ended = await ended_of({who.session_id for who in callers if who.session_id})
        late = {task for task, who in self.calls.items() if who.session_id in ended}
        _end_of_session(self.streams, {task for task, who in self.streams.items() if who.session_id in ended})
        _end_of_session(self.calls, late & self._late)
        self._late = late

    @asynccontextmanager
    async def among(self, tasks: Tasks) -> AsyncIterator[None]:
        """Meanwhile. Raises Unavailable when the server ends it, Unauthenticated when the caller's session has ended."""
        task = asyncio.current_task()
        assert task is not None
        tasks[task] = caller()
        try:
            yield
        except asyncio.CancelledError:
            over = tasks[task] is ENDED
            if not (self._draining or over) or task.uncancel() > 0:
                raise
            if over:
                raise errors.Unauthenticated("the session has ended; sign in again") from None
            raise errors.Unavailable("this replica") from None
        finally:
            del tasks[task]


def _end_of_session(tasks: Tasks, ended: Iterable[asyncio.Task[Any]]) -> None:
    for task in ended:
        tasks[task] = ENDED
        task.cancel()
