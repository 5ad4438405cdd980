"""Files that are put to a link."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.resume_pb2 import ResumeAnalysis

from tests.builders import RESUME, Person, a_job_seeker
from tests.careerforge.test_findings import outcome
from tests.careerforge.test_resumes import credits_left
from tests.harness import System
from tests.refusals import refused

FILE = RESUME.encode()


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


@pytest.fixture
async def store() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def a_link(
    careerforge: CareerForgeServiceStub, person: Person, byte_size: int = len(FILE), request_id: str = ""
) -> pb.CreateResumeUploadResponse:
    request = pb.CreateResumeUploadRequest(filename="resume.txt", byte_size=byte_size, request_id=request_id)
    return await careerforge.CreateResumeUpload(request, metadata=person.metadata)


async def test_a_file_that_was_put_is_analysed(
    careerforge: CareerForgeServiceStub, system: System, person: Person, store: httpx.AsyncClient
) -> None:
    link = await a_link(careerforge, person)
    assert (await store.put(link.url, content=FILE)).status_code == 200
    request = pb.CompleteResumeUploadRequest(upload_id=link.upload_id, request_id=str(uuid4()))
    begun = await careerforge.CompleteResumeUpload(request, metadata=person.metadata)
    assert (await careerforge.CompleteResumeUpload(request, metadata=person.metadata)).id == begun.id
    # Whoever has the link cannot change what was completed.
    await store.put(link.url, content=b"x" * len(FILE))
    assert (await outcome(system, person, begun.id)).state == ResumeAnalysis.STATE_SUCCEEDED
    resume = await careerforge.GetResume(pb.GetResumeRequest(resume_id=begun.resume_id), metadata=person.metadata)
    assert (resume.filename, resume.byte_size) == ("resume.txt", len(FILE))
    file = await careerforge.DownloadResume(
        pb.DownloadResumeRequest(resume_id=begun.resume_id), metadata=person.metadata
    )
    assert file.data == FILE
    with refused("WRONG_STATE", state="COMPLETED"):
        again = pb.CompleteResumeUploadRequest(upload_id=link.upload_id)
        await careerforge.CompleteResumeUpload(again, metadata=person.metadata)


async def test_what_is_not_there_or_not_as_announced_is_refused(
    careerforge: CareerForgeServiceStub, system: System, person: Person, store: httpx.AsyncClient
) -> None:
    request_id = str(uuid4())
    link = await a_link(careerforge, person, request_id=request_id)
    assert (await a_link(careerforge, person, request_id=request_id)).upload_id == link.upload_id
    request = pb.CompleteResumeUploadRequest(upload_id=link.upload_id)
    with refused("WRONG_STATE", state="EMPTY"):
        await careerforge.CompleteResumeUpload(request, metadata=person.metadata)
    with refused("NOT_FOUND", resource="resume upload"):
        await careerforge.CompleteResumeUpload(request, metadata=(await a_job_seeker(system)).metadata)
    # The link is for so many bytes, and not for others.
    assert (await store.put(link.url, content=FILE[:-1])).status_code == 403
    short, other = await a_link(careerforge, person, 20), await a_link(careerforge, person, 20)
    await store.put(other.url, content=b"GIF89a" + b"\x00" * 14)
    with refused("FILE_TYPE_UNSUPPORTED", field="file"):
        await careerforge.CompleteResumeUpload(
            pb.CompleteResumeUploadRequest(upload_id=other.upload_id), metadata=person.metadata
        )
    await system.database.execute("update careerforge.resume_uploads set byte_size = 21 where id = $1", short.upload_id)
    await store.put(short.url, content=b"Ada Example, a nurse")
    with refused("FILE_TRUNCATED", field="file"):
        await careerforge.CompleteResumeUpload(
            pb.CompleteResumeUploadRequest(upload_id=short.upload_id), metadata=person.metadata
        )
    await system.database.execute("update careerforge.resume_uploads set expire_time = now() - interval '1 s'")
    with refused("WRONG_STATE", state="EXPIRED"):
        await careerforge.CompleteResumeUpload(
            pb.CompleteResumeUploadRequest(upload_id=short.upload_id), metadata=person.metadata
        )
    assert await credits_left(system, person) == 5
    assert await system.count("careerforge.resumes", "user_id = $1", person.id) == 0
