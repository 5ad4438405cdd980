"""All five servers in one process, still talking to each other over gRPC through the gateway: `python -m services.fleet`."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from services.billing.app import open_app as open_billing
from services.careerforge.app import open_app as open_careerforge
from services.kit.server import RunningServer, run_until_signalled
from services.kit.settings import Settings
from services.matching.app import open_app as open_matching
from services.talenthub.app import open_app as open_talenthub
from services.user.app import open_app as open_user

APPS = {
    "user": open_user,
    "billing": open_billing,
    "careerforge": open_careerforge,
    "talenthub": open_talenthub,
    "matching": open_matching,
}


@asynccontextmanager
async def open_fleet(environment: Mapping[str, str] = os.environ) -> AsyncIterator[dict[str, RunningServer]]:
    """Running servers by name, each with settings of its own. They stop together."""
    servers: dict[str, RunningServer] = {}
    async with AsyncExitStack() as stack:
        for name, open_app in APPS.items():
            servers[name] = await stack.enter_async_context(open_app(Settings.of(name, environment)))
        stack.push_async_callback(_stop, servers)
        yield servers


async def _stop(servers: dict[str, RunningServer]) -> None:
    """At once: one after the other each would wait for its own calls."""
    await asyncio.gather(*(server.stop() for server in servers.values()))


if __name__ == "__main__":
    run_until_signalled(partial(open_fleet), "fleet", Settings.of("user"))
