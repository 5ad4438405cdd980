"""CareerForgeService's methods about the caller's documents."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.empty_pb2 import Empty
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import Document

from services.careerforge import documents, showcase_wire
from services.careerforge.incoming import received
from services.kit.auth import caller
from services.kit.blobs import Blobs
from services.kit.db import Database
from services.kit.ids import optional_id
from services.kit.pages import Page


class DocumentMethods:
    """Part of the servicer."""

    _db: Database
    _blobs: Blobs
    _seal_key: str
    _max_upload_bytes: int

    async def UploadDocument(self, request_iterator: AsyncIterator[pb.UploadDocumentRequest], context: Any) -> Document:
        first = pb.UploadDocumentRequest()
        data = await received(request_iterator, first, self._max_upload_bytes)
        file = await documents.recognise(data, first.filename, first.kind, optional_id(first.request_id))
        return showcase_wire.document(await documents.upload(self._db, self._blobs, caller(), file))

    async def ListDocuments(self, request: pb.ListDocumentsRequest, context: Any) -> pb.ListDocumentsResponse:
        page = Page.asked(self._seal_key, request, "documents")
        async with self._db.read() as session:
            rows = await documents.list_documents(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListDocumentsResponse(documents=map(showcase_wire.document, shown), next_page_token=token)

    async def DownloadDocument(self, request: pb.DownloadDocumentRequest, context: Any) -> HttpBody:
        async with self._db.read() as session:
            row = await documents.get_clean_document(session, caller(), UUID(request.document_id))
        return HttpBody(content_type=row.content_type, data=await self._blobs.get(row.blob_key))

    async def DeleteDocument(self, request: pb.DeleteDocumentRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await documents.delete_document(session, caller(), UUID(request.document_id))
        return Empty()
