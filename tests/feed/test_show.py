"""What who looks sees."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from io import StringIO

import pytest
from rich.console import Console
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.feed.following import Connection, FeedRefused, News
from services.feed.ranking import Ranking
from services.feed.run import Sight, Who, show
from services.feed.view import View, bar
from tests.builders import PASSWORD, a_position, a_recruiter
from tests.feed.scripted import CUT, Hold, Script, Step, complete, row, serving
from tests.harness import System
from tests.matching.ranked import a_candidate, ranking

SNAPSHOT = (row("1", "candidate-a", 0.9), row("2", "candidate-b", 0.8, new=2), complete("3"))


def screen() -> Console:
    return Console(file=StringIO(), width=160)


def said(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


async def shown(*calls: Sequence[Step], who: Who = Who("token"), once: bool = True, plain: bool = True) -> str:  # noqa: B008
    console = screen()
    async with serving(Script(calls)) as address:
        await show(f"http://{address}", who, Sight("position", 20, once, plain), console)
    return said(console)


async def test_once_prints_the_snapshot_and_ends() -> None:
    rows = "1\t0.900000000\tcandidate-a\n2\t0.800000000\tcandidate-b\n"
    assert await shown([*SNAPSHOT, Hold()]) == rows
    assert await shown([CUT], [*SNAPSHOT, Hold()]) == rows
    assert await shown([complete("1"), Hold()]) == ""
    table = await shown([*SNAPSHOT, Hold()], plain=False)
    for part in ("█████████░ 0.900", "candidate-a", "Python: 0.9", "Rust"):
        assert part in table


async def test_lines_tell_each_change_and_its_cause() -> None:
    console, told = screen(), [*SNAPSHOT, row("4", "candidate-b", 0.95, "MOVED", 2, 1, "CANDIDATE")]
    async with serving(Script([[*told, CUT]])) as address:
        sight = Sight("position", 20, once=False, plain=True)
        task = asyncio.create_task(show(f"http://{address}", Who("token"), sight, console))
        async with asyncio.timeout(60):
            while "lost" not in said(console):
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert said(console).splitlines()[:6] == [
        "-- connecting",
        "-- live",
        "  #1 0.900 candidate-a  Python: 0.9",
        "  #2 0.800 candidate-b  Python: 0.8",
        "  #1 0.950 candidate-b moved from #2 (the candidate changed)  Python: 0.95",
        "-- lost: refused: UNAVAILABLE",
    ]


async def test_a_terminal_shows_rows_as_they_come_and_how_the_connection_is() -> None:
    console = Console(file=StringIO(), width=160, force_terminal=True, legacy_windows=False)
    async with serving(Script([[*SNAPSHOT, CUT], [Hold()]])) as address:
        sight = Sight("position", 20, once=False, plain=False)
        task = asyncio.create_task(show(f"http://{address}", Who("token"), sight, console))
        async with asyncio.timeout(60):
            while not all(part in said(console) for part in ("candidate-b", "2 candidates", "● lost")):
                await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_the_table_marks_what_just_happened_for_a_while() -> None:
    rows = Ranking()
    view = View("position", rows)
    view.take(News(Connection.LIVE, tuple(c for step in SNAPSHOT for c in rows.apply(step))), now=0)
    assert "new" not in drawn(view, 1)
    steps = (row("4", "candidate-c", 0.85, "ENTERED", 0, 2, "POSITION"), row("5", "candidate-a", 0, "LEFT", 1))
    view.take(News(Connection.LOST, tuple(c for step in steps for c in rows.apply(step)), "cut"), now=2)
    now = drawn(view, 3)
    for part in ("2 candidates", "● lost: cut", "new: the", "#1 0.900 candidate-a left"):
        assert part in now
    later = drawn(view, 20)
    assert "candidate-c" in later
    for part in ("new", "left"):
        assert part not in later


def drawn(view: View, now: float) -> str:
    console = screen()
    console.print(view.shown(now))
    return said(console)


def test_a_bar_is_as_long_as_the_score() -> None:
    assert [bar(score) for score in (0.0, 0.55, 1.0)] == [
        "░" * 10 + " 0.000",
        "█" * 6 + "░" * 4 + " 0.550",
        "█" * 10 + " 1.000",
    ]


async def test_a_wrong_password_and_a_wrong_address_are_told_in_words() -> None:
    with pytest.raises(FeedRefused, match="CREDENTIALS_INVALID"):
        await shown(SNAPSHOT, who=Who(email="someone@example.org", password="wrong"))
    with pytest.raises(FeedRefused, match="no address of a gateway"):
        await show("localhost", Who("token"), Sight("position", 20, True, True), screen())


def test_the_command_asks_who_looks() -> None:
    command = [sys.executable, "-m", "services.cli", "feed", "position", "--url", "http://localhost:1"]
    ended = subprocess.run(command, capture_output=True, text=True, env={"PATH": ""}, timeout=60)
    assert ended.returncode == 2
    assert "--token" in ended.stderr


@pytest.mark.usefixtures("clean")
async def test_a_recruiter_sees_the_ranking_through_the_gateway(system: System, matching: MatchingServiceStub) -> None:
    candidate, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter)
    (match,) = await ranking(matching, recruiter, position.id, lambda found: len(found) == 1)
    console = screen()
    who = Who(email=recruiter.email, password=PASSWORD)
    await show(system.url, who, Sight(position.id, 20, once=True, plain=True), console)
    assert said(console) == f"1\t{match.score:.9f}\t{candidate.id}\n"
    stranger = await a_recruiter(system)
    with pytest.raises(FeedRefused, match=position.id):
        await show(system.url, Who(stranger.token), Sight(position.id, 20, True, True), console)
