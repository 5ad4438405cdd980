"""CareerForgeService. Who may call what stands in the contract; the kit's guard has checked it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.empty_pb2 import Empty
from skillsync.billing.v1.plan_pb2 import FEATURE_RESUME_ANALYSIS
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceServicer
from skillsync.careerforge.v1.profile_pb2 import Profile
from skillsync.careerforge.v1.resume_pb2 import ParsedResumeDocument, Resume, ResumeAnalysis, ResumeText

from services.ai.assessments.banks import FOLDER
from services.careerforge import (
    analyses,
    feeds,
    large_uploads,
    parsed,
    privacy,
    profiles,
    resumes,
    uploads,
    wire,
)
from services.careerforge.analyses import Asked
from services.careerforge.assessment_methods import AssessmentMethods
from services.careerforge.document_methods import DocumentMethods
from services.careerforge.entry_methods import EntryMethods
from services.careerforge.exchange_methods import ExchangeMethods
from services.careerforge.incoming import received
from services.careerforge.learning_methods import LearningMethods
from services.careerforge.letter_methods import LetterMethods
from services.careerforge.letter_writing import Author
from services.careerforge.matches import Matches
from services.careerforge.milestone_methods import MilestoneMethods
from services.careerforge.milestone_verifying import Verifier
from services.careerforge.networking_methods import NetworkingMethods
from services.careerforge.portfolio_methods import PortfolioMethods
from services.careerforge.positions import Positions
from services.careerforge.preparation_methods import PreparationMethods
from services.careerforge.tables import ResumeAnalysis as ResumeAnalysisRow
from services.careerforge.uploads import Upload
from services.kit.auth import caller
from services.kit.blobs import Blobs
from services.kit.changes import Cursor, Relay
from services.kit.credits import Credits
from services.kit.db import EVERYONE, Database, WriteSession, utc_now, uuid7
from services.kit.masks import masked
from services.kit.pages import Page
from services.kit.privacy import UserDataMethods


class CareerForgeServicer(
    AssessmentMethods,
    DocumentMethods,
    EntryMethods,
    ExchangeMethods,
    LearningMethods,
    LetterMethods,
    MilestoneMethods,
    NetworkingMethods,
    PortfolioMethods,
    PreparationMethods,
    UserDataMethods,
    CareerForgeServiceServicer,
):
    """Methods of the contract that are not here answer UNIMPLEMENTED."""

    def __init__(
        self,
        db: Database,
        relay: Relay,
        blobs: Blobs,
        credits_: Credits,
        seal_key: str,
        max_upload_bytes: int,
        positions: Positions,
        matches: Matches,
        author: Author,
        verifier: Verifier,
        banks_folder: Path = FOLDER,
    ) -> None:
        self._db = db
        self._relay = relay
        self._blobs = blobs
        self.user_data = privacy.user_data(db, blobs)
        self._credits = credits_
        self._seal_key = seal_key
        self._max_upload_bytes = max_upload_bytes
        self._positions = positions
        self._matches = matches
        self._author = author
        self._verifier = verifier
        self._banks_folder = banks_folder

    async def AnalyzeResume(
        self, request_iterator: AsyncIterator[pb.AnalyzeResumeRequest], context: Any
    ) -> ResumeAnalysis:
        first = pb.AnalyzeResumeRequest()
        data = await received(request_iterator, first, self._max_upload_bytes)
        return await self._analyse(uploads.recognise(data, first.filename), first)

    async def ReanalyzeResume(self, request: pb.ReanalyzeResumeRequest, context: Any) -> ResumeAnalysis:
        resume_id = UUID(request.resume_id)

        async def begin(session: WriteSession, asked: Asked) -> ResumeAnalysisRow:
            return await analyses.begin_again(session, caller(), resume_id, asked)

        async with self._db.read() as session:
            if known := await analyses.find_repeated(session, caller(), _id(request.request_id)):
                return wire.analysis(known)
            await analyses.check_again(session, caller(), resume_id)
        return await self._reserve(request, uuid7(), begin)

    async def CreateResumeUpload(
        self, request: pb.CreateResumeUploadRequest, context: Any
    ) -> pb.CreateResumeUploadResponse:
        now = utc_now()
        async with self._db.write() as session:
            row = await large_uploads.create_upload(
                session, caller(), request.filename, request.byte_size, _id(request.request_id), now
            )
        key, left = large_uploads.key(row.user_id, row.id), row.expire_time - now
        url = await self._blobs.upload_link(key, row.byte_size, max(1, int(left.total_seconds())))
        return wire.upload_link(row, url)

    async def CompleteResumeUpload(self, request: pb.CompleteResumeUploadRequest, context: Any) -> ResumeAnalysis:
        upload_id = UUID(request.upload_id)
        async with self._db.read() as session:
            if known := await analyses.find_repeated(session, caller(), _id(request.request_id)):
                return wire.analysis(known)
            row = await large_uploads.get_open_upload(session, caller(), upload_id, utc_now())

        async def complete(session: WriteSession, asked: Asked) -> None:
            await large_uploads.complete(session, caller(), row, asked.analysis_id, utc_now())

        return await self._analyse(await large_uploads.fetch(self._blobs, row), request, complete)

    async def _analyse(
        self,
        upload: Upload,
        request: pb.AnalyzeResumeRequest | pb.CompleteResumeUploadRequest,
        also: Callable[[WriteSession, Asked], Awaitable[None]] | None = None,
    ) -> ResumeAnalysis:
        """Credit, file, then rows and job at once, with what is to be done `also`."""
        async with self._db.read() as reading:
            if known := await analyses.find_repeated(reading, caller(), _id(request.request_id)):
                return wire.analysis(known)
        resume_id, analysis_id = analyses.new_ids()
        key = uploads.quarantine_key(caller().account(), resume_id)

        async def begin(session: WriteSession, asked: Asked) -> ResumeAnalysisRow:
            if also:
                await also(session, asked)
            return await analyses.begin(session, caller(), upload, resume_id, asked)

        async def put() -> None:
            await self._blobs.put(key, upload.data, upload.kind.value)

        return await self._reserve(request, analysis_id, begin, key, put)

    async def _reserve(
        self,
        request: pb.AnalyzeResumeRequest | pb.CompleteResumeUploadRequest | pb.ReanalyzeResumeRequest,
        analysis_id: UUID,
        begin: Callable[[WriteSession, Asked], Awaitable[ResumeAnalysisRow]],
        key: str = "",
        put: Callable[[], Awaitable[None]] | None = None,
    ) -> ResumeAnalysis:
        """Credit, file, then rows and job. What fails, or dies on the way, is taken back by the job promised first."""
        async with self._db.write() as session:
            promise_id = await analyses.promise(session, caller(), analysis_id, key)
        await self._credits.reserve(
            caller().account(), analysis_id, FEATURE_RESUME_ANALYSIS, f"resumeAnalyses/{analysis_id}"
        )
        ids = _id(request.request_id), request.position_text, _id(request.position_id)
        try:
            if put:
                await put()
            async with self._db.write() as session:
                return wire.analysis(await begin(session, Asked(analysis_id, promise_id, *ids)))
        except BaseException:
            async with self._db.write() as session:
                await analyses.take_back(session, promise_id)
            raise

    async def GetResumeAnalysis(self, request: pb.GetResumeAnalysisRequest, context: Any) -> ResumeAnalysis:
        async with self._db.read() as session:
            return wire.analysis(await analyses.get_analysis(session, caller(), UUID(request.analysis_id)))

    async def ListResumeAnalyses(
        self, request: pb.ListResumeAnalysesRequest, context: Any
    ) -> pb.ListResumeAnalysesResponse:
        page = Page.asked(self._seal_key, request, "analyses")
        async with self._db.read() as session:
            rows = await analyses.list_analyses(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListResumeAnalysesResponse(analyses=[wire.analysis(row) for row in shown], next_page_token=token)

    async def WatchResumeAnalysis(
        self, request: pb.WatchResumeAnalysisRequest, context: Any
    ) -> AsyncIterator[pb.WatchResumeAnalysisResponse]:
        name, analysis_id = f"analysis/{request.analysis_id}", UUID(request.analysis_id)
        cursor = Cursor.unseal(self._seal_key, name, request.resume_token)
        async with self._db.read() as session:
            await analyses.get_analysis(session, caller(), analysis_id)
        async for event in feeds.watch_analysis(self._relay, cursor, analysis_id):
            yield wire.analysis_event(event, event.cursor.seal(self._seal_key, name))

    async def CancelResumeAnalysis(self, request: pb.CancelResumeAnalysisRequest, context: Any) -> ResumeAnalysis:
        async with self._db.write() as session:
            row = await analyses.cancel(session, caller(), UUID(request.analysis_id), utc_now())
            return wire.analysis(row)

    async def GetResume(self, request: pb.GetResumeRequest, context: Any) -> Resume:
        async with self._db.read() as session:
            return wire.resume(*await resumes.get_resume(session, caller(), UUID(request.resume_id)))

    async def ListResumes(self, request: pb.ListResumesRequest, context: Any) -> pb.ListResumesResponse:
        page = Page.asked(self._seal_key, request, "resumes")
        async with self._db.read() as session:
            rows, latest, used = await resumes.list_resumes(session, caller(), page)
        shown, token = page.cut(rows)
        messages = [wire.resume(row, latest.get(row.id), used) for row in shown]
        return pb.ListResumesResponse(resumes=messages, next_page_token=token)

    async def UseResume(self, request: pb.UseResumeRequest, context: Any) -> Resume:
        async with self._db.write(EVERYONE) as session:
            await resumes.use_resume(session, caller(), UUID(request.resume_id))
            return wire.resume(*await resumes.get_resume(session, caller(), UUID(request.resume_id)))

    async def DeleteResume(self, request: pb.DeleteResumeRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await resumes.delete_resume(session, caller(), UUID(request.resume_id))
        return Empty()

    async def DownloadResume(self, request: pb.DownloadResumeRequest, context: Any) -> HttpBody:
        async with self._db.read() as session:
            row = await resumes.get_clean_resume(session, caller(), UUID(request.resume_id))
        return HttpBody(content_type=row.content_type, data=await self._blobs.get(row.blob_key))

    async def GetParsedResume(self, request: pb.GetParsedResumeRequest, context: Any) -> ParsedResumeDocument:
        async with self._db.read() as session:
            return wire.parsed_resume(await resumes.get_read_resume(session, caller(), UUID(request.resume_id)))

    async def GetResumeText(self, request: pb.GetResumeTextRequest, context: Any) -> ResumeText:
        async with self._db.read() as session:
            return wire.resume_text(await resumes.get_read_resume(session, caller(), UUID(request.resume_id)))

    async def GetProfile(self, request: pb.GetProfileRequest, context: Any) -> Profile:
        async with self._db.read() as session:
            return wire.profile(await profiles.get_profile(session, caller()))

    async def UpdateProfile(self, request: pb.UpdateProfileRequest, context: Any) -> Profile:
        values = wire.profile_values(masked(request.profile, request.update_mask, wire.PROFILE_FIELDS))
        async with self._db.write() as session:
            return wire.profile(await profiles.update_profile(session, caller(), values, request.profile.etag))

    async def WatchCandidates(
        self, request: pb.WatchCandidatesRequest, context: Any
    ) -> AsyncIterator[pb.WatchCandidatesResponse]:
        cursor = Cursor.unseal(self._seal_key, "candidates", request.resume_token)
        async for event in feeds.watch_candidates(self._relay, cursor):
            yield parsed.candidates_event(event, event.cursor.seal(self._seal_key, "candidates"))


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
