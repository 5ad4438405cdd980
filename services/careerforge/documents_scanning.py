"""The work of careerforge's workers on documents: each is scanned before anybody gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from services.ai.documents import BadRules, DocumentError, File, Kind, SandboxDown, ScannerDown
from services.careerforge import document_queries, documents, documents_svg, uploads
from services.careerforge.tables import StoredDocument
from services.kit.blobs import Blobs
from services.kit.db import WriteSession
from services.kit.errors import NotFound, Unavailable
from services.kit.jobs import Handler, Job, Queue

if TYPE_CHECKING:
    from services.careerforge.tasks import Reading


@dataclass(frozen=True)
class DocumentScanner:
    blobs: Blobs
    reading: "Reading"

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {documents.SCAN_JOB: self.scan}

    @property
    def on_dead(self) -> Mapping[str, Handler]:
        return {documents.SCAN_JOB: self.give_up}

    async def scan(self, queue: Queue, job: Job) -> None:
        """Out of quarantine, or away."""
        async with queue.db.read() as session:
            row = await session.get(StoredDocument, UUID(job.payload["document_id"]))
        if row is None or row.state != "SCANNING":
            await queue.end(job)
            return
        try:
            await self._look(await self.blobs.get(row.blob_key), row.content_type)
        except DocumentError as refusal:
            async with queue.finish(job) as session:
                await _refuse(session, row.id, refusal.reason, str(refusal))
            return
        # Only an erasure takes a file from under its row.
        except NotFound:
            async with queue.finish(job) as session:
                await _refuse(session, row.id, "FILE_UNREADABLE", "the file is not there any more; upload it again")
            return
        key = documents.clean_key(row.user_id, row.id)
        await self.blobs.copy(row.blob_key, key)
        async with queue.finish(job) as session:
            await _let_out(session, row.id, key)

    async def give_up(self, queue: Queue, job: Job) -> None:
        """The job killed its process too often, or failed each time: nobody gets the file."""
        async with queue.step(job) as session:
            why = "it could not be looked at; save it in another format, and upload that"
            await _refuse(session, UUID(job.payload["document_id"]), "FILE_UNREADABLE", why)

    async def _look(self, data: bytes, content_type: str) -> None:
        """Raises DocumentError; Unavailable while nobody can tell, and then the file waits."""
        with await self._open(data, content_type) as file:
            try:
                await self.reading.scan(file)
            except (ScannerDown, BadRules) as down:
                raise Unavailable("the malware scanner") from down
            except SandboxDown as down:
                raise Unavailable("the sandbox") from down

    async def _open(self, data: bytes, content_type: str) -> File:
        """An SVG's structure was looked at when it came; within it the scanners look for what they know."""
        if content_type == documents_svg.CONTENT_TYPE:
            return self.reading.pool.open(data, Kind.HTML)
        return await self.reading.open(data)


async def _let_out(session: WriteSession, document_id: UUID, key: str) -> None:
    row = await document_queries.find_document(session, document_id)
    if row is None:
        await uploads.forget(session, key)
        return
    await uploads.forget(session, row.blob_key)
    row.clean, row.blob_key = True, key


async def _refuse(session: WriteSession, document_id: UUID, reason: str, message: str) -> None:
    row = await document_queries.find_document(session, document_id)
    if row is not None and row.state == "SCANNING":
        await uploads.forget(session, row.blob_key)
        row.failure_reason, row.failure_message = reason, message
