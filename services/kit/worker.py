"""Dramatiq over the outbox: takes job ids from Redis, leases the jobs and runs their handlers on one event loop."""

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from services.kit import jobs
from services.kit.jobs import Handler, Queue

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """What one service gives its workers to do."""

    queue: Queue
    schema: str
    handlers: Mapping[str, Handler]
    on_dead: Mapping[str, Handler] = field(default_factory=dict)


class Worker:
    """Runs the jobs of one or several services in this process, `threads` at a time."""

    def __init__(self, broker: RedisBroker, works: Sequence[Work], threads: int = 2) -> None:
        self._broker = broker
        self._works = works
        self._loop = asyncio.get_running_loop()
        for work in works:
            self._register(work)
        self._worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=200)
        self._sweeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._worker.start()
        self._sweeper = asyncio.create_task(self._bury_exhausted())

    async def close(self) -> None:
        """Waits for what runs, up to 10 s; what does not end by then is taken up elsewhere when its lease is over."""
        if self._sweeper:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
        stopper = threading.Thread(target=self._worker.stop, kwargs={"timeout": 10_000}, daemon=True)
        stopper.start()
        while stopper.is_alive():  # noqa: ASYNC110 - a thread cannot set an event of ours and end
            await asyncio.sleep(0.05)

    def _register(self, work: Work) -> None:
        def run(job_id: str) -> None:
            self._wait(self._run(work, UUID(job_id)))

        dramatiq.actor(actor_name=f"{work.schema}.run", queue_name=work.schema, broker=self._broker)(run)

    def _wait(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """In a thread of Dramatiq's: runs on our loop, returns when done."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        concurrent.futures.wait([future])
        future.result()

    async def _run(self, work: Work, job_id: UUID) -> None:
        job = await work.queue.take(job_id)
        if job is not None:
            await jobs.run(work.queue, job, work.handlers, work.on_dead)

    async def _bury_exhausted(self) -> None:
        while True:
            await asyncio.sleep(1)
            for work in self._works:
                try:
                    for job in await work.queue.exhausted():
                        await jobs.give_up(work.queue, job, work.on_dead, "its process ended each time")
                except Exception:
                    log.warning("dead jobs of %s cannot be buried; trying again", work.schema, exc_info=True)
