"""What the watch methods read: a snapshot, then what changed."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.careerforge import analyses, entries, entry_queries, profiles, queries
from services.careerforge.tables import ResumeAnalysis, UserCareerForge
from services.kit.auth import Caller
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


async def watch_profile(relay: Relay, cursor: Cursor | None, caller: Caller) -> AsyncIterator[Event[Any]]:
    """The caller's profile, then its entries, then each change of any of them."""
    tables: Mapping[str, Any] = {kind.name: kind.table for kind in entries.KINDS}

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, Any]]:
        profile = await profiles.get_profile(session, caller)
        # In the order of their keys, so that a watch that was cut goes on behind the last one sent.
        rows = [("0", profiles.PROFILE, profile.id, profile)]
        for number, (name, table) in enumerate(tables.items(), 1):
            found = await entry_queries.all_entries(session, table, caller.account())
            rows += [(f"{number}{row.id}", name, row.id, row) for row in found]
        return [row for row in rows if after is None or row[0] > after]

    async def load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Any]:
        if kind == profiles.PROFILE:
            return await queries.profiles_by_id(session, ids)
        return await entry_queries.entries_by_id(session, tables[kind], ids)

    kinds = [profiles.PROFILE, *tables]
    async for event in watch(relay, cursor, kinds, snapshot, load, scopes=[caller.account()]):
        yield event
