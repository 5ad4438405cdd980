"""The main job, and every way in, through a real Envoy."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import grpc_testing
import httpx
import pytest
from skillsync.matching.v1 import matching_service_pb2 as matching
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.account_pb2 import Account
from skillsync.user.v1.session_pb2 import TokenSet
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.demo.run import show
from services.user.app import CONTRACTS
from tests.builders import PASSWORD, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.harness import System

pytestmark = pytest.mark.usefixtures("clean")

GRPCURL = str(Path(sys.executable).parent / "grpcurl")


async def test_the_demo_works_whole(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    assert await show(system.url, system.servers.data / "mail")
    told = capsys.readouterr().out
    assert "Live change: a candidate entered" in told
    assert "The candidate took the offer" in told


async def test_the_demo_says_no_when_a_step_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not await show("http://127.0.0.1:9", tmp_path)
    assert "The demo failed" in capsys.readouterr().out


async def events(answer: httpx.Response) -> Any:
    async for line in answer.aiter_lines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))


async def test_rest_and_server_sent_events_from_upload_to_match(system: System) -> None:
    seeker, recruiter = await a_job_seeker(system), await a_recruiter(system)
    data = Path("services/demo/resumes/john-doe.pdf").read_bytes()
    upload = await system.rest.post(
        "/resume/analyze", params={"filename": "cv.pdf"}, content=data, headers=seeker.headers
    )
    assert upload.status_code == 200, upload.text
    path = f"/v1/resumeAnalyses/{upload.json()['id']}:watch"
    async with asyncio.timeout(60), system.rest.stream("GET", path, headers=seeker.headers) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        states = [event["analysis"]["state"] async for event in events(answer)]
    assert states[-1] == "STATE_SUCCEEDED"
    created = await system.rest.post(
        "/positions/create",
        json={"title": "ML engineer", "description": "You must know Python and CUDA."},
        headers=recruiter.headers,
    )
    position = created.json()
    published = await system.rest.post(f"/v1/positions/{position['id']}:publish", json={}, headers=recruiter.headers)
    assert published.json()["state"] == "STATE_OPEN"
    path = f"/v1/positions/{position['id']}/matches:stream"
    async with asyncio.timeout(60), system.rest.stream("GET", path, headers=recruiter.headers) as answer:
        async for event in events(answer):
            if event.get("match", {}).get("match", {}).get("candidateId") == seeker.id:
                break
    assert event["match"]["match"]["reasons"]


async def test_the_other_paths_of_the_requirements_answer(system: System) -> None:
    seeker, recruiter = await a_job_seeker(system), await a_recruiter(system)
    showcase = await system.rest.post("/portfolio/showcase", json={"projectTitle": "A map"}, headers=seeker.headers)
    progress = await system.rest.get("/achievements/progress", headers=seeker.headers)
    stats = await system.rest.get("/talent-pipeline/stats", headers=recruiter.headers)
    assert [a.status_code for a in (showcase, progress, stats)] == [200, 200, 200]
    assert (progress.json()["level"], stats.json()["talentPipelineSize"]) == (1, 0)


async def test_native_grpc_streams_the_same_ranking(system: System) -> None:
    seeker, recruiter = await a_job_seeker(system), await a_recruiter(system)
    await an_analysis(system, seeker)
    position = await a_position(system, recruiter)
    stub = MatchingServiceStub(system.edge)
    stream = stub.StreamMatches(matching.StreamMatchesRequest(position_id=position.id), metadata=recruiter.metadata)
    async with asyncio.timeout(60):
        while (event := (await stream.read()).match).match.candidate_id != seeker.id:
            pass
    stream.cancel()
    listed = await system.rest.get(f"/v1/positions/{position.id}/matches", headers=recruiter.headers)
    assert listed.json()["matches"][0]["score"] == event.match.score


async def test_grpc_web_answers(system: System) -> None:
    seeker = await a_job_seeker(system)
    message = user.GetMeRequest().SerializeToString()
    answer = await system.rest.post(
        "/skillsync.user.v1.UserService/GetMe",
        content=b"\x00" + len(message).to_bytes(4) + message,
        headers={**seeker.headers, "content-type": "application/grpc-web+proto", "x-grpc-web": "1"},
    )
    size = int.from_bytes(answer.content[1:5])
    assert Account.FromString(answer.content[5 : 5 + size]).id == seeker.id
    assert b"grpc-status:0" in answer.content[5 + size :].replace(b" ", b"")


async def grpcurl(system: System, *words: str, token: str) -> str:
    """What an operator types: `grpcurl -H "authorization: Bearer …" host:port list`."""
    target = str(system.servers.target.edge)
    command = [GRPCURL, "-plaintext", "-H", f"authorization: Bearer {token}", target, *words]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


async def test_operators_list_and_call_with_a_token(system: System) -> None:
    seeker = await a_job_seeker(system)
    listed = (await grpcurl(system, "list", token=seeker.token)).split()
    names = {s.full_name for module in CONTRACTS for s in module.DESCRIPTOR.services_by_name.values()}
    assert names <= set(listed)
    called = await grpcurl(system, "skillsync.user.v1.UserService/GetMe", token=seeker.token)
    assert json.loads(called)["id"] == seeker.id
    assert "Unauthenticated" in await grpcurl(system, "skillsync.user.v1.UserService/GetMe", token="none")


def test_another_teams_client_is_tested_without_a_server() -> None:
    """gen/ serves the sync side of grpcio-testing too: what a team that calls us writes in its own tests."""
    service = CONTRACTS[0].DESCRIPTOR.services_by_name["UserService"]
    channel = grpc_testing.channel([service], grpc_testing.strict_real_time())
    request = user.SignInRequest(email="a@example.org", password=PASSWORD)
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(UserServiceStub(channel).SignIn, request, timeout=5)
        _, taken, call = channel.take_unary_unary(service.methods_by_name["SignIn"])
        call.terminate(TokenSet(access_token="token"), (), grpc.StatusCode.OK, "")
        assert (taken, pending.result().access_token) == (request, "token")
