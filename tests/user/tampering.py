"""What somebody does to an activity log who may write to everything in its database."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from services.kit.db import Database, ReadSession, async_url
from services.user.activities import verify_log
from services.user.activity_chain import Verdict
from tests.user.logs import Log

# Nothing that the database enforces stops its superuser.
WITHOUT_RULES = """
alter table activity.activities drop constraint pk_activities, drop constraint ck_activities_sequence,
  alter sequence drop not null, alter time drop not null, alter target drop not null, alter hash drop not null,
  alter address_hash drop not null, alter version drop not null;
alter table activity.addresses drop constraint pk_addresses, drop constraint ck_addresses_sequence, alter salt drop not null,
  alter address drop not null;
alter table activity.checkpoints drop constraint pk_checkpoints, drop constraint ck_checkpoints_sequence,
  drop constraint uq_checkpoints_number, alter number drop not null, alter mac drop not null, alter hash drop not null,
  alter sequence drop not null, alter create_time drop not null;
alter table activity.head drop constraint pk_head, drop constraint ck_head_one, drop constraint ck_head_sequence,
  alter hash drop not null, alter sequence drop not null
"""


EDITS = {
    "a microsecond": "time = time + interval '1 microsecond'",
    "another year": "time = time - interval '1 year'",
    "no time": "time = null",
    "time without end": "time = 'infinity'",
    "time without beginning": "time = '-infinity'",
    "time before Christ": "time = '4000-01-01 BC'",
    "time that no calendar has": "time = '20000-01-01'",
    "the last time there is": "time = '294276-12-31'",
    "actor": "actor_id = gen_random_uuid()",
    "no actor or nobody": "actor_id = case when actor_id is null then '00000000-0000-0000-0000-000000000000'::uuid end",
    "owner": "owner_id = gen_random_uuid()",
    "session": "session_id = case when session_id is null then gen_random_uuid() end",
    "service": "service = upper(service)",
    "action": "action = action || E'\\u0301'",
    "a forgotten person": "action = 'forget'",
    "target": "target = target || E'\\u200b'",
    "no target": "target = null",
    "bytes from one field into the next": "action = left(action, -1), target = right(action, 1) || target",
    "result": "result = case result when 'OK' then 'INTERNAL' else 'OK' end",
    "hash": "hash = set_byte(hash, 3, get_byte(hash, 3) # 255)",
    "half a hash": "hash = substr(hash, 1, 16)",
    "no hash": "hash = null",
    "address hash": "address_hash = address_hash || '\\x00'",
    "no address hash": "address_hash = null",
    "version": "version = 3 - version",
    "no version": "version = null",
    "number 0": "sequence = 0",
    "number below 0": "sequence = -sequence",
    "number far on": "sequence = sequence + 100000",
    "no number": "sequence = null",
}
ADDRESS_EDITS = {
    "address": "address = address || '0'",
    "no address": "address = ''",
    "salt": "salt = '\\x00' || salt",
    "no salt": "salt = null",
    "bytes from the address to the salt": "salt = salt || convert_to(left(address, 1), 'UTF8'), address = substr(address, 2)",
    "bytes from the salt to the address": "salt = '', address = encode(salt, 'escape') || address",
    "number": "sequence = sequence + 100000",
}
CHECKPOINT_EDITS = {
    "mac": "mac = set_byte(mac, 1, get_byte(mac, 1) # 9)",
    "no mac": "mac = null",
    "hash": "hash = set_byte(hash, 1, get_byte(hash, 1) # 9)",
    "no hash": "hash = null",
    "line": "sequence = {o}",
    "no line": "sequence = null",
    "line 0": "sequence = 0",
    "number": "number = number + 100",
    "no number": "number = null",
    "number of before": "number = -number",
    "time": "create_time = create_time - interval '1 year'",
}
INSERT = """insert into activity.activities select {0}, time, gen_random_uuid(), service, action, target, session_id, result, address_hash,
  hash, version, owner_id from activity.activities where sequence = {{o}}"""
REWRITE = (
    "update activity.activities set actor_id = gen_random_uuid(), result = 'OK' where sequence = {p}; select rechain()"
)
CUT = "delete from activity.activities where sequence > {q}; select rechain()"
FORGERY = (
    INSERT.format("{n} + 1")
    + "; update activity.activities set action = 'forget', actor_id = null where sequence > {n}"
)
NO_CHECKPOINTS = "; delete from activity.checkpoints"
# {s} and {o} are lines, {p} is a signed one, {q} one before the last signed, {n} the last of all; {t} has an owner and an address,
# {c} is a line with a checkpoint.
TAMPERINGS = {
    **{f"line: {name}": f"update activity.activities set {to} where sequence = {{s}}" for name, to in EDITS.items()},
    **{
        f"address: {name}": f"update activity.addresses set {to} where sequence = {{t}}"
        for name, to in ADDRESS_EDITS.items()
    },
    **{
        f"checkpoint: {name}": f"update activity.checkpoints set {to} where sequence = {{c}}"
        for name, to in CHECKPOINT_EDITS.items()
    },
    "an address given to somebody else": "update activity.addresses set owner_id = gen_random_uuid() where sequence = {t}",
    "an address given to nobody": "update activity.addresses set owner_id = null where sequence = {t}",
    "an address deleted": "delete from activity.addresses where sequence = {t}",
    "all addresses deleted": "delete from activity.addresses",
    "an address given back": "insert into activity.addresses select a.sequence, a.owner_id, decode(repeat('00', 16), 'hex'), 'x'"
    " from activity.activities a where not exists (select from activity.addresses b where b.sequence = a.sequence)",
    "an address and its hash, and rechained": "update activity.addresses set address = 'x' where sequence = {p};"
    "update activity.activities a set address_hash = sha256(b.salt || convert_to(b.address, 'UTF8')) from activity.addresses b"
    " where a.sequence = {p} and b.sequence = {p}; select rechain()",
    "the first deleted": "delete from activity.activities where sequence = 1",
    "one deleted": "delete from activity.activities where sequence = {s}",
    "one deleted and rechained": "delete from activity.activities where sequence = {p}; select rechain()",
    "the end deleted": "delete from activity.activities where sequence > {q}",
    "the end deleted and rechained": CUT,
    "the end deleted with its checkpoints and rechained": CUT
    + "; delete from activity.checkpoints where sequence > {q}",
    "everything deleted": "delete from activity.activities",
    "everything deleted, the head too": "delete from activity.activities; select rechain()",
    "everything deleted, checkpoints too": "delete from activity.activities; select rechain()" + NO_CHECKPOINTS,
    "one inserted at 0": INSERT.format("0"),
    "one inserted below": INSERT.format("-{o}"),
    "one inserted without number": INSERT.format("null"),
    "one inserted after the end": INSERT.format("{n} + 1"),
    "one inserted far after the end": INSERT.format("{n} + 500"),
    "one inserted twice": INSERT.format("{s}"),
    "one inserted and rechained": INSERT.format("{p}") + "; select rechain()",
    "a person forgotten whom nobody erased": FORGERY + "; delete from activity.addresses where sequence = {t}",
    "two exchanged": "update activity.activities set sequence = {s} + {o} - sequence where sequence in ({s}, {o})",
    "two exchanged with their addresses": "update activity.activities set sequence = {s} + {o} - sequence where sequence in ({s}, {o});"
    "update activity.addresses set sequence = {s} + {o} - sequence where sequence in ({s}, {o})",
    "rewritten": REWRITE,
    "rewritten, all checkpoints deleted": REWRITE + NO_CHECKPOINTS,
    "rewritten, checkpoints from there deleted": REWRITE + NO_CHECKPOINTS + " where sequence >= {p}",
    "rewritten, checkpoints adapted": REWRITE
    + "; update activity.checkpoints c set hash = a.hash from activity.activities a"
    " where a.sequence = c.sequence",
    "a checkpoint deleted": "delete from activity.checkpoints where sequence = {c}",
    "the checkpoint from before deleted": "delete from activity.checkpoints where number <= 0",
    "all checkpoints deleted": "delete from activity.checkpoints",
    "a checkpoint forged": "insert into activity.checkpoints (sequence, hash, mac, number) select sequence, hash, '\\x00', 100"
    " from activity.activities where sequence = {s}",
    "a checkpoint as from before": "insert into activity.checkpoints (sequence, hash, mac, number) select sequence, hash, '\\x00', -1"
    " from activity.activities where sequence = {s}",
    "a checkpoint twice": "insert into activity.checkpoints table activity.checkpoints limit 1",
    "head: hash": "update activity.head set hash = '\\x00'",
    "head: no hash": "update activity.head set hash = null",
    "head: another line": "update activity.head set sequence = {s} - 1",
    "head: further on": "update activity.head set sequence = sequence + 1",
    "head: below 0": "update activity.head set sequence = -1",
    "head: nowhere": "update activity.head set sequence = null",
    "head: none": "delete from activity.head",
    "head: two": "insert into activity.head table activity.head",
}


@dataclass
class Attacker:
    """In a transaction that is never committed, with a log whose newest checkpoint is for the line `signed` of `size`."""

    log: Log
    connection: AsyncConnection
    chance: random.Random
    size: int
    checkpoints: list[int]
    owned: list[int]
    # What is in the log before and after each attempt.
    untouched: list[str]

    async def tamper(self, statements: str) -> Verdict | None:
        """What the verification says, and then all is as before; None when nothing was changed."""
        nested = await self.connection.begin_nested()
        for statement in statements.format(**self._places()).split(";"):
            await self.connection.execute(text(statement.replace(":", "\\:")))
        verdict = await self.verified() if await all_of(self.connection) != self.untouched else None
        await nested.rollback()
        return verdict

    async def verified(self) -> Verdict:
        return await verify_log(cast(Database, self), self.log.blobs, self.log.key, 0, 0)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[ReadSession]:
        async with ReadSession(self.connection, join_transaction_mode="create_savepoint") as session:
            yield session

    def _places(self) -> dict[str, int]:
        one, other = self.chance.sample(range(1, self.size + 1), 2)
        signed = self.checkpoints[-1]
        return {
            "s": one,
            "o": other,
            "p": self.chance.randint(1, signed),
            "q": self.chance.randint(1, signed - 1),
            "n": self.size,
            "t": self.chance.choice(self.owned),
            "c": self.chance.choice(self.checkpoints),
        }


async def all_of(connection: AsyncConnection) -> list[str]:
    """What is in each table of the log, in short."""
    tables = ("activities", "addresses", "checkpoints", "head")
    each = " union all ".join(
        f"select md5(string_agg(t::text, '' order by t::text)) from activity.{t} t" for t in tables
    )
    return list((await connection.execute(text(each))).scalars())


@asynccontextmanager
async def an_attacker(log: Log, chance: random.Random) -> AsyncIterator[Attacker]:
    size = await log.alone.fetchval("select sequence from activity.head")
    signed = await log.alone.fetch("select sequence from activity.checkpoints where number > 0 order by 1")
    owned = await log.alone.fetch(
        """select sequence from activity.addresses b join activity.activities a using (sequence)
           where a.version = 2 and b.owner_id is not null"""
    )
    engine = create_async_engine(async_url(log.url), poolclass=NullPool)
    async with engine.connect() as connection:
        for statement in WITHOUT_RULES.split(";"):
            await connection.execute(text(statement))
        numbers = [row["sequence"] for row in signed], [row["sequence"] for row in owned]
        untouched = await all_of(connection)
        yield Attacker(log, connection, chance, size, *numbers, untouched)
        assert await all_of(connection) == untouched, "an attempt left something behind"
        await connection.rollback()
    await engine.dispose()
