"""People that a generator made, for tables of retrieval: vectors in clusters, skills of which few are common, and no text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import asyncpg
import numpy as np

DIMENSIONS = 384
# What one can be, how common each is by Zipf's law, and how far people of one field lie from each other as against the fields.
FIELDS, SPREAD = 2_000, 0.8
# Of what vectors are made few directions carry most, as of real ones.
DECAY = 0.4
SKILLS, LEAST_SKILLS, MOST_SKILLS = 5_000, 8, 20
COUNTRIES = np.array(["DE", "FR", "PL", "ES", "IT", "NL", "AT", "US"])
CHUNK = 50_000
# Each skill `share/p` is had by that part of all, whoever they are; `field/p` by all of some fields and nobody else.
SHARES = (0.0001, 0.001, 0.01, 0.1, 0.5, 1.0)
FIELD_SHARE = 0.1

Matrix = np.ndarray[Any, np.dtype[np.float32]]

VECTOR = np.dtype(
    [
        ("columns", ">i2"),
        ("key_bytes", ">i4"),
        ("key", "S16"),
        ("bytes", ">i4"),
        ("dimensions", ">i2"),
        ("unused", ">i2"),
        ("numbers", ">f2", DIMENSIONS),
    ]
)
# PostgreSQL's binary copy: signature, flags, length of an extension; and the end.
COPY_BEGIN, COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


@dataclass(frozen=True)
class People:
    """So many of them, the same ones each time."""

    count: int

    @cached_property
    def random(self) -> np.random.Generator:
        return np.random.default_rng(5)

    @cached_property
    def scale(self) -> Matrix:
        return (np.arange(1, DIMENSIONS + 1) ** -DECAY).astype(np.float32)

    @cached_property
    def centres(self) -> Matrix:
        return self.random.standard_normal((FIELDS, DIMENSIONS), np.float32) * self.scale

    @cached_property
    def fields(self) -> Any:
        """The field of each person."""
        return np.minimum(self.random.zipf(1.3, self.count * 2) - 1, self.count * 9)[: self.count] % FIELDS

    @cached_property
    def vectors(self) -> Matrix:
        """(count, 384), each of length 1."""
        made = np.empty((self.count, DIMENSIONS), np.float32)
        for start in range(0, self.count, CHUNK):
            made[start : start + CHUNK] = self.near(self.fields[start : start + CHUNK])
        return made

    def near(self, fields: Any) -> Matrix:
        """A vector of somebody in each of these fields."""
        noise = self.random.standard_normal((len(fields), DIMENSIONS), np.float32) * self.scale
        found = self.centres[fields] + SPREAD * noise
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    @cached_property
    def shares(self) -> Any:
        """(count,) of 0 to 1: who is below p has the skill `share/p`."""
        return self.random.permutation(self.count) / self.count

    @cached_property
    def years(self) -> Any:
        return np.round(40 * self.random.permutation(self.count) / self.count, 6)

    @cached_property
    def of_some_fields(self) -> Any:
        """Who has the skill `field/p`: of fields in random order, as many as hold that part of all people."""
        order = self.random.permutation(FIELDS)
        sizes = np.bincount(self.fields, minlength=FIELDS)[order]
        return np.isin(self.fields, order[: np.searchsorted(np.cumsum(sizes), FIELD_SHARE * self.count)])

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """For `COLUMNS` of the table of candidates."""
        random, some, shares, years = self.random, self.of_some_fields, self.shares, self.years
        for i in range(self.count):
            skills = np.minimum(random.zipf(1.2, random.integers(LEAST_SKILLS, MOST_SKILLS)), SKILLS)
            ids = {f"skill/{s}" for s in skills.tolist()} | {f"share/{p}" for p in SHARES if shares[i] < p}
            if some[i]:
                ids.add(f"field/{FIELD_SHARE}")
            wanted = [] if random.random() < 0.6 else sorted(set(random.choice(COUNTRIES, 2).tolist()))
            yield UUID(int=i), "bench", NO_FACTS, sorted(ids), int(random.integers(0, 6)), float(years[i]), wanted


# Features that can be scored, though they say nothing.
NO_FACTS = '{"skills":[],"roles":[],"education_level":0,"education":null,"languages":[],"vector":[]}'
COLUMNS = ("id", "etag", "features", "skill_ids", "education_level", "years", "countries")


INDEXES = ("ix_candidates_skill_ids", "ix_candidate_vectors_hnsw")


async def load(connection: asyncpg.Connection, people: People) -> None:
    """All at once, and the indexes after it, as migrations made them."""
    made = [await connection.fetchval("select pg_get_indexdef($1::regclass)", f"matching.{name}") for name in INDEXES]
    for name in INDEXES:
        await connection.execute(f"drop index matching.{name}")
    await connection.copy_records_to_table("candidates", schema_name="matching", columns=COLUMNS, records=people.rows())
    await connection.copy_to_table(
        "candidate_vectors", schema_name="matching", source=_copied(people.vectors), format="binary"
    )
    await connection.execute("set maintenance_work_mem = '2GB'; set max_parallel_maintenance_workers = 0")
    for definition in made:
        await connection.execute(definition)
    for table in ("candidates", "candidate_vectors"):
        await connection.execute(f"vacuum analyze matching.{table}")


async def _copied(vectors: Matrix) -> Any:
    yield COPY_BEGIN
    for start in range(0, len(vectors), CHUNK):
        some = vectors[start : start + CHUNK]
        rows = np.empty(len(some), VECTOR)
        rows["columns"], rows["key_bytes"], rows["bytes"] = 2, 16, 4 + 2 * DIMENSIONS
        rows["dimensions"], rows["unused"], rows["numbers"] = DIMENSIONS, 0, some
        rows["key"] = [i.to_bytes(16, "big") for i in range(start, start + len(some))]
        yield rows.tobytes()
    yield COPY_END
