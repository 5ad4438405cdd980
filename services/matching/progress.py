"""How far people and rankings are worked out with the present models and for the present day."""

from datetime import date

from skillsync.matching.v1 import matching_service_pb2 as pb
from sqlalchemy import func, select, true

from services.kit.db import ReadSession
from services.matching.tables import Candidate, Position, Ranking, jobs


async def refresh_progress(session: ReadSession, model_version: str, today: date) -> pb.GetRefreshProgressResponse:
    """One statement, which reads every candidate's row: for operators, not for pages."""
    embedded = Candidate.embedded_version == model_version
    people = select(func.count(), func.count().filter(embedded)).select_from(Candidate).subquery()
    ranked = func.count().filter(Ranking.refresh_date >= today)
    positions = (
        select(func.count(), ranked)
        .select_from(Position)
        .outerjoin(Ranking, Ranking.id == Position.id)
        .where(Position.state == "OPEN")
        .subquery()
    )
    pending = func.count().filter(jobs.c.state.in_(["queued", "running"]))
    work = select(pending, func.count().filter(jobs.c.state == "dead")).subquery()
    together = people.join(positions, true()).join(work, true())
    row = (await session.execute(select(people, positions, work).select_from(together))).one()
    return pb.GetRefreshProgressResponse(
        model_version=model_version,
        candidate_count=row[0],
        embedded_candidate_count=row[1],
        position_count=row[2],
        ranked_position_count=row[3],
        pending_job_count=row[4],
        failed_job_count=row[5],
    )
