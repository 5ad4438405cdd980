"""CareerForgeService's methods about the entries of the caller's profile."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from google.protobuf.field_mask_pb2 import FieldMask
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.profile_pb2 import Education, Experience, Skill, SpokenLanguage

from services.careerforge import entries, entry_wire, feeds
from services.careerforge.entries import EDUCATION, EXPERIENCE, LANGUAGE, SKILL
from services.careerforge.entry_pages import TextPage
from services.kit.auth import caller
from services.kit.changes import Cursor, Relay
from services.kit.db import Database

WHOLE = FieldMask()


class EntryMethods:
    """Part of the servicer."""

    _db: Database
    _relay: Relay
    _seal_key: str

    async def CreateExperience(self, request: pb.CreateExperienceRequest, context: Any) -> Experience:
        values = entry_wire.experience_values(request.experience, WHOLE)
        async with self._db.write() as session:
            row = await entries.create(session, caller(), EXPERIENCE, values, _id(request.request_id))
            return entry_wire.experience(row)

    async def ListExperiences(self, request: pb.ListExperiencesRequest, context: Any) -> pb.ListExperiencesResponse:
        page = TextPage.asked(self._seal_key, request, "experiences")
        async with self._db.read() as session:
            shown, token = page.cut(await entries.list_entries(session, caller(), EXPERIENCE, page))
        return pb.ListExperiencesResponse(experiences=map(entry_wire.experience, shown), next_page_token=token)

    async def UpdateExperience(self, request: pb.UpdateExperienceRequest, context: Any) -> Experience:
        values = entry_wire.experience_values(request.experience, request.update_mask)
        entry_id, etag = UUID(request.experience_id), request.experience.etag
        async with self._db.write() as session:
            return entry_wire.experience(await entries.change(session, caller(), EXPERIENCE, entry_id, values, etag))

    async def DeleteExperience(self, request: pb.DeleteExperienceRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await entries.remove(session, caller(), EXPERIENCE, UUID(request.experience_id))
        return Empty()

    async def CreateEducation(self, request: pb.CreateEducationRequest, context: Any) -> Education:
        values = entry_wire.education_values(request.education, WHOLE)
        async with self._db.write() as session:
            row = await entries.create(session, caller(), EDUCATION, values, _id(request.request_id))
            return entry_wire.education(row)

    async def ListEducations(self, request: pb.ListEducationsRequest, context: Any) -> pb.ListEducationsResponse:
        page = TextPage.asked(self._seal_key, request, "educations")
        async with self._db.read() as session:
            shown, token = page.cut(await entries.list_entries(session, caller(), EDUCATION, page))
        return pb.ListEducationsResponse(educations=map(entry_wire.education, shown), next_page_token=token)

    async def UpdateEducation(self, request: pb.UpdateEducationRequest, context: Any) -> Education:
        values = entry_wire.education_values(request.education, request.update_mask)
        entry_id, etag = UUID(request.education_id), request.education.etag
        async with self._db.write() as session:
            return entry_wire.education(await entries.change(session, caller(), EDUCATION, entry_id, values, etag))

    async def DeleteEducation(self, request: pb.DeleteEducationRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await entries.remove(session, caller(), EDUCATION, UUID(request.education_id))
        return Empty()

    async def ListSkills(self, request: pb.ListSkillsRequest, context: Any) -> pb.ListSkillsResponse:
        page = TextPage.asked(self._seal_key, request, "skills")
        async with self._db.read() as session:
            shown, token = page.cut(await entries.list_entries(session, caller(), SKILL, page))
        return pb.ListSkillsResponse(skills=map(entry_wire.skill, shown), next_page_token=token)

    async def SetSkill(self, request: pb.SetSkillRequest, context: Any) -> Skill:
        skill_id, years = request.skill_id, request.skill.years
        async with self._db.write() as session:
            return entry_wire.skill(await entries.set_skill(session, caller(), skill_id, years, request.etag))

    async def DeleteSkill(self, request: pb.DeleteSkillRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await entries.remove_skill(session, caller(), request.skill_id)
        return Empty()

    async def ListLanguages(self, request: pb.ListLanguagesRequest, context: Any) -> pb.ListLanguagesResponse:
        page = TextPage.asked(self._seal_key, request, "languages")
        async with self._db.read() as session:
            shown, token = page.cut(await entries.list_entries(session, caller(), LANGUAGE, page))
        return pb.ListLanguagesResponse(languages=map(entry_wire.language, shown), next_page_token=token)

    async def SetLanguage(self, request: pb.SetLanguageRequest, context: Any) -> SpokenLanguage:
        language, level = request.language, entry_wire.level(request.spoken.level)
        async with self._db.write() as session:
            return entry_wire.language(await entries.set_language(session, caller(), language, level, request.etag))

    async def DeleteLanguage(self, request: pb.DeleteLanguageRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await entries.remove_language(session, caller(), request.language)
        return Empty()

    async def WatchProfile(
        self, request: pb.WatchProfileRequest, context: Any
    ) -> AsyncIterator[pb.WatchProfileResponse]:
        name = f"profile/{caller().account_id}"
        cursor = Cursor.unseal(self._seal_key, name, request.resume_token)
        async for event in feeds.watch_profile(self._relay, cursor, caller()):
            yield entry_wire.profile_event(event, event.cursor.seal(self._seal_key, name))


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
