"""What a person reached: recorded, changed and removed. The score of the profile is the sum of the points, whatever happens."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.careerforge import document_queries, milestone_queries, profiles, tables
from services.careerforge.tables import Milestone, UserCareerForge
from services.kit import changes
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import InvalidArgument
from services.kit.masks import check_etag
from services.kit.pages import Page

MOST_MILESTONES = 500


async def create_milestone(
    session: WriteSession, caller: Caller, values: Mapping[str, Any], request_id: UUID | None
) -> Milestone:
    """Half its points until its proof is accepted. The same `request_id` again: the milestone it made before."""
    profile = await profiles.ensure_profile(session, caller)
    if request_id and (known := await milestone_queries.find_milestone_by_request(session, profile.id, request_id)):
        return known
    if await milestone_queries.count_milestones(session, profile.id) >= MOST_MILESTONES:
        why = f"there are {MOST_MILESTONES} milestones, and no more fit; remove one first"
        raise InvalidArgument("milestone", why, limit=str(MOST_MILESTONES))
    row = Milestone(user_id=profile.id, request_id=request_id, **values)
    await _check(session, row)
    row.become("NONE")
    session.add(row)
    return await kept(session, profile, row)


async def update_milestone(
    session: WriteSession,
    caller: Caller,
    milestone_id: UUID,
    values: Mapping[str, Any],
    etag: str,
    request_id: UUID | None,
) -> Milestone:
    """What was said of its proof, was said of another. The same `request_id` as the last change: that was it."""
    profile = await profiles.ensure_profile(session, caller)
    row = await milestone_queries.get_own_milestone(session, profile.id, milestone_id)
    if request_id and row.last_request_id == request_id:
        return row
    check_etag("milestone", etag, row.version)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    with session.no_autoflush:
        for name, value in values.items():
            setattr(row, name, value)
        await _check(session, row)
    row.become("NONE")
    row.last_request_id = request_id
    return await kept(session, profile, row)


async def delete_milestone(session: WriteSession, caller: Caller, milestone_id: UUID) -> None:
    profile = await profiles.ensure_profile(session, caller)
    await session.delete(await milestone_queries.get_own_milestone(session, profile.id, milestone_id))
    await _settle(session, profile)


async def list_milestones(session: ReadSession, caller: Caller, page: Page) -> Sequence[Milestone]:
    return await milestone_queries.list_milestones(session, caller.account(), page)


async def kept(session: WriteSession, profile: UserCareerForge, row: Milestone) -> Milestone:
    """With everything that follows from it. The profile is locked."""
    await _settle(session, profile)
    await session.refresh(row)
    return row


async def _settle(session: WriteSession, profile: UserCareerForge) -> None:
    await session.flush()
    profile.achievement_score = await milestone_queries.sum_points(session, profile.id)
    await session.flush()
    await changes.record(session, tables.changes, profiles.PROFILE, profile.id, profile.id)


async def _check(session: WriteSession, row: Milestone) -> None:
    """Raises InvalidArgument, and NotFound for a document that is not the person's."""
    if not row.milestone_type:
        raise InvalidArgument("milestone.milestone_type", "is missing; choose one")
    if not row.title.strip():
        raise InvalidArgument("milestone.title", "is empty; 1 to 256 characters are needed")
    if row.proof_document_id:
        await document_queries.get_own_document(session, row.user_id, row.proof_document_id)
