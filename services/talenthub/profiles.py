"""Profiles of people who apply, asked of careerforge through the mesh with their own token."""

from typing import TYPE_CHECKING

import grpc
from google.protobuf.json_format import MessageToDict
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.parsed_resume_pb2 import ParsedResume
from skillsync.careerforge.v1.profile_pb2 import Profile

from services.kit.errors import Unavailable
from services.talenthub.snapshots import Snapshot

if TYPE_CHECKING:
    from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceAsyncStub

# The resume was deleted, or its analysis has not succeeded.
WITHOUT_RESUME = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION)


class Profiles:
    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._careerforge: CareerForgeServiceAsyncStub = CareerForgeServiceStub(channel)

    async def snapshot(self) -> Snapshot:
        """The caller's. Raises Unavailable when careerforge does not answer."""
        try:
            profile = await self._careerforge.GetProfile(pb.GetProfileRequest())
            return _snapshot(profile, await self._resume(profile.insights.resume_id))
        except grpc.aio.AioRpcError as failure:
            raise Unavailable("careerforge") from failure

    async def _resume(self, resume_id: str) -> ParsedResume:
        if not resume_id:
            return ParsedResume()
        try:
            return (
                await self._careerforge.GetParsedResume(pb.GetParsedResumeRequest(resume_id=resume_id))
            ).parsed_resume
        except grpc.aio.AioRpcError as failure:
            if failure.code() in WITHOUT_RESUME:
                return ParsedResume()
            raise


def _snapshot(profile: Profile, resume: ParsedResume) -> Snapshot:
    # Whom the person hides from is nothing for employers to know.
    profile.preferences.ClearField("blocked_employers")
    contact = resume.contact
    return Snapshot(
        MessageToDict(profile),
        profile.etag,
        names=[profile.display_name, contact.name.text],
        emails=[value.text for value in contact.emails],
        phones=[value.text for value in contact.phones],
        employers=[experience.employer.text for experience in resume.experiences],
    )
