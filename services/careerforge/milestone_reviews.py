"""Proofs that wait for a reviewer. Sessions see everything: what a reviewer may see is decided here, and nothing of it is their own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.careerforge import document_queries, milestone_queries, milestones, queries
from services.careerforge.tables import Milestone, StoredDocument
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.kit.masks import check_etag
from services.kit.pages import Page

Review = tuple[Milestone, StoredDocument | None]
"""A milestone, and its file if it has one."""


async def list_reviews(session: ReadSession, caller: Caller, page: Page) -> Sequence[Review]:
    rows = await milestone_queries.list_in_review(session, caller.account(), page)
    files = await document_queries.documents_by_id(
        session, [row.proof_document_id for row in rows if row.proof_document_id]
    )
    return [(row, files.get(row.proof_document_id) if row.proof_document_id else None) for row in rows]


async def get_proof(session: ReadSession, caller: Caller, milestone_id: UUID) -> StoredDocument:
    """Raises NotFound for what is not in review, or has no file that was found clean."""
    row = await milestone_queries.find_for_review(session, caller.account(), milestone_id)
    if row is None or row.verification != "IN_REVIEW" or row.proof_document_id is None:
        raise NotFound("milestone review", str(milestone_id))
    document = await document_queries.get_own_document(session, row.user_id, row.proof_document_id)
    if not document.clean:
        raise NotFound("milestone review", str(milestone_id))
    return document


async def review(
    session: WriteSession,
    caller: Caller,
    milestone_id: UUID,
    accept: bool,
    reason: str,
    etag: str,
    request_id: UUID | None,
    now: datetime,
) -> None:
    """The same `request_id` as the last change: that was it."""
    seen = await milestone_queries.find_for_review(session, caller.account(), milestone_id)
    profile = await queries.find_profile(session, seen.user_id, for_update=True) if seen else None
    if seen is None or profile is None:
        raise NotFound("milestone review", str(milestone_id))
    # As it is now: until here the person may have changed it.
    await session.refresh(seen)
    if request_id and seen.last_request_id == request_id:
        return
    if seen.verification != "IN_REVIEW":
        raise NotFound("milestone review", str(milestone_id))
    check_etag("milestone review", etag, seen.version)
    seen.become("ACCEPTED" if accept else "REJECTED", reason, now)
    seen.last_request_id = request_id
    await milestones.kept(session, profile, seen)
