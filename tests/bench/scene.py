"""What is measured in: a position with 500 ranked people among many, and its recruiter."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import grpc
from rich.console import Console
from skillsync.matching.v1 import matching_service_pb2 as pb
from sqlalchemy import func, select

from services.ai.matching import Reason, Score
from services.ai.spans import Span
from services.demo.client import Client, Person
from services.embedded.postgres import superuser_url
from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from services.matching import queries, rankings
from services.matching.rankings import Cause, Pair
from services.matching.tables import jobs
from services.migrate import DATABASE
from services.stack.servers import Servers
from services.stack.up import Stack
from tests.bench import people as generated
from tests.bench.frames import Watching

RANKED, SHOWN = 500, 50
FOLLOWED = ("candidates", "hiring")
STREAM = "/skillsync.matching.v1.MatchingService/StreamMatches"
# So many stay in the first ranks whatever their scores: a change of one of them is one event.
ELITE = 25

console = Console()


class Scene:
    """A position with 500 ranked people among many, and its recruiter."""

    def __init__(self, stack: Stack, client: Client, size: int, db: Database, recruiter: Person, position: str) -> None:
        self.stack, self.client, self.size, self.db = stack, client, size, db
        self.recruiter, self.position = recruiter, position
        self.people = [UUID(int=i) for i in range(RANKED)]
        self.random = random.Random(5)

    @classmethod
    @asynccontextmanager
    async def opened(cls, stack: Stack, client: Client, size: int) -> AsyncIterator["Scene"]:
        url = superuser_url(stack.data / "postgres", stack.state.ports["postgres"], DATABASE)
        database = await asyncpg.connect(url)
        # The first look at the other services takes away whom they do not know.
        while await database.fetchval("select count(*) from matching.follows") < len(FOLLOWED):
            await asyncio.sleep(0.1)
        console.print(f"{size:,} candidates: loading and indexing")
        await generated.load(database, generated.People(size))
        await database.close()
        recruiter, position = await a_position(client)
        settings = Settings.of("matching", Servers(stack.data, stack.state).environment)
        async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db:
            scene = cls(stack, client, size, db, recruiter, position)
            await scene.ranked()
            await scene.score(scene.people)
            yield scene

    async def ranked(self) -> None:
        """The position's own jobs are over."""
        waiting = select(func.count()).select_from(jobs).where(jobs.c.state.in_(["queued", "running"]))
        while True:
            async with self.db.read() as session:
                found = await queries.find_ranking(session, UUID(self.position))
                left = (await session.execute(waiting)).scalar_one()
            if found and found.refresh_date and not left:
                return
            await asyncio.sleep(0.1)

    async def score(self, some: Sequence[UUID]) -> float:
        """Other scores for these people, in one change. Returns when it was stored."""
        async with self.db.write() as session:
            position = await queries.find_position(session, UUID(self.position))
            assert position is not None
            pairs = [self._pair(one, position.version) for one in some]
            await rankings.store(session, position.id, pairs, Cause.CANDIDATE)
        return time.perf_counter()

    def _pair(self, candidate_id: UUID, version: str) -> Pair:
        """As large as real ones: twelve reasons, with evidence."""
        share = self.random.uniform(0.9, 1) / 12 if candidate_id.int < ELITE else self.random.uniform(0, 0.9) / 12
        span = Span(100, 160, 1, "Led the move of the billing platform to Kubernetes and Go")
        reasons = tuple(
            Reason("skill", f"Skill {i}: 3.2 years, last used 2026", "exact", 1 / 12, share, span, (span, span))
            for i in range(12)
        )
        found = Score(12 * share, reasons)
        day = date(2026, 11, 1)
        return Pair(UUID(self.position), candidate_id, "1", "bench", version, "", found, found, "bench", day, False)

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[grpc.aio.Channel]:
        # A connection of its own: channels to one address share theirs, and the gateway lets so many streams into each.
        options = (("grpc.use_local_subchannel_pool", 1),)
        async with grpc.aio.insecure_channel(self.stack.state.urls["grpc"], options) as channel:
            yield channel

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.recruiter.token}"),)

    def request(self, token: str = "") -> pb.StreamMatchesRequest:
        return pb.StreamMatchesRequest(position_id=self.position, limit=SHOWN, resume_token=token)

    def raw_stream(self, channel: grpc.aio.Channel) -> Any:
        """Responses as bytes: the client's own work is none of what is measured."""
        call = channel.unary_stream(STREAM, pb.StreamMatchesRequest.SerializeToString, lambda data: data)
        return call(self.request(), metadata=self.metadata)

    def watching(self, streams: int) -> AbstractAsyncContextManager[Watching]:
        headers = [(":method", "POST"), (":scheme", "http"), (":path", STREAM), (":authority", "bench")]
        headers += [("content-type", "application/grpc"), ("te", "trailers"), *self.metadata]
        return Watching.opened(self.stack.state.urls["grpc"], headers, self.request().SerializeToString(), streams)


async def a_position(client: Client) -> tuple[Person, str]:
    recruiter = await client.sign_up("recruiter", "PLATFORM_TALENTHUB")
    await client.call("POST", "/v1/organizations", recruiter, json={"organization": {"displayName": "Bench"}})
    body = {
        "title": "Go developer",
        "description": "You know Go, Kubernetes and PostgreSQL and have 5 years of experience.",
    }
    made = await client.call("POST", "/positions/create", recruiter, json=body)
    await client.call("POST", f"/v1/positions/{made['id']}:publish", recruiter, json={})
    return recruiter, made["id"]
