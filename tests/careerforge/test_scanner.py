"""A malware scanner that does not answer, and files that it would not let through."""

import asyncio
from typing import Any

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.resume_pb2 import ResumeAnalysis

from services.ai.documents import ClamAV, File, scan_file
from services.careerforge import tasks
from tests.builders import Person, a_job_seeker, an_analysis, an_upload
from tests.careerforge.test_findings import outcome
from tests.careerforge.test_resumes import until_settled
from tests.harness import System
from tests.refusals import refused

NOBODY_THERE = ClamAV("127.0.0.1:9", seconds=1)
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


async def test_while_the_scanner_is_down_nothing_becomes_clean(
    careerforge: CareerForgeServiceStub, system: System, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_scanner(file: File, clamav: object, **rest: Any) -> None:
        scan_file(file, NOBODY_THERE, **rest)

    monkeypatch.setattr(tasks, "scan_file", without_scanner)
    begun = await an_upload(system, person)
    request = pb.GetResumeAnalysisRequest(analysis_id=begun.id)
    async with asyncio.timeout(60):
        while not (waiting := await careerforge.GetResumeAnalysis(request, metadata=person.metadata)).wait_message:
            await asyncio.sleep(0.05)
    assert waiting.state == ResumeAnalysis.STATE_SCANNING
    resume = await careerforge.GetResume(pb.GetResumeRequest(resume_id=begun.resume_id), metadata=person.metadata)
    assert not resume.clean
    with refused("WRONG_STATE", state="QUARANTINED"):
        await careerforge.DownloadResume(pb.DownloadResumeRequest(resume_id=begun.resume_id), metadata=person.metadata)
    monkeypatch.undo()
    ended = await outcome(system, person, begun.id)
    assert (ended.state, ended.wait_message) == (ResumeAnalysis.STATE_SUCCEEDED, "")


async def test_a_file_that_is_known_to_do_harm_fails_and_costs_nothing(
    careerforge: CareerForgeServiceStub, system: System, person: Person
) -> None:
    ended = await an_analysis(system, person, f"Ada Example\n\nExperience\n{EICAR}\n")
    assert (ended.state, ended.failure_reason) == (ResumeAnalysis.STATE_FAILED, "FILE_MALICIOUS")
    with refused("WRONG_STATE", state="QUARANTINED"):
        await careerforge.DownloadResume(pb.DownloadResumeRequest(resume_id=ended.resume_id), metadata=person.metadata)
    assert await until_settled(system, person) == 5
