"""Every SELECT of documents, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select

from services.careerforge.tables import Milestone, StoredDocument
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.kit.pages import Page


async def get_own_document(
    session: ReadSession, user_id: UUID, document_id: UUID, for_update: bool = False
) -> StoredDocument:
    """Another person's and a missing one answer alike."""
    statement = select(StoredDocument).where(StoredDocument.id == document_id, StoredDocument.user_id == user_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("document", str(document_id))
    return row


async def find_document(session: ReadSession, document_id: UUID) -> StoredDocument | None:
    """Locked: scanning and deleting must not cross."""
    statement = select(StoredDocument).where(StoredDocument.id == document_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def find_document_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> StoredDocument | None:
    where = (StoredDocument.user_id == user_id, StoredDocument.request_id == request_id)
    return (await session.execute(select(StoredDocument).where(*where))).scalar_one_or_none()


async def list_documents(session: ReadSession, user_id: UUID, page: Page) -> Sequence[StoredDocument]:
    """Newest first."""
    statement = select(StoredDocument).where(StoredDocument.user_id == user_id)
    return (await session.execute(page.newest(statement, StoredDocument.id))).scalars().all()


async def documents_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, StoredDocument]:
    statement = select(StoredDocument).where(StoredDocument.id.in_(ids))
    return {row.id: row for row in (await session.execute(statement)).scalars().all()}


async def count_documents(session: ReadSession, user_id: UUID) -> int:
    statement = select(func.count()).select_from(StoredDocument).where(StoredDocument.user_id == user_id)
    return (await session.execute(statement)).scalar_one()


async def proves(session: ReadSession, document_id: UUID) -> bool:
    """Whether a milestone that is verified or in review rests on it."""
    where = (Milestone.proof_document_id == document_id, Milestone.verification.in_(["IN_REVIEW", "ACCEPTED"]))
    return (await session.execute(select(Milestone.id).where(*where).limit(1))).first() is not None
