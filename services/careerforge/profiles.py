"""What a person states about themselves, and what was worked out from their resume."""

from collections.abc import Mapping
from typing import Any

from services.careerforge import queries, tables
from services.careerforge.insights import insights, said
from services.careerforge.tables import UserCareerForge
from services.kit import changes
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, insert_missing
from services.kit.masks import check_etag

CANDIDATE, PROFILE = "candidate", "profile"


async def get_profile(session: ReadSession, caller: Caller) -> UserCareerForge:
    """An empty one before anything was stated or uploaded."""
    found = await queries.find_profile(session, caller.account())
    return found or _empty(caller)


async def update_profile(
    session: WriteSession, caller: Caller, values: Mapping[str, Any], etag: str
) -> UserCareerForge:
    row = await ensure_profile(session, caller)
    check_etag("profile", etag, row.version)
    for name, value in values.items():
        setattr(row, name, value)
    for name, value in insights(row, said(row)).items():
        setattr(row, name, value)
    await session.flush()
    await session.refresh(row)
    await changes.record(session, tables.changes, CANDIDATE, row.id)
    await changes.record(session, tables.changes, PROFILE, row.id, row.id)
    return row


async def ensure_profile(session: WriteSession, caller: Caller) -> UserCareerForge:
    """The caller's profile, locked; an empty one is made if there is none."""
    await insert_missing(session, UserCareerForge, id=caller.account(), base_user_id=caller.account())
    return await session.get_one(UserCareerForge, caller.account(), with_for_update=True)


def _empty(caller: Caller) -> UserCareerForge:
    return UserCareerForge(
        id=caller.account(),
        base_user_id=caller.account(),
        display_name="",
        headline="",
        profile_strength=0,
        career_stage="",
        industry_focus=[],
        achievement_score=0,
        visibility="ANONYMOUS",
        career_stage_why="",
        version=1,
    )
