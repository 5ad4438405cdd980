"""Many applications at once, past the service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.kit.db import utc_now, uuid7
from services.talenthub.stages import STAGES

# Of one organization, beside the one with the many applications.
POSITIONS = 20


@dataclass(frozen=True, slots=True)
class Hiring:
    """A database with the schema of talenthub. `url` is the way in of the service: row security holds."""

    url: str
    superuser_url: str

    async def superuser(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.superuser_url)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One position that half of all applied to, and one person who sent the other half to as many positions of others."""

    member: UUID
    position: UUID
    person: UUID
    # In the middle of either list.
    middle_of_position: UUID
    middle_of_person: UUID


async def load(connection: asyncpg.Connection, count: int) -> Loaded:
    """`count` applications, with what belongs to the middle one; statistics are new afterwards."""
    member, person, here = uuid4(), uuid4(), uuid7()
    half, position = count // 2, uuid7()
    elsewhere = list(islice(keys(), half))
    received, sent = list(islice(keys(), half)), list(islice(keys(), half))
    await connection.execute("set session_replication_role = replica")
    there = list(islice(keys(), half // POSITIONS + 1))
    await copy(connection, "organizations", ("id", "display_name"), ((key, "One") for key in (here, *there)))
    await copy(
        connection, "members", ("id", "organization_id", "account_id", "role"), [(uuid7(), here, member, "ADMIN")]
    )
    # Closed, so that nobody outside sees them.
    columns = ("id", "organization_id", "title", "description", "state")
    await copy(connection, "positions", columns, [(position, here, "One", "x", "OPEN")])
    await copy(
        connection,
        "positions",
        columns,
        ((key, there[n // POSITIONS], "Other", "x", "CLOSED") for n, key in enumerate(elsewhere)),
    )
    now, stages = utc_now(), cycle(STAGES)
    columns = ("id", "position_id", "candidate_id", "stage", "stage_time")
    await copy(connection, "applications", columns, ((k, position, uuid4(), next(stages), now) for k in received))
    others = zip(sent, elsewhere, strict=True)
    await copy(connection, "applications", columns, ((k, p, person, next(stages), now) for k, p in others))
    middle = received[half // 2]
    moves = (
        (uuid7(), middle, position, "APPLIED", "SCREENING", member, now + timedelta(seconds=n)) for n in range(100)
    )
    columns = ("id", "application_id", "position_id", "from_stage", "to_stage", "actor_id", "create_time")
    came = ((key, k, position, "", "APPLIED", person, now) for key, k in zip(keys(), received, strict=False))
    await copy(connection, "stage_moves", columns, came)
    await copy(connection, "stage_moves", columns, moves)
    notes = ((key, middle, member, "x") for key in islice(keys(), 100))
    await copy(connection, "notes", ("id", "application_id", "author_id", "text"), notes)
    await connection.execute("reset session_replication_role")
    await connection.execute("vacuum analyze")
    return Loaded(member, position, person, middle, sent[half // 2])


async def copy(connection: asyncpg.Connection, table: str, columns: tuple[str, ...], rows: Any) -> None:
    await connection.copy_records_to_table(table, schema_name="talenthub", columns=columns, records=rows)


def keys() -> Iterator[UUID]:
    """In order of time, as the service makes them, also where a millisecond brings thousands."""
    first = uuid7().int
    number = first
    while True:
        yield UUID(int=number)
        number += 1 << 20
