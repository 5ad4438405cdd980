"""One connection to Redis for a whole process. What is asked while an answer is on its way goes out together, as the next pipeline.

So a call's commands cost one round trip, a thousand calls at once cost a few, and nobody waits for a free connection.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

# For one pipeline's answers, a new connection included; it is on the way of every call.
ANSWER_SECONDS = 0.25
STEPS = 10
# Commands in one pipeline: some milliseconds of Valkey's time, which others who ask it wait for.
TOGETHER = 500
# What a command raises while Redis is away.
SILENCE = (RedisError, OSError, TimeoutError)

T = TypeVar("T")

Asked = tuple[tuple[Any, ...], dict[str, Any], asyncio.Future[Any]]


class Line(redis.asyncio.Redis):
    """A client whose commands travel in common pipelines and raise one of SILENCE after ANSWER_SECONDS."""

    def __init__(self, url: str) -> None:
        # The server may have closed a connection that was idle: one more try, at once, on a new one.
        super().__init__(connection_pool=redis.asyncio.ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 1)))
        self._waiting: list[Asked] = []
        self._sending: asyncio.Task[None] | None = None

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """The answer to one command. Raises ResponseError when it alone was wrong, else what all in its pipeline hear."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((args, options, answer))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        return await answer

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Whoever waits for an answer then waits in vain."""
        if self._sending:
            self._sending.cancel()
        await super().aclose(close_connection_pool=True)

    async def _send(self) -> None:
        while asked := self._waiting[:TOGETHER]:
            del self._waiting[:TOGETHER]
            try:
                answers = await in_time(self._exchange(asked), ANSWER_SECONDS)
            # Whatever it is: who waits must hear of it. Those behind have no reason to wait as long for the same silence.
            except Exception as error:
                asked, self._waiting = asked + self._waiting, []
                answers = [error] * len(asked)
            for (*_, answer), said in zip(asked, answers, strict=True):
                _give(answer, said)

    async def _exchange(self, asked: list[Asked]) -> list[Any]:
        """One round trip. Errors of single commands stand in their places."""
        async with self.pipeline(transaction=False) as pipeline:
            for args, options, _ in asked:
                pipeline.execute_command(*args, **options)
            return await pipeline.execute(raise_on_error=False)


def _give(answer: asyncio.Future[Any], said: Any) -> None:
    # Who asked may have been cancelled.
    if answer.done():
        return
    if isinstance(said, Exception):
        answer.set_exception(said)
    else:
        answer.set_result(said)


async def in_time(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """The result of `work`. Raises TimeoutError, and ends it, after so many seconds in which this process was on time.

    A busy event loop comes late to its timers as to its answers. Of one long timer it would find the end together with the answer that
    had come in time; of short ones it finds only one over, and looks for the answer before the next begins.
    """
    task = asyncio.create_task(work)
    try:
        for _ in range(STEPS):
            done, _ = await asyncio.wait({task}, timeout=seconds / STEPS)
            if done:
                return task.result()
        raise TimeoutError
    finally:
        task.cancel()
