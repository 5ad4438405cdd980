"""The demo fails in words, whatever it is answered."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.demo.client import Client
from services.demo.run import show
from services.stack import commands

SIGNED_IN = '{"account": {"id": "somebody"}, "accessToken": "token"}'
ANALYSIS = '{"id": "analysis", "state": "STATE_PENDING"}'
UNTIL_STREAM = {
    "/v1/accounts:register": "{}",
    "/v1/accounts:completeRegistration": SIGNED_IN,
    "/resume/analyze": ANALYSIS,
}


@pytest.fixture(autouse=True)
def _mailed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that answer oddly send no mail."""

    async def code(client: Client, email: str) -> str:
        return "code"

    monkeypatch.setattr(Client, "_mailed_code", code)


@asynccontextmanager
async def answering(bodies: Mapping[str, str], status: int = 200, otherwise: str = "{}") -> AsyncIterator[str]:
    """The URL of a server that says the same each time it is asked for a path."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split()[1].decode().split("?")[0]
        body = bodies.get(path, otherwise)
        writer.write(f"HTTP/1.1 {status} X\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("{}", 200, "KeyError('account')"),
        ('{"account": "nobody"}', 200, "TypeError("),
        ("[1]", 200, "a body that is no JSON object: '[1]'"),
        ("<h1>upstream</h1>", 503, "503 with a body that is no JSON object: '<h1>"),
        ('{"message": "[no] brackets"}', 400, "400 [no] brackets"),
    ],
)
async def test_an_odd_answer_fails_the_demo_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, body: str, status: int, said: str
) -> None:
    async with answering({}, status, body) as url:
        assert not await show(url, tmp_path)
    out = " ".join(capsys.readouterr().out.split())
    assert "The demo failed:" in out
    assert said in out


@pytest.mark.parametrize("event", ["data: {", "data: []", 'data: {"analysis": {}}', ""])
async def test_an_odd_event_fails_the_demo_and_the_accounts_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, event: str
) -> None:
    async with answering(UNTIL_STREAM, otherwise=f"{event}\n\n") as url:
        assert not await show(url, tmp_path)
    out = capsys.readouterr().out
    assert "The demo failed:" in out
    assert "A job seeker         david-" in out


async def test_the_command_ends_with_1_when_the_demo_failed(tmp_path: Path) -> None:
    async with answering({}) as url:
        command = commands.runnable(("skillsync", "demo", "--url", url, "--data", str(tmp_path)))
        demo = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await demo.communicate()
    assert demo.returncode == 1
    assert b"The demo failed" in said
