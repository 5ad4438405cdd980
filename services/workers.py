"""The workers of all services in one process: the only one that loads models."""

import os
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache

from services.ai.embedding import Encoder, MiniLM
from services.ai.skills import SkillLinker, load
from services.careerforge.app import open_work as open_careerforge
from services.kit.outbox import open_broker
from services.kit.settings import Settings
from services.kit.worker import Work, open_worker
from services.matching.app import open_work as open_matching
from services.user.app import open_work as open_user

WORKS: dict[str, Callable[[Settings, Encoder, Callable[[], SkillLinker]], AbstractAsyncContextManager[Work]]] = {
    # The one that needs no model.
    "user": lambda settings, *_: open_user(settings),
    "careerforge": open_careerforge,
    "matching": open_matching,
}


@asynccontextmanager
async def open_workers(
    environment: Mapping[str, str] = os.environ, encoder: Encoder | None = None, threads: int = 2
) -> AsyncIterator[None]:
    """Does jobs, `threads` at a time, as long as the block runs. Models load beside the first jobs, which wait for what they need."""
    encoder, linker = encoder or MiniLM(), cache(lambda: SkillLinker(load()))
    settings = {name: Settings.of(name, environment) for name in WORKS}
    async with AsyncExitStack() as stack:
        works = [
            await stack.enter_async_context(open_work(settings[name], encoder, linker))
            for name, open_work in WORKS.items()
        ]
        broker = open_broker(settings["careerforge"].redis_url.get_secret_value())
        await stack.enter_async_context(open_worker(broker, works, threads))
        # While the first jobs are still on their way. A daemon: who is told to end does not wait for models.
        threading.Thread(target=_load, args=(encoder, linker), daemon=True).start()
        yield


def _load(encoder: Encoder, linker: Callable[[], SkillLinker]) -> None:
    linker()
    encoder.load()
