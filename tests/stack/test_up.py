"""The embedded stack starts whole, heals, and leaves nothing behind."""

import asyncio
import json
import os
import signal
import smtplib
import socket
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from services.cli import _demonstrate
from services.embedded.mailbox import read_mails
from services.embedded.postgres import initialise, superuser_url
from services.embedded.program import until
from services.kit.blobs import Blobs
from services.kit.settings import Settings
from services.migrate import DATABASE
from services.stack.preflight import StackError
from services.stack.state import load_state
from services.stack.up import Stack, running


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with running(tmp_path_factory.mktemp("stack"), say=lambda line: None) as stack:
        yield stack


async def answers(stack: Stack) -> bool:
    async with httpx.AsyncClient(base_url=stack.state.urls["api"], timeout=2) as rest:
        try:
            return (await rest.get("/v1/.well-known/jwks.json")).status_code == 200
        except httpx.TransportError:
            return False


async def test_everything_answers_through_the_gateway(stack: Stack) -> None:
    assert await answers(stack)
    assert {"postgres", "valkey", "s3", "envoy", "fleet", "migrate", "services"} <= set(stack.phases)


async def test_what_it_knows_is_for_its_owner_only(stack: Stack) -> None:
    told = json.loads((stack.data / "stack.json").read_text())
    assert told["pids"]["fleet"] == stack.state.pids["fleet"]
    assert told["environment"]["SKILLSYNC_USER_DATABASE_URL"].startswith("postgresql+asyncpg://user:")
    for name in ("stack.json", "s3", "valkey", "logs", "certificates", "mail", "postgres"):
        assert stat.S_IMODE((stack.data / name).stat().st_mode) & 0o077 == 0, name


async def test_every_port_is_on_loopback_alone(stack: Stack) -> None:
    ours = [psutil.Process(pid) for pid in stack.state.pids.values()]
    family = {process.pid for parent in ours for process in (parent, *parent.children(recursive=True))}
    listening = [c.laddr.ip for c in psutil.net_connections("inet") if c.pid in family and c.status == "LISTEN"]
    assert listening
    assert set(listening) <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


async def test_no_secret_is_on_a_command_line(stack: Stack) -> None:
    lines = " ".join(" ".join(psutil.Process(pid).cmdline()) for pid in stack.state.pids.values())
    assert not [name for name, secret in stack.state.secrets.items() if secret in lines]


async def test_a_mail_lands_in_the_mailbox(stack: Stack) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", stack.state.ports["mailbox"]) as smtp:
            smtp.sendmail("skillsync@localhost", ["ada@mail.example"], "Subject: Hello\r\n\r\nWelcome")

    await asyncio.to_thread(send)
    (mail,) = read_mails(stack.data / "mail", "ada@mail.example")
    assert mail["Subject"] == "Hello"
    assert read_mails(stack.data / "mail", "eve@mail.example") == []


@pytest.mark.parametrize("name", ["fleet", "worker", "valkey", "envoy", "postgres", "s3"])
async def test_what_is_killed_comes_back(stack: Stack, name: str) -> None:
    old = stack.state.pids[name]
    os.kill(old, signal.SIGKILL)

    async def is_back() -> bool:
        return stack.state.pids.get(name, old) != old and await answers(stack)

    await until(is_back, seconds=60)


async def test_while_nothing_can_be_noted_what_is_killed_comes_back_all_the_same(stack: Stack) -> None:
    in_the_way = stack.data / "stack.new"
    in_the_way.mkdir()
    try:
        await test_what_is_killed_comes_back(stack, "envoy")
    finally:
        in_the_way.rmdir()


async def test_a_second_stack_on_the_same_folder_is_refused(stack: Stack) -> None:
    with pytest.raises(StackError, match=f"already runs .*process {os.getpid()}"):
        async with running(stack.data):
            pass
    assert await answers(stack)


async def test_two_stacks_run_side_by_side_and_one_stops_alone(stack: Stack, tmp_path: Path) -> None:
    async with running(tmp_path, say=lambda line: None) as other:
        assert await answers(other)
        assert set(other.state.ports.values()).isdisjoint(stack.state.ports.values())
        pids = [pid for name, pid in other.state.pids.items() if name != "stack"]
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    assert await answers(stack)


async def test_ports_secrets_rows_and_files_stay_the_same(tmp_path: Path) -> None:
    async with running(tmp_path, say=lambda line: None) as first:
        ports, secrets = dict(first.state.ports), dict(first.state.secrets)
        await asked(first, "create table kept as select 'a row' as what")
        await files(first).put("kept/file", b"a file")
    assert load_state(tmp_path / "stack.json").pids == {}
    async with running(tmp_path, say=lambda line: None) as again:
        assert (again.state.ports, again.state.secrets) == (ports, secrets)
        assert await asked(again, "select what from kept") == "a row"
        assert await files(again).get("kept/file") == b"a file"


async def asked(stack: Stack, statement: str) -> object:
    connection = await asyncpg.connect(superuser_url(stack.data / "postgres", stack.state.ports["postgres"], DATABASE))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def files(stack: Stack) -> Blobs:
    return Blobs.open(Settings.of("careerforge", stack.state.environment))


async def test_a_busy_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {port} for edge is in use"):
            async with running(tmp_path, ports={"edge": port}):
                pass


async def test_a_program_that_cannot_start_is_named_and_the_others_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.stack import commands

    broken = "import sys; sys.exit('libfoo.so is missing')"
    monkeypatch.setattr(commands, "MIGRATE", (sys.executable, "-c", broken))
    with pytest.raises(StackError, match=r"migrate failed with code 1: libfoo\.so is missing"):
        async with running(tmp_path, say=lambda line: None):
            pass
    mine = [child for child in psutil.Process().children() if str(tmp_path) in " ".join(child.cmdline())]
    assert mine == []


async def test_who_interrupts_the_migration_leaves_nothing_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.stack import commands

    endless = (sys.executable, "-c", "import time; time.sleep(3600)", f"{tmp_path}/migrating")
    monkeypatch.setattr(commands, "MIGRATE", endless)
    start = asyncio.create_task(running(tmp_path, say=lambda line: None).__aenter__())
    await until(lambda: runs(f"{tmp_path}/migrating"), seconds=60)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert not await runs(str(tmp_path))


async def test_a_database_whose_making_is_interrupted_is_made_anew(tmp_path: Path) -> None:
    making = asyncio.create_task(initialise(tmp_path / "postgres"))
    await until(lambda: runs(f"initdb -D {tmp_path}"), seconds=60)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert not await runs(str(tmp_path))
    assert not (tmp_path / "postgres" / "PG_VERSION").exists()
    await initialise(tmp_path / "postgres")
    assert (tmp_path / "postgres" / "PG_VERSION").exists()


async def runs(words: str) -> bool:
    """Whether one of our children has these in its command line."""
    return any(words in " ".join(child.cmdline()) for child in psutil.Process().children() if _lives(child.pid))


async def test_a_demo_that_fails_leaves_the_stack_serving(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    await _demonstrate(stack)
    out, err = capsys.readouterr()
    assert "The demo failed: POST /v1/accounts:register: 500" in " ".join(out.split())
    assert "The demo failed; the stack goes on serving." in err
    assert out.splitlines()[-1].startswith("Serving. To have an account, ")
    assert await answers(stack)


async def test_nothing_outlives_a_killed_stack(tmp_path: Path) -> None:
    source = (
        "import asyncio, pathlib, sys\n"
        "from services.stack import commands\n"
        "from services.stack.up import up\n"
        f"commands.MIGRATE = {(sys.executable, '-c', 'pass')!r}\n"
        f"commands.FLEET = {(sys.executable, '-m', 'tests.stack.stub_program')!r}\n"
        f"commands.WORKER = {(sys.executable, '-c', 'import time; time.sleep(3600)')!r}\n"
        f"asyncio.run(up(pathlib.Path({str(tmp_path)!r})))\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", source, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    async with asyncio.timeout(60):
        assert b"ready" in await process.stdout.readline()
    pids = load_state(tmp_path / "stack.json").pids
    process.kill()
    await process.wait()

    async def is_gone() -> bool:
        return not [pid for pid in pids.values() if _lives(pid)]

    await until(is_gone, seconds=60)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
