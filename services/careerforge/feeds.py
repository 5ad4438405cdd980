"""What the watch methods read: a snapshot, then what changed."""

from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from services.careerforge import analyses, profiles, queries
from services.careerforge.tables import ResumeAnalysis, UserCareerForge
from services.kit.changes import Cursor, Event, Relay, watch
from services.kit.db import ReadSession


async def watch_analysis(
    relay: Relay, cursor: Cursor | None, analysis_id: UUID
) -> AsyncIterator[Event[ResumeAnalysis]]:
    """The analysis now, then each change. Ends when it has ended."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, ResumeAnalysis]]:
        found = await queries.analyses_by_id(session, [analysis_id]) if after is None else {}
        return [("sent", analyses.KIND, row.id, row) for row in found.values()]

    async def load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, ResumeAnalysis]:
        return await queries.analyses_by_id(session, ids)

    async for event in watch(relay, cursor, [analyses.KIND], snapshot, load, scopes=[analysis_id]):
        if event.item or event.checkpoint:
            yield event
        if (event.item and event.item.state in ResumeAnalysis.FINAL) or (event.resource_id and not event.item):
            return


async def watch_candidates(relay: Relay, cursor: Cursor | None) -> AsyncIterator[Event[UserCareerForge]]:
    """Everybody who takes part in matching, then who changed or left."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, UserCareerForge]]:
        rows = await queries.list_candidates(session, UUID(after) if after else None)
        return [(str(row.id), profiles.CANDIDATE, row.id, row) for row in rows]

    async def load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, UserCareerForge]:
        return await queries.candidates_by_id(session, ids)

    async for event in watch(relay, cursor, [profiles.CANDIDATE], snapshot, load):
        yield event
