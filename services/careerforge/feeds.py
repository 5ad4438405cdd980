"""What the watch methods read: a snapshot, then what changed."""

from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from services.careerforge import analyses, profiles, queries
from services.careerforge.tables import ResumeAnalysis, UserCareerForge
from services.kit.changes import Cursor, Event, Relay, watch
from services.kit.db import ReadSession
from services.kit.feeds import watch_one


async def watch_analysis(
    relay: Relay, cursor: Cursor | None, analysis_id: UUID
) -> AsyncIterator[Event[ResumeAnalysis]]:
    by_id = queries.analyses_by_id
    async for event in watch_one(relay, cursor, analyses.KIND, analysis_id, by_id, lambda row: row.state in row.FINAL):
        yield event


async def watch_candidates(relay: Relay, cursor: Cursor | None) -> AsyncIterator[Event[UserCareerForge]]:
    """Everybody who takes part in matching, then who changed or left."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, UserCareerForge]]:
        rows = await queries.list_candidates(session, UUID(after) if after else None)
        return [(str(row.id), profiles.CANDIDATE, row.id, row) for row in rows]

    async def load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, UserCareerForge]:
        return await queries.candidates_by_id(session, ids)

    async for event in watch(relay, cursor, [profiles.CANDIDATE], snapshot, load):
        yield event
