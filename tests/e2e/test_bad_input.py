"""What does not get in over REST: the right code, ErrorInfo, and nothing left behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.builders import Person, a_job_seeker, a_pdf, a_position, a_recruiter, an_analysis, an_expired_token
from tests.e2e.nothing import nothing_added
from tests.harness import System
from tests.refusals import refused_json

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
async def seeker(system: System, clean: None) -> Person:
    return await a_job_seeker(system)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "FILE_EMPTY"),
        (b"GIF89a" + b"\x00" * 50, "FILE_TYPE_UNSUPPORTED"),
        (a_pdf()[:-600], "FILE_TRUNCATED"),
    ],
    ids=["empty", "wrong type", "cut"],
)
async def test_a_file_that_cannot_be_a_resume(system: System, seeker: Person, data: bytes, reason: str) -> None:
    async with nothing_added(system):
        answer = await system.rest.post("/resume/analyze?filename=cv.pdf", content=data, headers=seeker.headers)
    assert refused_json(answer, 400, reason)["field"] == "file"


@asynccontextmanager
async def an_unfinished_upload(system: System, seeker: Person, size: int) -> AsyncIterator[tuple[Any, Any]]:
    """A connection over which the head of a request was sent, and the first bytes of its body."""
    target = system.servers.target.edge
    reader, writer = await asyncio.open_connection(target.host, target.port)
    head = f"POST /resume/analyze HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {seeker.token}\r\ncontent-length: {size}\r\n\r\n"
    writer.write(head.encode() + b"%PDF-1.7")
    await writer.drain()
    yield reader, writer
    writer.close()


async def test_a_file_of_100_mb(system: System, seeker: Person) -> None:
    """It is refused long before all of it was sent."""
    size, sent = 100 * 1024 * 1024, 0
    async with nothing_added(system), an_unfinished_upload(system, seeker, size) as (reader, writer):
        while sent < size - 8 and not reader._buffer:
            writer.write(b"x" * 65_536)
            await writer.drain()
            # As a fast network would; without a pause the sender outruns the reader of its own answer.
            await asyncio.sleep(0.002)
            sent += 65_536
        answer = await asyncio.wait_for(reader.readuntil(b"]}"), 60)
    assert b"FILE_TOO_LARGE" in answer
    assert b" 400 " in answer.splitlines()[0]
    assert sent < size / 2


async def test_an_upload_that_breaks_off(system: System, seeker: Person) -> None:
    async with nothing_added(system):
        async with an_unfinished_upload(system, seeker, 500_000):
            pass
        await asyncio.sleep(1)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('{"title": "x", ', "unexpected end"),
        ('{"title": "x", "description": "y", "colour": "red"}', "colour"),
        ('{"title": 5, "description": "y"}', "title"),
        ('{"title": "x", "description": "y", "headcount": "many"}', "headcount"),
        ('["title"]', ""),
    ],
    ids=["broken", "unknown field", "number for text", "text for number", "list"],
)
async def test_a_body_that_is_not_what_the_contract_says(system: System, body: str, named: str) -> None:
    recruiter = await a_recruiter(system)
    headers = {**recruiter.headers, "content-type": "application/json"}
    async with nothing_added(system):
        answer = await system.rest.post("/positions/create", content=body, headers=headers)
    found = refused_json(answer, 400, "MALFORMED_REQUEST")
    assert named.lower() in str(found).lower()


async def test_every_field_that_breaks_a_rule_is_named(system: System) -> None:
    recruiter = await a_recruiter(system)
    async with nothing_added(system):
        answer = await system.rest.post("/positions/create", json={"headcount": -1}, headers=recruiter.headers)
    refused_json(answer, 400, "INVALID_ARGUMENT")
    violations = next(d for d in answer.json()["details"] if d["@type"].endswith("BadRequest"))["fieldViolations"]
    assert {v["field"] for v in violations} == {"position.title", "position.description", "position.headcount"}


async def test_no_token(system: System) -> None:
    async with nothing_added(system):
        refused_json(await system.rest.post("/resume/analyze", content=a_pdf()), 401, "TOKEN_MISSING")


async def test_a_token_that_is_over(system: System, seeker: Person) -> None:
    """Its signature is good: only its time is over. Made with the service's own key, as no client could."""
    token = await an_expired_token(system, seeker)
    async with nothing_added(system):
        answer = await system.rest.post(
            "/resume/analyze", content=a_pdf(), headers={"authorization": f"Bearer {token}"}
        )
    refused_json(answer, 401, "TOKEN_EXPIRED")


SEEKERS = [
    ("GET", "/v1/resumeAnalyses/{analysis}"),
    ("GET", "/v1/resumeAnalyses/{analysis}:watch"),
    ("POST", "/v1/resumeAnalyses/{analysis}:cancel"),
    ("GET", "/v1/resumes/{resume}"),
    ("GET", "/v1/resumes/{resume}/parsed"),
    ("GET", "/v1/resumes/{resume}/text"),
    ("GET", "/v1/resumes/{resume}:download"),
    ("DELETE", "/v1/resumes/{resume}"),
]
RECRUITERS = [
    ("GET", "/v1/positions/{position}"),
    ("PATCH", "/v1/positions/{position}"),
    ("DELETE", "/v1/positions/{position}"),
    ("POST", "/v1/positions/{position}:publish"),
    ("POST", "/v1/positions/{position}:pause"),
    ("POST", "/v1/positions/{position}:close"),
    ("GET", "/v1/positions/{position}/applications"),
    ("GET", "/v1/positions/{position}/matches"),
    ("GET", "/v1/positions/{position}/matches:stream"),
    ("GET", "/v1/organizations/{organization}"),
    ("GET", "/v1/organizations/{organization}/members"),
]
BODIES = {
    "POST": {"json": {}},
    "PATCH": {"json": {"title": "Mine now"}},
    ":close": {"json": {"close_reason": "CLOSE_REASON_FILLED"}},
}


async def call(system: System, person: Person, verb: str, path: str, ids: dict[str, str]) -> httpx.Response:
    body = BODIES[":close"] if path.endswith(":close") else BODIES.get(verb, {})
    return await system.rest.request(verb, path.format(**ids), headers=person.headers, **body)


@pytest.fixture
async def theirs(system: System, seeker: Person) -> dict[str, str]:
    """Ids of what belongs to a job seeker and a recruiter."""
    begun, recruiter = await an_analysis(system, seeker), await a_recruiter(system)
    position = await a_position(system, recruiter)
    return {
        "analysis": begun.id,
        "resume": begun.resume_id,
        "position": position.id,
        "organization": position.organization_id,
    }


async def test_what_is_not_there_and_what_is_somebody_elses_answer_alike(
    system: System, theirs: dict[str, str]
) -> None:
    strangers = {False: await a_job_seeker(system), True: await a_recruiter(system)}
    missing = dict.fromkeys(theirs, str(uuid4()))
    async with nothing_added(system):
        for hires, table in ((False, SEEKERS), (True, RECRUITERS)):
            for verb, path in table:
                answers = [await call(system, strangers[hires], verb, path, ids) for ids in (theirs, missing)]
                found = [refused_json(answer, 404, "NOT_FOUND") for answer in answers]
                assert found[0].keys() == found[1].keys(), path
                assert found[0]["resource"] == found[1]["resource"], path


@pytest.mark.parametrize(("verb", "path"), SEEKERS + RECRUITERS)
async def test_what_is_no_id(system: System, seeker: Person, verb: str, path: str) -> None:
    person = seeker if (verb, path) in SEEKERS else await a_recruiter(system)
    ids = dict.fromkeys(("analysis", "resume", "position", "organization"), "not-an-id")
    assert refused_json(await call(system, person, verb, path, ids), 400, "INVALID_ARGUMENT")["field"].endswith("_id")


async def test_a_role_that_does_not_suffice(system: System, seeker: Person) -> None:
    position = await a_position(system, await a_recruiter(system))
    answer = await system.rest.get(f"/v1/positions/{position.id}/matches", headers=seeker.headers)
    assert refused_json(answer, 403, "PERMISSION_DENIED")["permission"] == "PERMISSION_READ_MATCHES"


async def test_a_path_that_is_not_there(system: System, seeker: Person) -> None:
    refused_json(await system.rest.get("/v1/nothing", headers=seeker.headers), 404, "METHOD_UNKNOWN")


async def test_what_services_alone_may_call_is_not_at_the_edge(system: System, seeker: Person) -> None:
    answer = await system.rest.post("/v1/credits:reserve", json={}, headers=seeker.headers)
    refused_json(answer, 404, "METHOD_UNKNOWN")
