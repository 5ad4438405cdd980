"""The work of matching's workers: read positions, embed, score pairs, and go on doing so when a day or a model is another."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import func, select

from services.ai import codec
from services.ai.matching import CandidateFeatures, PositionFeatures, Weights, engine_version
from services.ai.matching import scaled as scaled_weights
from services.ai.matching.edits import Edits
from services.kit import jobs
from services.kit.db import Database, WriteSession, utc_now
from services.kit.jobs import Job, Queue
from services.kit.worker import Work
from services.matching import queries, rankings, retrieving, tables
from services.matching.editing import edits_of
from services.matching.embedding import Embedder, Found
from services.matching.projection import RANK_CANDIDATE, RANK_POSITION
from services.matching.rankings import Cause, Pair
from services.matching.reading import Reader
from services.matching.search.documents import candidate_document, position_document
from services.matching.search.opening import Indexes
from services.matching.tables import Candidate, Position, PositionVector
from services.matching.versions import keep_former, version_of

EMBED_CANDIDATES = "embed_candidates"
# People embedded together, when a model is new.
TOGETHER = 64
# What is begun each minute, when a day or a model is new: uploads go on beside it.
EACH_MINUTE = 50
EVERY_SECONDS = 60.0


@dataclass(frozen=True)
class Ranker:
    """Does the jobs. Scoring is pure, so it runs in a thread; what it reads and stores are short transactions."""

    reader: Reader
    embedder: Embedder
    indexes: Indexes

    def work(self, queue: Queue) -> Work:
        handlers = {
            RANK_POSITION: self.rank_position,
            RANK_CANDIDATE: self.rank_candidate,
            EMBED_CANDIDATES: self.embed_candidates,
        }
        return Work(queue, "matching", handlers)

    def version(self) -> str:
        return engine_version(self.reader.linker().version, self.reader.encoder.version, self.embedder.version)

    async def rank_position(self, queue: Queue, job: Job) -> None:
        """Reads the position, and scores everybody who is worth it."""
        position_id = UUID(job.payload["position_id"])
        cause = Cause(job.payload.get("cause", Cause.POSITION.value))
        position, asked = await self._read(queue, job, position_id)
        if position is None or asked is None:
            return await queue.end(job)
        candidates = await retrieving.candidates(queue.db, self.indexes.candidates, position, asked)
        pairs = await asyncio.to_thread(lambda: list(self._pairs([(position, asked)], _told(candidates))))
        async with queue.finish(job) as session:
            await rankings.store(session, position_id, pairs, cause, alone=True)
            await rankings.refreshed(session, position_id, utc_now().date(), self.version())
        return None

    async def rank_candidate(self, queue: Queue, job: Job) -> None:
        """Scores one person for the open positions that are worth it."""
        candidate_id = UUID(job.payload["candidate_id"])
        candidate = (await self._embedded(queue, job, [candidate_id])).get(candidate_id)
        if candidate is None:
            return await queue.end(job)
        told = _told([candidate])
        positions = await retrieving.positions(queue.db, self.indexes.positions, candidate, told[0][1])
        asked = [(one, codec.from_json(PositionFeatures, one.features)) for one in positions]
        pairs = await asyncio.to_thread(lambda: list(self._pairs(asked, told)))
        for pair in pairs:
            async with queue.step(job) as session:
                await rankings.store(session, pair.position_id, [pair], Cause.CANDIDATE)
        return await queue.end(job)

    async def embed_candidates(self, queue: Queue, job: Job) -> None:
        """For a new model: many at once, then each is ranked."""
        ids = [UUID(one) for one in job.payload["candidate_ids"]]
        await self._embedded(queue, job, ids)
        async with queue.finish(job) as session:
            work = [(RANK_CANDIDATE, {"candidate_id": str(one)}) for one in ids]
            await jobs.enqueue_all(session, tables.jobs, work)

    async def begin_outdated(self, db: Database) -> None:
        """Jobs for what another model embedded, and for rankings of another day; no more than a minute's work is left waiting."""
        async with db.write() as session:
            waiting = await _waiting(session)
            if waiting >= EACH_MINUTE:
                return
            outdated = await queries.outdated_candidates(session, self.embedder.version, TOGETHER)
            positions = await queries.outdated_positions(session, utc_now().date(), EACH_MINUTE - waiting)
            work = [(RANK_POSITION, {"position_id": str(one), "cause": Cause.ENGINE.value}) for one in positions]
            if outdated:
                work.append((EMBED_CANDIDATES, {"candidate_ids": [str(one) for one in outdated]}))  # type: ignore[dict-item]
            await jobs.enqueue_all(session, tables.jobs, work)

    async def _read(
        self, queue: Queue, job: Job, position_id: UUID
    ) -> tuple[Position, PositionFeatures] | tuple[None, None]:
        """The position with what it asks for, stored; None unless it is open."""
        async with queue.db.read() as session:
            position = await queries.find_position(session, position_id)
            edits = await edits_of(session, position_id)
        if position is None or position.state != "OPEN":
            return None, None
        read = await asyncio.to_thread(lambda: self.reader.read(position, edits))
        full, found = await self.embedder.embed(queue.db, {position_id: read})
        asked = cast(PositionFeatures, full[position_id])
        async with queue.step(job) as session:
            stored = await _store_position(session, position, asked, edits, self.embedder.version)
            await found.keep(session)
            if stored:
                await self.indexes.positions.put(session, [position_document(stored, asked, self.reader.ontology())])
        return (stored, asked) if stored else (None, None)

    async def _embedded(self, queue: Queue, job: Job, ids: Collection[UUID]) -> dict[UUID, Candidate]:
        """Those who are still there, with all vectors stored."""
        async with queue.db.read() as session:
            rows = {row.id: row for row in await queries.candidates_by_id(session, ids)}
        outdated = {key: row for key, row in rows.items() if row.embedded_version != self.embedder.version}
        if not outdated:
            return rows
        told = {key: codec.from_json(CandidateFeatures, row.features) for key, row in outdated.items()}
        full, found = await self.embedder.embed(queue.db, told)
        async with queue.step(job) as session:
            now = {row.id: row for row in await queries.candidates_by_id(session, outdated)}
            for key, row in now.items():
                # Who changed meanwhile has a job of their own.
                if row.etag == outdated[key].etag:
                    told_now = cast(CandidateFeatures, full[key])
                    await _store_candidate(session, row, told_now, self.embedder.version)
                    document = candidate_document(row, told_now, self.reader.ontology())
                    await self.indexes.candidates.put(session, [document])
            await Found({p: v for p, v in found.vectors.items() if p[0] in now}, found.known).keep(session)
        return rows | now

    def _pairs(
        self,
        positions: Sequence[tuple[Position, PositionFeatures]],
        candidates: Sequence[tuple[Candidate, CandidateFeatures]],
    ) -> Iterator[Pair]:
        version, today = self.version(), utc_now().date()
        for position, asked in positions:
            weights = weights_of(position)
            for candidate, told in candidates:
                yield rankings.score_pair(position, asked, candidate, told, weights, version, today)


def weights_of(position: Position) -> Weights | None:
    """None for the defaults."""
    return scaled_weights(cast(Mapping[str, float], position.weights)) if position.weights else None


def _told(candidates: Sequence[Candidate]) -> list[tuple[Candidate, CandidateFeatures]]:
    return [(one, codec.from_json(CandidateFeatures, one.features)) for one in candidates]


async def _store_position(
    session: WriteSession, position: Position, asked: PositionFeatures, edits: Edits, embedded_version: str
) -> Position | None:
    """None when it was changed while we read it: that left a job of its own."""
    row = await session.get(Position, position.id, with_for_update=True)
    if row is None or row.etag != position.etag or row.weights != position.weights:
        return None
    if await edits_of(session, position.id) != edits:
        return None
    features = codec.to_json(asked)
    version = version_of(features, row.weights)
    if row.version != version:
        await keep_former(session, row.id, row.version, row.features, row.weights)
    row.features, row.features_etag, row.version, row.embedded_version = features, row.etag, version, embedded_version
    await session.flush()
    await session.merge(PositionVector(position_id=row.id, vector=list(asked.vector)))
    await session.flush()
    await session.refresh(row)
    return row


async def _store_candidate(
    session: WriteSession, row: Candidate, told: CandidateFeatures, embedded_version: str
) -> None:
    features = codec.to_json(told)
    version = version_of(features)
    if row.version != version:
        await keep_former(session, row.id, row.version, row.features)
    row.features, row.version, row.embedded_version = features, version, embedded_version
    await session.flush()
    await session.refresh(row)


async def _waiting(session: WriteSession) -> int:
    statement = select(func.count()).select_from(tables.jobs).where(tables.jobs.c.state == "queued")
    return (await session.execute(statement)).scalar_one()
