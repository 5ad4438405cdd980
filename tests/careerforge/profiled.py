"""What tests of profiles ask for again and again."""

import asyncio
from collections.abc import Callable
from typing import Any

from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.candidate_pb2 import Candidate
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.profile_pb2 import Education, Experience, Profile, Skill, SpokenLanguage
from skillsync.type.v1.work_pb2 import YearMonth

from tests.builders import Person
from tests.harness import System, as_service


class Own:
    """A person's own profile, as the person asks for it."""

    def __init__(self, system: System, person: Person) -> None:
        self.stub, self.person, self.system = CareerForgeServiceStub(system.direct("careerforge")), person, system

    async def _ask(self, method: str, request: Any) -> Any:
        return await getattr(self.stub, method)(request, metadata=self.person.metadata)

    async def experiences(self) -> list[Experience]:
        return list((await self._ask("ListExperiences", pb.ListExperiencesRequest(page_size=200))).experiences)

    async def educations(self) -> list[Education]:
        return list((await self._ask("ListEducations", pb.ListEducationsRequest(page_size=200))).educations)

    async def skills(self) -> dict[str, Skill]:
        found = await self._ask("ListSkills", pb.ListSkillsRequest(page_size=200))
        return {skill.label: skill for skill in found.skills}

    async def languages(self) -> dict[str, SpokenLanguage]:
        found = await self._ask("ListLanguages", pb.ListLanguagesRequest(page_size=200))
        return {one.language: one for one in found.languages}

    async def profile(self) -> Profile:
        return await self._ask("GetProfile", pb.GetProfileRequest())

    async def create(
        self, title: str, start: tuple[int, int] | None = None, request_id: str = "", **fields: Any
    ) -> Experience:
        made = Experience(title=title, **fields)
        if start:
            made.start.CopyFrom(YearMonth(year=start[0], month=start[1]))
        request = pb.CreateExperienceRequest(experience=made, request_id=request_id)
        return await self._ask("CreateExperience", request)

    async def study(self, institution: str, request_id: str = "", **fields: Any) -> Education:
        made = Education(institution=institution, **fields)
        return await self._ask("CreateEducation", pb.CreateEducationRequest(education=made, request_id=request_id))

    async def update(self, experience_id: str, mask: tuple[str, ...] = (), **fields: Any) -> Experience:
        request = pb.UpdateExperienceRequest(experience_id=experience_id, experience=Experience(**fields))
        request.update_mask.paths.extend(mask)
        return await self._ask("UpdateExperience", request)

    async def remove(self, experience_id: str) -> None:
        await self._ask("DeleteExperience", pb.DeleteExperienceRequest(experience_id=experience_id))

    async def remove_education(self, education_id: str) -> None:
        await self._ask("DeleteEducation", pb.DeleteEducationRequest(education_id=education_id))

    async def set_skill(self, skill_id: str, years: float = 0.0, etag: str = "") -> Skill:
        return await self._ask(
            "SetSkill", pb.SetSkillRequest(skill_id=skill_id, skill=Skill(skill_id=skill_id, years=years), etag=etag)
        )

    async def remove_skill(self, skill_id: str) -> None:
        await self._ask("DeleteSkill", pb.DeleteSkillRequest(skill_id=skill_id))

    async def set_language(self, language: str, level: int = 0, etag: str = "") -> SpokenLanguage:
        spoken = SpokenLanguage(level=level)  # type: ignore[arg-type]
        return await self._ask("SetLanguage", pb.SetLanguageRequest(language=language, spoken=spoken, etag=etag))

    async def remove_language(self, language: str) -> None:
        await self._ask("DeleteLanguage", pb.DeleteLanguageRequest(language=language))

    async def change(self, profile: Profile, *mask: str) -> Profile:
        request = pb.UpdateProfileRequest(profile=profile)
        request.update_mask.paths.extend(mask)
        return await self._ask("UpdateProfile", request)

    async def told(self, ready: Callable[[Candidate], Any] = bool) -> Candidate:
        """What matching is told, once a worker has seen the last edit and it is `ready`."""
        async with asyncio.timeout(60):
            while True:
                await self.refreshed()
                if ready(found := await self._candidate()):
                    return found
                await asyncio.sleep(0.05)

    async def _candidate(self) -> Candidate:
        stream = self.stub.WatchCandidates(pb.WatchCandidatesRequest(), metadata=as_service("matching"))
        found = Candidate()
        while not (event := await stream.read()).HasField("snapshot_complete"):
            if event.candidate.id == self.person.id:
                found = event.candidate
        stream.cancel()
        return found

    async def refreshed(self) -> None:
        async with asyncio.timeout(60):
            while await self.system.count(
                "careerforge.user_careerforge", "id = $1 and told_entry_number <> entry_number", self.person.id
            ):
                await asyncio.sleep(0.03)
