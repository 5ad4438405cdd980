"""The work of matching's workers: read a position, score pairs."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.ai import codec
from services.ai.embedding import Encoder
from services.ai.matching import PositionFeatures, find_requirements
from services.ai.skills import SkillLinker
from services.kit.jobs import Job, Queue
from services.kit.worker import Work
from services.matching import queries, rankings
from services.matching.projection import RANK_CANDIDATE, RANK_POSITION
from services.matching.rankings import Pair
from services.matching.tables import Candidate, Position


@dataclass(frozen=True)
class Ranker:
    """Does the jobs. Scoring is pure, so it runs in a thread; what it reads and stores are short transactions."""

    encoder: Encoder
    linker: Callable[[], SkillLinker]

    def work(self, queue: Queue) -> Work:
        return Work(queue, "matching", {RANK_POSITION: self.rank_position, RANK_CANDIDATE: self.rank_candidate})

    async def rank_position(self, queue: Queue, job: Job) -> None:
        """Reads the position's text if it is new, and scores everybody who is worth it."""
        position_id = UUID(job.payload["position_id"])
        async with queue.db.read() as session:
            position = await queries.find_position(session, position_id)
        if position is None or position.state != "OPEN":
            return await _done(queue, job)
        features = await asyncio.to_thread(self._read, position)
        position.features = codec.to_json(features)
        async with queue.db.read() as session:
            candidates = await rankings.find_candidates(session, features)
        pairs = await asyncio.to_thread(self._score, [position], candidates)
        async with queue.finish(job) as session:
            stored = await queries.find_position(session, position_id)
            if stored is not None and stored.etag == position.etag:
                stored.features, stored.features_etag = position.features, position.etag
                await session.flush()
                await rankings.store(session, pairs)
                await rankings.drop_others(session, position_id, [c.id for c in candidates])
        return None

    async def rank_candidate(self, queue: Queue, job: Job) -> None:
        """Scores one person for every open position."""
        async with queue.db.read() as session:
            candidate = await queries.find_candidate(session, UUID(job.payload["candidate_id"]))
            positions = await queries.list_rankable_positions(session)
        if candidate is None:
            return await _done(queue, job)
        pairs = await asyncio.to_thread(self._score, positions, [candidate])
        async with queue.finish(job) as session:
            await rankings.store(session, pairs)
        return None

    def _read(self, position: Position) -> PositionFeatures:
        requirements = find_requirements(position.description, self.linker())
        return PositionFeatures(requirements, self.encoder.encode(f"{position.title}\n{position.description}"))

    def _score(self, positions: Sequence[Position], candidates: Sequence[Candidate]) -> list[Pair]:
        versions = f"{self.linker().version}/{self.encoder.version}"
        return [
            rankings.score_pair(position, candidate, versions) for position in positions for candidate in candidates
        ]


async def _done(queue: Queue, job: Job) -> None:
    """Nothing is left to do."""
    await queue.end(job)
