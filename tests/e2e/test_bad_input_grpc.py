"""What does not get in over gRPC, through the edge: the right code, ErrorInfo, and nothing left behind."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1 import matching_service_pb2 as matching
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from tests.builders import Person, a_job_seeker, a_pdf, a_position, a_recruiter, an_analysis, an_expired_token
from tests.e2e.nothing import nothing_added
from tests.harness import System
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

MEGABYTE = 1024 * 1024


@pytest.fixture
async def seeker(system: System, clean: None) -> Person:
    return await a_job_seeker(system)


async def upload(system: System, data: bytes, **call: Any) -> Any:
    """With the synchronous client: the asynchronous one hides an early answer behind its own failure to go on sending."""

    def send() -> Any:
        with grpc.insecure_channel(str(system.servers.target.edge)) as channel:
            return CareerForgeServiceStub(channel).AnalyzeResume(pieces(data), **call)

    return await asyncio.to_thread(send)


def pieces(data: bytes) -> Iterator[careerforge.AnalyzeResumeRequest]:
    for start in range(0, max(1, len(data)), MEGABYTE):
        request = careerforge.AnalyzeResumeRequest(filename="cv.pdf")
        request.file.data = data[start : start + MEGABYTE]
        yield request


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "FILE_EMPTY"),
        (b"GIF89a" + b"\x00" * 50, "FILE_TYPE_UNSUPPORTED"),
        (a_pdf()[:-600], "FILE_TRUNCATED"),
        (b"%PDF-1.7" + b"x" * 100 * MEGABYTE, "FILE_TOO_LARGE"),
    ],
    ids=["empty", "wrong type", "cut", "100 MB"],
)
async def test_a_file_that_cannot_be_a_resume(system: System, seeker: Person, data: bytes, reason: str) -> None:
    async with nothing_added(system):
        with refused(reason, grpc.StatusCode.INVALID_ARGUMENT, field="file"):
            await upload(system, data, metadata=seeker.metadata)


async def test_an_upload_that_breaks_off(system: System, seeker: Person) -> None:
    sent = asyncio.Event()

    async def first_piece() -> AsyncIterator[careerforge.AnalyzeResumeRequest]:
        for request in pieces(a_pdf()[:1000]):
            yield request
        sent.set()
        await asyncio.sleep(60)

    async with nothing_added(system):
        call = CareerForgeServiceStub(system.edge).AnalyzeResume(first_piece(), metadata=seeker.metadata)
        await sent.wait()
        call.cancel()
        await asyncio.sleep(1)


async def test_no_token(system: System) -> None:
    async with nothing_added(system):
        with refused("TOKEN_MISSING", grpc.StatusCode.UNAUTHENTICATED):
            await upload(system, a_pdf())


async def test_a_token_that_is_over(system: System, seeker: Person) -> None:
    token = await an_expired_token(system, seeker)
    for channel in (system.edge, system.direct("careerforge")):
        with refused("TOKEN_EXPIRED", grpc.StatusCode.UNAUTHENTICATED):
            stub = CareerForgeServiceStub(channel)
            await stub.GetProfile(careerforge.GetProfileRequest(), metadata=(("authorization", f"Bearer {token}"),))


async def test_bytes_that_are_no_message(system: System, seeker: Person) -> None:
    call = system.edge.unary_unary("/skillsync.talenthub.v1.TalentHubService/ListMyApplications")
    with refused("INVALID_ARGUMENT", grpc.StatusCode.INVALID_ARGUMENT, field="request"):
        await call(b"\xff\xff\xff", metadata=seeker.metadata)


async def test_what_is_not_there_and_what_is_somebody_elses_answer_alike(system: System, seeker: Person) -> None:
    analysis, position = await an_analysis(system, seeker), await a_position(system, await a_recruiter(system))
    stranger, rival = await a_job_seeker(system), await a_recruiter(system)
    careers, hiring, ranking = (
        CareerForgeServiceStub(system.edge),
        TalentHubServiceStub(system.edge),
        MatchingServiceStub(system.edge),
    )
    async with nothing_added(system):
        for found in (analysis.resume_id, str(uuid4())):
            with refused("NOT_FOUND", grpc.StatusCode.NOT_FOUND, resource="resume", id=found):
                await careers.GetResume(careerforge.GetResumeRequest(resume_id=found), metadata=stranger.metadata)
        for found in (position.id, str(uuid4())):
            with refused("NOT_FOUND", grpc.StatusCode.NOT_FOUND, resource="position", id=found):
                await hiring.DeletePosition(talenthub.DeletePositionRequest(position_id=found), metadata=rival.metadata)
            with refused("NOT_FOUND", grpc.StatusCode.NOT_FOUND, resource="position", id=found):
                request = matching.StreamMatchesRequest(position_id=found)
                await ranking.StreamMatches(request, metadata=rival.metadata).read()
