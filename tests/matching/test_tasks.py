"""What workers do without being asked: another day, another model."""

import asyncio
from uuid import UUID

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.ai.embedding import MiniLM
from services.ai.embedding.sentences import SentenceEncoder
from services.ai.skills import SkillLinker, load
from services.ai.titles import TitleEncoder
from services.matching.embedding import Embedder
from services.matching.reading import Reader
from services.matching.search.opening import open_indexes
from services.matching.tasks import Ranker
from tests.builders import a_job_seeker, a_person_of_all_roles, a_position, a_recruiter, an_analysis
from tests.harness import System
from tests.matching.scored import open_matching
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


async def test_what_is_of_another_day_or_model_is_worked_out_anew_while_serving(
    system: System, matching: MatchingServiceStub
) -> None:
    seeker, recruiter = await a_job_seeker(system), await a_recruiter(system)
    await an_analysis(system, seeker)
    position = await a_position(system, recruiter)
    request = pb.ExplainMatchRequest(position_id=position.id, candidate_id=seeker.id)
    await until(system, "matching.matches", "candidate_id = $1", seeker.id)
    await until(system, "matching.rankings", "id = $1 and refresh_date is not null", position.id)
    before = await matching.ExplainMatch(request, metadata=recruiter.metadata)
    await system.database.execute("update matching.candidates set embedded_version = 'of another model'")
    await system.database.execute("update matching.rankings set refresh_date = refresh_date - 1")

    async with open_matching(system) as db, open_indexes() as indexes:
        reader = Reader(MiniLM(), lambda: SkillLinker(load()), load)
        ranker = Ranker(reader, Embedder(TitleEncoder(), SentenceEncoder()), indexes)
        await ranker.begin_outdated(db)
        now = ranker.embedder.version
    assert await matching.ExplainMatch(request, metadata=recruiter.metadata) == before, "served meanwhile as it was"
    await until(system, "matching.candidates", f"id = $1 and embedded_version = '{now}'", seeker.id)
    await until(system, "matching.rankings", "id = $1 and refresh_date = current_date", position.id)
    assert await matching.ExplainMatch(request, metadata=recruiter.metadata) == before, "the same makes the same bytes"


async def test_operators_see_how_far_the_refresh_is(system: System, matching: MatchingServiceStub) -> None:
    seeker, recruiter, operator = (
        await a_job_seeker(system),
        await a_recruiter(system),
        await a_person_of_all_roles(system),
    )
    await an_analysis(system, seeker)
    position = await a_position(system, recruiter)
    await until(system, "matching.matches", "candidate_id = $1", seeker.id)
    await until(system, "matching.rankings", "id = $1 and refresh_date is not null", position.id)
    await until(system, "matching.jobs", "state <> 'done' and $1::uuid is not null", seeker.id, count=0)

    async def progress() -> tuple[int, ...]:
        found = await matching.GetRefreshProgress(pb.GetRefreshProgressRequest(), metadata=operator.metadata)
        assert found.model_version
        counts = (found.candidate_count, found.embedded_candidate_count, found.position_count)
        return *counts, found.ranked_position_count, found.pending_job_count, found.failed_job_count

    assert await progress() == (1, 1, 1, 1, 0, 0)
    await system.database.execute("update matching.candidates set embedded_version = 'of another model'")
    await system.database.execute("update matching.rankings set refresh_date = refresh_date - 1")
    await system.database.execute("update matching.jobs set state = 'dead' where kind = 'rank_position'")
    assert await progress() == (1, 0, 1, 0, 0, 1)
    with refused("PERMISSION_DENIED", permission="PERMISSION_READ_AUDIT"):
        await matching.GetRefreshProgress(pb.GetRefreshProgressRequest(), metadata=recruiter.metadata)


async def test_the_same_text_of_the_same_person_is_embedded_once(system: System, matching: MatchingServiceStub) -> None:
    seeker, recruiter = await a_job_seeker(system), await a_recruiter(system)
    await an_analysis(system, seeker)
    await a_position(system, recruiter)
    await until(system, "matching.matches", "candidate_id = $1", seeker.id)
    kept = await hashes(system, seeker.id)
    assert kept
    await an_analysis(system, seeker)
    await until(system, "matching.jobs", "state in ('queued', 'running') and $1::uuid is not null", seeker.id, count=0)
    assert await hashes(system, seeker.id) == kept


async def hashes(system: System, owner: str) -> set[bytes]:
    rows = await system.database.fetch("select hash from matching.embeddings where owner_id = $1", UUID(owner))
    return {row["hash"] for row in rows}


async def until(system: System, table: str, where: str, id: str, count: int = 1) -> None:
    async with asyncio.timeout(60):
        while await system.count(table, where, UUID(id)) != count:
            await asyncio.sleep(0.05)
