"""CareerForgeService's methods that take profiles from files and give them as files."""

import asyncio
from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import profile_pb2

from services.careerforge import exporting, importing, wire
from services.careerforge.exchange import Profile, export_docx, export_json, export_pdf, not_drawable, read_profile
from services.careerforge.tables import ProfileImport
from services.kit.auth import caller
from services.kit.credits import Credits
from services.kit.db import EVERYONE, Database
from services.kit.errors import InvalidArgument

TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class ExchangeMethods:
    """Part of the servicer."""

    _db: Database
    _credits: Credits

    async def ImportProfile(self, request: pb.ImportProfileRequest, context: Any) -> profile_pb2.Profile:
        found = await asyncio.to_thread(read_profile, request.file.data)
        request_id = UUID(request.request_id) if request.request_id else None
        # What the person removed is shown to the platform alone; every statement names the caller.
        async with self._db.write(EVERYONE) as session:
            row, kept = await importing.import_profile(session, caller(), found, request_id)
            answer = wire.profile(row)
        getattr(answer, "import").CopyFrom(_brought(kept))
        return answer

    async def ExportProfile(self, request: pb.ExportProfileRequest, context: Any) -> HttpBody:
        is_data = request.format == "json"
        async with self._db.read() as session:
            profile = await exporting.get_exported(session, caller(), private=is_data)
        if is_data:
            return HttpBody(content_type=TYPES["json"], data=export_json(profile))
        if request.format == "pdf" and (letters := await asyncio.to_thread(not_drawable, profile)):
            raise InvalidArgument("format", f"PDF cannot draw {letters[:20]!r} of the profile; export it as docx")
        async with self._credits.spent(caller().account(), FEATURE_EXPORT, "profile:export"):
            data = await asyncio.to_thread(_draw, profile, request)
        return HttpBody(content_type=TYPES[request.format], data=data)


def _draw(profile: Profile, request: pb.ExportProfileRequest) -> bytes:
    draw = export_pdf if request.format == "pdf" else export_docx
    return draw(profile, request.template or "classic", request.language_code or "en", request.paper or "A4")


def _brought(kept: ProfileImport) -> profile_pb2.ProfileImport:
    return profile_pb2.ProfileImport(
        format=kept.format,
        added_count=kept.added_count,
        filled_count=kept.filled_count,
        findings=[profile_pb2.ImportFinding(**finding) for finding in kept.findings],
    )
