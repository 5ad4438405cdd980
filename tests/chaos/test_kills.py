"""Whatever is killed comes back, and nothing that was promised is lost or done twice."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from services.demo.client import Client, Json, Person, RefusedError
from services.embedded.postgres import superuser_url
from services.migrate import DATABASE
from services.stack.up import Stack, running

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

RESUME = Path("services/demo/resumes/john-doe.pdf").read_bytes()
POSITION = {"title": "ML engineer", "description": "You must know Python, CUDA and PyTorch."}


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with running(tmp_path_factory.mktemp("chaos"), say=lambda line: None) as found:
        client = Client(found.state.urls["api"], found.data / "mail")
        # The model must be loaded, or every first wait measures that.
        await analysed(client, await client.sign_up("first", "PLATFORM_CAREERFORGE"))
        await client.close()
        yield found


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[Client]:
    found = Client(stack.state.urls["api"], stack.data / "mail")
    yield found
    await found.close()


def kill(stack: Stack, program: str) -> None:
    os.kill(stack.state.pids[program], signal.SIGKILL)


async def patiently(call: Any, seconds: float = 60) -> Any:
    """Again until it works: what a client does with UNAVAILABLE."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await call()
            except (RefusedError, httpx.HTTPError):
                await asyncio.sleep(0.3)


async def analysed(client: Client, person: Person, upload: Json | None = None) -> Json:
    """Uploads, unless that was done, and waits for the end."""
    begun = upload or await client.upload(person, "cv.pdf", RESUME)
    async with asyncio.timeout(120):
        while True:
            found = await patiently(lambda: client.call("GET", f"/v1/resumeAnalyses/{begun['id']}", person))
            if found["state"] in ("STATE_SUCCEEDED", "STATE_FAILED"):
                return dict(found)
            await asyncio.sleep(0.1)


async def credits_left(client: Client, person: Person) -> int:
    found = await client.call("GET", "/v1/entitlements", person)
    return next(int(b["remaining"]) for b in found["balances"] if b["feature"] == "FEATURE_RESUME_ANALYSIS")


async def settled(stack: Stack, client: Client, person: Person) -> int:
    """Credits left once nothing is reserved."""
    url = superuser_url(stack.data / "postgres", stack.state.ports["postgres"], DATABASE)
    statement = "select count(*) from billing.reservations where user_id = $1 and state = 'RESERVED'"
    async with asyncio.timeout(90):
        while True:
            connection = await asyncpg.connect(url)
            open_ = await connection.fetchval(statement, person.id)
            await connection.close()
            if not open_:
                return await credits_left(client, person)
            await asyncio.sleep(0.3)


@pytest.mark.parametrize("program", ["worker", "valkey", "fleet", "postgres", "s3"])
async def test_an_analysis_survives_a_kill_and_costs_one_credit(stack: Stack, client: Client, program: str) -> None:
    person = await client.sign_up("seeker", "PLATFORM_CAREERFORGE")
    upload = await client.upload(person, "cv.pdf", RESUME)
    kill(stack, program)
    assert (await analysed(client, person, upload))["state"] == "STATE_SUCCEEDED"
    assert await settled(stack, client, person) == 4


@pytest.mark.parametrize("program", ["envoy", "fleet", "postgres"])
async def test_a_match_stream_goes_on_after_a_kill(stack: Stack, client: Client, program: str) -> None:
    recruiter = await client.sign_up("recruiter", "PLATFORM_TALENTHUB")
    await client.call("POST", "/v1/organizations", recruiter, json={"organization": {"displayName": "Chaos"}})
    position = await client.call("POST", "/positions/create", recruiter, json=POSITION)
    await client.call("POST", f"/v1/positions/{position['id']}:publish", recruiter, json={})
    path, token = f"/v1/positions/{position['id']}/matches:stream", ""
    async with client.stream(path, recruiter) as events:
        async for event in events:
            token = event["resumeToken"]
            if "snapshotComplete" in event:
                break
    kill(stack, program)
    person = await patiently(lambda: client.sign_up("late", "PLATFORM_CAREERFORGE"))
    upload = await patiently(lambda: client.upload(person, "cv.pdf", RESUME))
    await analysed(client, person, upload)
    seen = await patiently(lambda: resumed(client, recruiter, path, token, person))
    assert seen.count(person.id) == 1


async def resumed(client: Client, recruiter: Person, path: str, token: str, person: Person) -> list[str]:
    """Candidates told since the token, until the awaited one comes and a moment longer."""
    seen: list[str] = []
    async with client.stream(f"{path}?resume_token={token}", recruiter) as events:
        try:
            async with asyncio.timeout(30):
                async for event in events:
                    match = event.get("match", {}).get("match", {})
                    seen += [match["candidateId"]] if match else []
                    if person.id in seen:
                        break
        except TimeoutError:
            raise RefusedError("the candidate did not come") from None
    return seen


async def test_while_files_cannot_be_kept_an_upload_is_refused_and_costs_nothing(stack: Stack, client: Client) -> None:
    person = await client.sign_up("unlucky", "PLATFORM_CAREERFORGE")
    os.kill(stack.state.pids["s3"], signal.SIGSTOP)
    try:
        with pytest.raises((RefusedError, httpx.HTTPError)):
            await client.upload(person, "cv.pdf", RESUME)
    finally:
        os.kill(stack.state.pids["s3"], signal.SIGCONT)
    assert await settled(stack, client, person) == 5
    assert (await analysed(client, person))["state"] == "STATE_SUCCEEDED"
