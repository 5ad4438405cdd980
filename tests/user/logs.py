"""An activity log in a database and a bucket of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg

from services.kit.blobs import Blobs
from services.kit.db import Database
from services.kit.seal import pseudonym
from services.kit.settings import Settings
from services.migrate import EXTENSIONS, upgrade
from services.user.activities import verify_log
from services.user.activity_chain import Verdict
from services.user.activity_checkpoints import sign_checkpoint
from tests.harness import System

RECORD = "select activity.record($1, $2, 'user', 'skillsync.user.v1.UserService.' || $3, $4, $5, $6, $7)"
APPEND = RECORD.replace("record", "append")

# What everybody can do who knows the public algorithm: numbers without gaps, for addresses too, and every hash anew.
RECHAIN = """
create function public.rechain() returns void language plpgsql as $$
declare
  line record;
  last bytea := decode(repeat('00', 32), 'hex');
  place bigint := 0;
begin
  for line in select ctid as at, *, trim_scale(extract(epoch from time) * 1000000)::text as moment
    from activity.activities order by sequence, hash
  loop
    place := place + 1;
    update activity.addresses set sequence = place + 1000000 where sequence = line.sequence and line.sequence > 0;
    last := sha256(last || case when coalesce(to_jsonb(line)->>'version', '1') = '1' then activity.canonical('1', place::text, line.moment,
      coalesce(line.actor_id::text, ''), line.service, line.action, line.target, coalesce(line.session_id::text, ''), line.result,
      encode(line.address_hash, 'hex')) else activity.canonical(to_jsonb(line)->>'version', place::text, line.moment,
      coalesce(to_jsonb(line)->>'owner_id', ''), coalesce(line.actor_id::text, ''), line.service, line.action, line.target,
      coalesce(line.session_id::text, ''), line.result, encode(line.address_hash, 'hex')) end);
    update activity.activities set sequence = place, hash = last where ctid = line.at;
  end loop;
  update activity.addresses set sequence = sequence - 1000000 where sequence > 1000000;
  update activity.head set sequence = place, hash = last;
end $$
"""


@dataclass
class Log:
    """`db` is its superuser's. `alone` is the way in for statements of one's own, each committed."""

    db: Database
    blobs: Blobs
    key: str
    alone: asyncpg.Connection
    url: str

    async def write(self, statement: str = APPEND, **fields: Any) -> int:
        """One line. Returns its number."""
        line = {"owner": None, "actor": None, "action": "X", "target": "", "session": None, "result": "OK"} | fields
        return int(await self.alone.fetchval(statement, *line.values(), *([] if "address" in line else ["192.0.2.1"])))

    async def sign_as_before(self) -> None:
        """A checkpoint of the time when each was signed by itself."""
        head = await self.alone.fetchrow("select sequence, hash from activity.head")
        mac = pseudonym(self.key, "activity checkpoint", f"{head['sequence']}/{head['hash'].hex()}")
        statement = "insert into activity.checkpoints (sequence, hash, mac) values ($1, $2, $3)"
        await self.alone.execute(statement, head["sequence"], head["hash"], mac)

    async def sign(self) -> None:
        await sign_checkpoint(self.db, self.blobs, self.key)

    async def verified(self) -> Verdict:
        return await verify_log(self.db, self.blobs, self.key, 0, 0)


@asynccontextmanager
async def an_empty_log(system: System, revision: str = "head") -> AsyncIterator[Log]:
    """In a database and a bucket of its own. Neither is left: S3 has room for as many buckets as the disk has free gigabytes."""
    async with system.empty_database() if revision == "head" else _a_database(system, revision) as name:
        url = system.database_url(name)
        settings = Settings.of("user", system.environment | {"SKILLSYNC_S3_BUCKET": name})
        blobs = Blobs.open(settings)
        await blobs.create_bucket()
        alone = await asyncpg.connect(url)
        await alone.execute(RECHAIN)
        try:
            async with Database.opened(url) as db:
                yield Log(db, blobs, settings.seal_key.get_secret_value(), alone, url)
        finally:
            await alone.close()
            await blobs.delete_all("")
            await asyncio.to_thread(blobs._client.delete_bucket, Bucket=name)


@asynccontextmanager
async def _a_database(system: System, revision: str) -> AsyncIterator[str]:
    """The name of one as it was at this revision."""
    name = f"log-{uuid4().hex[:8]}"
    await system.database.execute(f'create database "{name}"')
    try:
        url = system.database_url(name)
        connection = await asyncpg.connect(url)
        await connection.execute("".join(f"create extension {extension};" for extension in EXTENSIONS))
        await connection.close()
        await upgrade(url, revision)
        yield name
    finally:
        await system.database.execute(f'drop database "{name}" with (force)')
