"""Servers of others, started by the command of docker-compose.yml with the programs of the embedded stack."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
import redis.asyncio
from botocore.config import Config
from botocore.exceptions import ClientError
from redis.exceptions import AuthenticationError

from services.embedded import s3, valkey
from services.embedded.program import Program, answers
from services.stack.environment import BUCKET
from services.stack.ports import LOOPBACK, choose
from tests.deploy.compose import environment, service

# Says what it was started with, then becomes the real one.
NOTED = '#!/bin/sh\nprintf "%s\\n" "$@" > "{notes}"\nexec "{program}" "$@"\n'


@asynccontextmanager
async def running(program: Program) -> AsyncIterator[None]:
    try:
        await program.start()
        yield
    finally:
        await program.stop()


async def test_valkey_keeps_what_the_embedded_one_keeps_and_its_password_to_itself(tmp_path: Path) -> None:
    (port,) = choose(["one"], {}, {}).values()
    notes, log = tmp_path / "arguments", tmp_path / "log"
    embedded = valkey.valkey(tmp_path / "embedded", port, "unused", log)
    stand_in = tmp_path / "valkey-server"
    stand_in.write_text(NOTED.format(notes=notes, program=embedded.command[0]))
    stand_in.chmod(0o755)
    *shell, script = service("valkey")["command"]
    script = script.replace("--dir /data", f"--dir {tmp_path} --bind {LOOPBACK} --port {port}")
    own = environment("valkey") | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ready = partial(answers, LOOPBACK, port)
    async with running(Program("valkey", [*shell, script], log, ready, env=own)):
        with pytest.raises(AuthenticationError):
            await options(port, None)
        expected = {name: value.strip('"') for name, value in valkey.OPTIONS.items()}
        assert await options(port, own["REDIS_PASSWORD"]) == expected
    assert "--appendonly" in notes.read_text()
    assert own["REDIS_PASSWORD"] not in notes.read_text()


async def options(port: int, password: str | None) -> dict[str | None, str | None]:
    async with redis.asyncio.Redis(port=port, password=password, decode_responses=True) as client:
        return dict(await client.config_get(*valkey.OPTIONS))


async def test_s3_is_for_who_has_its_keys(tmp_path: Path) -> None:
    ports = choose(s3.PORTS, {}, {})
    embedded = s3.s3(tmp_path / "embedded", ports, "unused", "unused", BUCKET, tmp_path / "log")
    own = environment("s3")
    keys = own["AWS_ACCESS_KEY_ID"], own["AWS_SECRET_ACCESS_KEY"]
    (tmp_path / "data").mkdir()
    command = [word.replace("/data", str(tmp_path / "data")) for word in service("s3")["command"][1:]]
    there = [word for word in embedded.command if "port=" in word and word not in s3.OFF]
    here = [str(embedded.command[0]), *command, "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *there]
    ready = s3.s3(tmp_path / "embedded", ports, *keys, BUCKET, tmp_path / "log").ready
    async with running(Program("s3", here, tmp_path / "log", ready, env=own)):
        url = f"http://{LOOPBACK}:{ports['s3']}"
        with pytest.raises(ClientError, match="403|AccessDenied|InvalidAccessKeyId"):
            client(url, "stranger", "stranger").list_objects_v2(Bucket=BUCKET)
        assert client(url, *keys).list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def client(url: str, access_key: str, secret_key: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}),
    )
