"""Commands of many callers travel together, and each gets its own answer or hears soon that there is none."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from services.embedded.program import Program
from services.kit import line
from services.kit.line import SILENCE, Line
from tests.kit.test_door import own_valkey


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[Program, Line]]:
    async with own_valkey(tmp_path) as (program, url), Line(url) as found:
        yield program, found


def send(program: Program, number: signal.Signals) -> None:
    assert program.pid
    os.kill(program.pid, number)


async def processed(asked: Line) -> int:
    """How many times the server's loop found something to read; one such time is at most one pipeline."""
    return int((await asked.info("stats"))["total_reads_processed"])


async def test_what_is_asked_at_once_goes_out_at_once(server: tuple[Program, Line]) -> None:
    _, asked = server
    before = await processed(asked)
    answers = await asyncio.gather(*(asked.echo(f"{number}") for number in range(400)))
    assert answers == [f"{number}".encode() for number in range(400)]
    assert await processed(asked) - before <= 4


async def test_a_wrong_command_is_told_to_its_caller_alone(server: tuple[Program, Line]) -> None:
    _, asked = server
    await asked.set("text", "x")
    wrong, right = await asyncio.gather(asked.incr("text"), asked.echo("x"), return_exceptions=True)
    assert isinstance(wrong, ResponseError)
    assert right == b"x"


async def test_silence_is_told_to_all_who_wait_at_once(
    server: tuple[Program, Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, asked = server
    monkeypatch.setattr(line, "TOGETHER", 1)
    await asked.ping()
    send(program, signal.SIGSTOP)
    start = time.monotonic()
    answers = await asyncio.gather(*(asked.echo("x") for _ in range(200)), return_exceptions=True)
    assert time.monotonic() - start < 25, "not each pipeline's time one after the other"
    send(program, signal.SIGCONT)
    assert all(isinstance(answer, SILENCE) for answer in answers)


async def test_answers_that_come_too_late_are_given_to_nobody_else(server: tuple[Program, Line]) -> None:
    program, asked = server
    for turn in range(5):
        send(program, signal.SIGSTOP)
        late = await asyncio.gather(*(asked.echo(f"late {turn}") for _ in range(5)), return_exceptions=True)
        assert all(isinstance(answer, SILENCE) for answer in late)
        send(program, signal.SIGCONT)
        answers = await asyncio.gather(*(asked.echo(f"{turn} {number}") for number in range(50)))
        assert answers == [f"{turn} {number}".encode() for number in range(50)]


async def test_callers_that_leave_do_not_mix_up_the_answers_of_those_who_stay(server: tuple[Program, Line]) -> None:
    _, asked = server
    calls = [asyncio.ensure_future(asked.echo(f"{number}")) for number in range(300)]
    for number, call in enumerate(calls):
        if number % 20 == 0:
            await asyncio.sleep(0)
        if number % 3 == 0:
            call.cancel()
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*calls, return_exceptions=True)
    stayed = [(number, answer) for number, answer in enumerate(answers) if number % 3]
    assert stayed == [(number, f"{number}".encode()) for number, _ in stayed]


async def test_our_own_lateness_is_not_taken_for_silence(server: tuple[Program, Line]) -> None:
    _, asked = server
    await asked.ping()
    for _ in range(5):
        answer = asyncio.ensure_future(asked.echo("x"))
        for _ in range(4):
            await asyncio.sleep(0)
        time.sleep(line.ANSWER_SECONDS * 1.5)
        assert await answer == b"x"


async def test_a_connection_that_the_server_closed_is_made_anew(server: tuple[Program, Line]) -> None:
    _, asked = server
    for _ in range(3):
        await asked.client_kill_filter(_type="normal", skipme=False)
        assert await asked.echo("x") == b"x"
