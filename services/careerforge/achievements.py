"""Portfolio, milestones, and how far a person has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.careerforge import profiles, queries, tables
from services.careerforge.tables import Milestone, Portfolio
from services.kit import changes
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.pages import Page

POINTS = {"job_secured": 100, "skill_mastered": 30, "cert_earned": 50, "project_completed": 20}
POINTS_PER_LEVEL = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """`counts`: milestones of each kind, and how many of them are verified."""

    score: int
    counts: Mapping[str, tuple[int, int]]
    streak_months: int

    @property
    def level(self) -> int:
        return self.score // POINTS_PER_LEVEL + 1

    @property
    def points_to_next_level(self) -> int:
        return POINTS_PER_LEVEL - self.score % POINTS_PER_LEVEL


async def create_showcase(session: WriteSession, caller: Caller, values: Mapping[str, Any]) -> Portfolio:
    await profiles.ensure_profile(session, caller)
    row = Portfolio(user_id=caller.account(), **values)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return row


async def list_portfolio(session: ReadSession, caller: Caller, page: Page) -> Sequence[Portfolio]:
    return await queries.list_portfolio(session, caller.account(), page)


async def create_milestone(session: WriteSession, caller: Caller, kind: str, values: Mapping[str, Any]) -> Milestone:
    """Half its points until its proof is accepted."""
    profile = await profiles.ensure_profile(session, caller)
    row = Milestone(user_id=caller.account(), milestone_type=kind, achievement_points=POINTS[kind] // 2, **values)
    session.add(row)
    await session.flush()
    profile.achievement_score = sum(
        m.achievement_points for m in await queries.list_all_milestones(session, profile.id)
    )
    await session.refresh(row)
    await changes.record(session, tables.changes, profiles.PROFILE, profile.id, profile.id)
    return row


async def list_milestones(session: ReadSession, caller: Caller, page: Page) -> Sequence[Milestone]:
    return await queries.list_milestones(session, caller.account(), page)


async def get_progress(session: ReadSession, caller: Caller, now: datetime) -> Progress:
    rows = await queries.list_all_milestones(session, caller.account())
    counts = {kind: _count(rows, kind) for kind in POINTS}
    return Progress(sum(row.achievement_points for row in rows), counts, _streak(rows, now))


def _count(rows: Sequence[Milestone], kind: str) -> tuple[int, int]:
    of_kind = [row for row in rows if row.milestone_type == kind]
    return len(of_kind), sum(row.verified for row in of_kind)


def _streak(rows: Sequence[Milestone], now: datetime) -> int:
    """Months in a row with a milestone, up to this one."""
    months = {row.create_time.year * 12 + row.create_time.month for row in rows}
    current = now.year * 12 + now.month
    length = 0
    while current - length in months:
        length += 1
    return length
