"""What does not get in over REST: the right code, ErrorInfo, and nothing left behind."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.kit.blobs import Blobs
from services.kit.db import Database, utc_now
from services.kit.settings import Settings
from services.user.keyring import Keyring
from services.user.tokens import access_token
from tests.builders import Person, a_job_seeker, a_pdf, a_position, a_recruiter, an_upload
from tests.harness import System
from tests.refusals import refused_json

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
async def seeker(system: System, clean: None) -> Person:
    return await a_job_seeker(system)


async def assert_nothing_is_left(system: System) -> None:
    for table in ("careerforge.resumes", "careerforge.resume_analyses", "careerforge.jobs", "talenthub.positions"):
        assert await system.count(table) == 0, table
    blobs = Blobs.open(Settings.of("careerforge", system.environment))
    assert await blobs.keys("quarantine/") == []
    assert await system.count("billing.reservations", "state = 'RESERVED'") == 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "FILE_EMPTY"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "FILE_TYPE_UNSUPPORTED"),
        (a_pdf()[:-600], "FILE_TRUNCATED"),
    ],
    ids=["empty", "wrong type", "cut"],
)
async def test_a_file_that_cannot_be_a_resume(system: System, seeker: Person, data: bytes, reason: str) -> None:
    answer = await system.rest.post("/resume/analyze?filename=cv.pdf", content=data, headers=seeker.headers)
    assert refused_json(answer, 400, reason)["field"] == "file"
    await assert_nothing_is_left(system)


async def test_a_file_of_100_mb(system: System, seeker: Person) -> None:
    """It is refused long before all of it was sent."""
    target, size = system.servers.target.edge, 100 * 1024 * 1024
    reader, writer = await asyncio.open_connection(target.host, target.port)
    head = f"POST /resume/analyze HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {seeker.token}\r\ncontent-length: {size}\r\n\r\n"
    writer.write(head.encode() + b"%PDF-1.7")
    sent = 0
    while sent < size - 8 and not reader._buffer:  # type: ignore[attr-defined]
        writer.write(b"x" * 65_536)
        await writer.drain()
        await asyncio.sleep(0)
        sent += 65_536
    answer = await asyncio.wait_for(reader.readuntil(b"]}"), 10)
    writer.close()
    assert b"FILE_TOO_LARGE" in answer
    assert b" 400 " in answer.splitlines()[0]
    assert sent < size / 2
    await assert_nothing_is_left(system)


async def test_an_upload_that_breaks_off(system: System, seeker: Person) -> None:
    target = system.servers.target.edge
    _, writer = await asyncio.open_connection(target.host, target.port)
    head = f"POST /resume/analyze HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {seeker.token}\r\ncontent-length: 500000\r\n\r\n"
    writer.write(head.encode() + a_pdf()[:1000])
    await writer.drain()
    writer.close()
    await asyncio.sleep(1)
    await assert_nothing_is_left(system)


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
    answer = await system.rest.post("/positions/create", content=body, headers=headers)
    found = refused_json(answer, 400, "MALFORMED_REQUEST")
    assert named.lower() in str(found).lower()
    await assert_nothing_is_left(system)


async def test_every_field_that_breaks_a_rule_is_named(system: System) -> None:
    recruiter = await a_recruiter(system)
    answer = await system.rest.post("/positions/create", json={"headcount": -1}, headers=recruiter.headers)
    refused_json(answer, 400, "INVALID_ARGUMENT")
    violations = next(d for d in answer.json()["details"] if d["@type"].endswith("BadRequest"))["fieldViolations"]
    assert {v["field"] for v in violations} == {"position.title", "position.description", "position.headcount"}
    await assert_nothing_is_left(system)


async def test_no_token(system: System) -> None:
    refused_json(await system.rest.post("/resume/analyze", content=a_pdf()), 401, "TOKEN_MISSING")
    await assert_nothing_is_left(system)


async def test_a_token_that_is_over(system: System, seeker: Person) -> None:
    """Its signature is good: only its time is over. Made with the service's own key, as no client could."""
    settings = Settings.of("user", system.environment)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        key = await Keyring(db, settings.seal_key.get_secret_value()).signer(utc_now())
    past = utc_now() - timedelta(hours=1)
    token = access_token(key, "skillsync", UUID(seeker.id), uuid4(), ["job_seeker"], past)
    answer = await system.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"})
    refused_json(answer, 401, "TOKEN_EXPIRED")


@pytest.mark.parametrize("key", ["not-an-id", str(uuid4())], ids=["no id", "unknown id"])
async def test_an_id_that_leads_nowhere(system: System, seeker: Person, key: str) -> None:
    answer = await system.rest.get(f"/v1/resumeAnalyses/{key}", headers=seeker.headers)
    if key == "not-an-id":
        assert refused_json(answer, 400, "INVALID_ARGUMENT")["field"] == "analysis_id"
    else:
        assert refused_json(answer, 404, "NOT_FOUND")["id"] == key


async def test_somebody_elses_id_answers_like_a_missing_one(system: System, seeker: Person) -> None:
    begun, stranger = await an_upload(system, seeker), await a_job_seeker(system)
    for verb, path in (("GET", ""), ("GET", ":watch"), ("POST", ":cancel")):
        answer = await system.rest.request(
            verb, f"/v1/resumeAnalyses/{begun.id}{path}", headers=stranger.headers, json={} if verb == "POST" else None
        )
        assert refused_json(answer, 404, "NOT_FOUND")["resource"] == "resume analysis"


async def test_a_role_that_does_not_suffice(system: System, seeker: Person) -> None:
    position = await a_position(system, await a_recruiter(system))
    answer = await system.rest.get(f"/v1/positions/{position.id}/matches", headers=seeker.headers)
    assert refused_json(answer, 403, "PERMISSION_DENIED")["permission"] == "PERMISSION_READ_MATCHES"


async def test_a_path_that_is_not_there(system: System, seeker: Person) -> None:
    refused_json(await system.rest.get("/v1/nothing", headers=seeker.headers), 404, "METHOD_UNKNOWN")


async def test_what_services_alone_may_call_is_not_at_the_edge(system: System, seeker: Person) -> None:
    answer = await system.rest.post("/v1/credits:reserve", json={}, headers=seeker.headers)
    refused_json(answer, 404, "METHOD_UNKNOWN")
