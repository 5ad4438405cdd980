"""The commands of the README, as a person runs them: `skillsync up` with its demo, the others beside it, and the end."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest
from skillsync.careerforge.v1.resume_pb2 import ResumeAnalysis

from services.stack.state import load_state
from tests.stack.command import SKILLSYNC, Up, bystander, is_alive, up

pytestmark = pytest.mark.timeout(300)

# Of every program, counted from the start of all. The README has the figure; here only what is stuck shall fail, on any machine.
START_SECONDS = 60.0


@pytest.fixture(scope="module")
async def stranger() -> AsyncIterator[psutil.Process]:
    async with bystander() as process:
        yield process


@pytest.fixture(scope="module")
async def serving(tmp_path_factory: pytest.TempPathFactory, stranger: psutil.Process) -> AsyncIterator[Up]:
    async with up(tmp_path_factory.mktemp("up"), "--demo") as run:
        await run.until_said("Serving")
        yield run


def printed(run: Up, name: str) -> str:
    """What stands beside a name in the list of what is ready."""
    return next(line.split()[1] for line in run.said if line.split()[:1] == [name])


async def test_the_web_app_and_the_api_are_where_up_says(serving: Up) -> None:
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(printed(serving, "web"))
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "openapi: 3" in (await browser.get(printed(serving, "openapi"))).text
        assert (await browser.get(printed(serving, "api") + "/v1/me")).status_code == 401


async def test_every_account_that_up_prints_can_sign_in_to_the_web_app(serving: Up) -> None:
    accounts = [line.split("  ") for line in serving.said if "  password " in line]
    assert [fields[1] for fields in accounts] == ["A job seeker", "A recruiter", "A second job seeker"]
    async with httpx.AsyncClient(base_url=printed(serving, "web"), trust_env=False, timeout=30) as browser:
        for *_, email, password in accounts:
            credentials = {"email": email, "password": password.removeprefix("password ")}
            answer = await browser.post("/v1/sessions:signIn", json=credentials)
            assert answer.json().get("accessToken"), answer.text


async def test_the_demo_saw_the_stages_of_each_analysis_in_their_order(serving: Up) -> None:
    streamed = [line.split(": ")[1].split(", ") for line in serving.said if "Stages streamed" in line]
    assert len(streamed) == 2
    for stages in streamed:
        # A stage that passes before the stream is looked at again may be missing, not more.
        assert len(stages) >= 3
        numbers = [ResumeAnalysis.State.Value(f"STATE_{stage}") for stage in stages]
        assert numbers == sorted(set(numbers))
        assert stages[-1] == "SUCCEEDED"


async def test_every_program_was_ready_soon(serving: Up) -> None:
    phases = load_state(serving.data / "stack.json").phases
    parts = {"postgres", "valkey", "s3", "envoy", "migrate", "fleet", "worker", "services"}
    assert {name for name, seconds in phases.items() if seconds < START_SECONDS} == parts


@pytest.mark.parametrize("command", ["demo", "migrate", "mail"])
async def test_the_other_commands_find_the_stack_that_runs(serving: Up, command: str) -> None:
    assert await skillsync(command, "--data", str(serving.data)) == 0


async def test_sigterm_ends_what_serves_and_all_that_it_started(serving: Up, stranger: psutil.Process) -> None:
    assert len(serving.family()) > len(("up", "postgres", "valkey", "s3", "envoy", "fleet", "worker"))
    assert await serving.ends(signal.SIGTERM) == 0
    assert serving.said[-2:] == ["stopping", "stopped"]
    assert is_alive(stranger)
    assert await skillsync("demo", "--data", str(serving.data)) == 1


async def test_ctrl_c_ends_it_at_any_moment_and_the_next_start_is_as_good(
    tmp_path: Path, stranger: psutil.Process
) -> None:
    for number, program in ((signal.SIGINT, "initdb"), (signal.SIGTERM, "migrate")):
        async with up(tmp_path) as run:
            await run.until_running(program)
            assert await run.ends(number) == 0
            assert run.said == ["stopping", "stopped"]
    async with up(tmp_path) as run:
        await run.until_said("Serving. To have an account, sign up at http://")
        assert await run.ends(signal.SIGINT) == 0
    assert is_alive(stranger)


async def skillsync(*words: str) -> int:
    """The exit code of another command."""
    command = await asyncio.create_subprocess_exec(
        SKILLSYNC, *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await command.wait()
