"""The workers of all services in one process: the only one that loads models."""

import os
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache

from services.ai.embedding import MiniLM
from services.ai.skills import ConceptRanker, SkillLinker, load
from services.careerforge.app import open_work as open_careerforge
from services.kit.outbox import open_broker
from services.kit.settings import Settings
from services.kit.worker import open_worker
from services.matching.app import open_work as open_matching
from services.talenthub.app import open_work as open_talenthub
from services.user.app import open_work as open_user

# Whose work is done here.
WORKS = ("user", "careerforge", "talenthub", "matching")


@asynccontextmanager
async def open_workers(
    environment: Mapping[str, str] = os.environ, encoder: MiniLM | None = None, threads: int = 2
) -> AsyncIterator[None]:
    """Does jobs, `threads` at a time, as long as the block runs. Models load beside the first jobs, which wait for what they need."""
    encoder, ontology = encoder or MiniLM(), load()
    linker, ranker = cache(lambda: SkillLinker(ontology)), ConceptRanker.over(ontology)
    settings = {name: Settings.of(name, environment) for name in WORKS}
    async with AsyncExitStack() as stack:
        works = [
            await stack.enter_async_context(work)
            for work in (
                open_user(settings["user"]),
                open_careerforge(settings["careerforge"], encoder, linker, ranker),
                open_talenthub(settings["talenthub"], linker),
                open_matching(settings["matching"], encoder, linker),
            )
        ]
        broker = open_broker(settings["careerforge"].redis_url.get_secret_value())
        await stack.enter_async_context(open_worker(broker, works, threads))
        # While the first jobs are still on their way. A daemon: who is told to end does not wait for models.
        threading.Thread(target=_load, args=(linker, encoder, ranker), daemon=True).start()
        yield


def _load(linker: Callable[[], SkillLinker], encoder: MiniLM, ranker: ConceptRanker) -> None:
    linker()
    encoder.load()
    ranker.load()
