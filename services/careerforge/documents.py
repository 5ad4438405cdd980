"""Files of a person beside the resumes: kept in quarantine until they were scanned, listed, handed out and deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.careerforge import document_queries, documents_svg, profiles, tables, uploads
from services.careerforge.tables import StoredDocument
from services.kit import jobs
from services.kit.auth import Caller
from services.kit.blobs import Blobs
from services.kit.db import Database, ReadSession, WriteSession, utc_now, uuid7
from services.kit.errors import InvalidArgument, WrongState
from services.kit.pages import Page

SCAN_JOB = "scan_document"
MOST_DOCUMENTS = 100
# Longer than an upload's deadlines together: a file whose row is not there by then never gets one.
ABANDONED_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be kept."""

    data: bytes
    content_type: str
    filename: str
    kind: str
    request_id: UUID | None


async def recognise(data: bytes, filename: str, kind: str, request_id: UUID | None) -> File:
    """Raises InvalidArgument (FILE_EMPTY, FILE_TRUNCATED, FILE_TYPE_UNSUPPORTED, FILE_ENCRYPTED, FILE_MALICIOUS)."""
    if documents_svg.is_svg(data):
        await asyncio.to_thread(documents_svg.check, data)
        content_type = documents_svg.CONTENT_TYPE
    else:
        content_type = (await asyncio.to_thread(uploads.recognise, data, filename)).kind.value
    return File(data, content_type, filename, kind or "other", request_id)


async def upload(db: Database, blobs: Blobs, caller: Caller, file: File) -> StoredDocument:
    """File, then row and job at once. What fails, or dies on the way, is taken back by the job promised first. The same `request_id`
    again: the document it made before.
    """
    document_id = uuid7()
    key = uploads.quarantine_key(caller.account(), document_id)
    async with db.write() as session:
        if known := await _room(session, caller, file):
            return known
        promise_id = await _promise(session, caller, key)
    try:
        await blobs.put(key, file.data, file.content_type)
        async with db.write() as session:
            return await _keep(session, caller, file, document_id, promise_id)
    except BaseException:
        async with db.write() as session:
            await jobs.hasten(session, tables.jobs, promise_id)
        raise


async def _room(session: WriteSession, caller: Caller, file: File) -> StoredDocument | None:
    """Raises InvalidArgument when no more fit. Returns what the same request made before."""
    await profiles.ensure_profile(session, caller)
    if file.request_id and (
        known := await document_queries.find_document_by_request(session, caller.account(), file.request_id)
    ):
        return known
    if await document_queries.count_documents(session, caller.account()) >= MOST_DOCUMENTS:
        why = f"there are {MOST_DOCUMENTS} documents, and no more fit; delete one first"
        raise InvalidArgument("file", why, limit=str(MOST_DOCUMENTS))
    return None


async def _promise(session: WriteSession, caller: Caller, key: str) -> UUID:
    payload = {"blob_key": key, "user_id": str(caller.account())}
    return await jobs.enqueue(session, tables.jobs, uploads.FORGET_JOB, payload, run_after=utc_now() + ABANDONED_AFTER)


async def _keep(
    session: WriteSession, caller: Caller, file: File, document_id: UUID, promise_id: UUID
) -> StoredDocument:
    # Of two with the same request the second finds what the first made, and takes its own file back.
    if known := await _room(session, caller, file):
        await jobs.hasten(session, tables.jobs, promise_id)
        return known
    await jobs.withdraw(session, tables.jobs, promise_id)
    user_id = caller.account()
    row = StoredDocument(
        id=document_id, user_id=user_id, kind=file.kind, filename=file.filename, content_type=file.content_type,
        byte_size=len(file.data), blob_key=uploads.quarantine_key(user_id, document_id), request_id=file.request_id,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await session.refresh(row)
    ids = {"document_id": str(document_id), "user_id": str(user_id)}
    await jobs.enqueue(session, tables.jobs, SCAN_JOB, ids)
    return row


async def list_documents(session: ReadSession, caller: Caller, page: Page) -> Sequence[StoredDocument]:
    return await document_queries.list_documents(session, caller.account(), page)


async def get_clean_document(session: ReadSession, caller: Caller, document_id: UUID) -> StoredDocument:
    """Raises WrongState while it is in quarantine."""
    row = await document_queries.get_own_document(session, caller.account(), document_id)
    row.require_clean()
    return row


async def delete_document(session: WriteSession, caller: Caller, document_id: UUID) -> None:
    """With its file. Raises WrongState while a milestone that is verified or in review rests on it."""
    # The lock that milestones take too: none is sent to review meanwhile.
    await profiles.ensure_profile(session, caller)
    row = await document_queries.get_own_document(session, caller.account(), document_id, for_update=True)
    if await document_queries.proves(session, document_id):
        raise WrongState("document", "PROOF", "one that no verified milestone, and none in review, rests on")
    await session.delete(row)
    await session.flush()
    await uploads.forget(session, row.blob_key)


def clean_key(user_id: UUID, document_id: UUID) -> str:
    return f"documents/{user_id}/{document_id}"
