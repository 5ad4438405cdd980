"""A feed that goes on by itself: over a real connection to a server that cuts, forgets and refuses."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import grpc
import pytest

from services.feed import following as module
from services.feed.following import Connection, FeedRefused, Following, News
from services.feed.session import Session, sign_in
from tests.feed.scripted import CUT, Hold, Refuse, Script, Step, checkpoint, complete, resync, row, serving

SNAPSHOT = (row("1", "a", 0.9), row("2", "b", 0.8), complete("3"))


async def followed(script: Script, session: Session | None = None, changes: int = 0) -> tuple[Following, list[News]]:
    """What is told until there were so many changes and the script has been played."""
    seen: list[News] = []
    async with serving(script) as address, grpc.aio.insecure_channel(address) as channel:
        feed = Following(channel, session or Session("access-0"), "position", 20, pause=0.01)
        async with asyncio.timeout(60), aclosing(feed.news()) as news:
            async for one in news:
                seen.append(one)
                told = sum(len(n.changes) for n in seen)
                if told >= changes and len(script.seen) >= len(script.calls) and feed.ranking.token == "end":
                    break
    return feed, seen


def told(news: Sequence[News]) -> list[str]:
    return [change.match.candidate_id for one in news for change in one.changes]


async def test_wherever_it_is_cut_nothing_is_lost_and_nothing_comes_twice() -> None:
    """Before the first event too."""
    events: list[Step] = [*SNAPSHOT, row("4", "c", 0.7, "ENTERED", 0, 3), checkpoint("end")]
    for at in range(len(events)):
        script = Script([[*events[:at], CUT], events[at:]])
        feed, news = await followed(script)
        assert told(news) == ["a", "b", "c"]
        assert [token for token, _ in script.seen] == ["", "" if not at else str(at)]
        assert [match.candidate_id for match in feed.ranking.rows] == ["a", "b", "c"]
        states = [one.connection for one in news]
        assert Connection.LOST in states
        assert states[-1] is Connection.LIVE


async def test_a_stream_that_just_ends_is_taken_up_again() -> None:
    script = Script([list(SNAPSHOT), [checkpoint("end")]])
    _, news = await followed(script)
    assert [token for token, _ in script.seen] == ["", "3"]
    assert [one.why for one in news if one.connection is Connection.LOST] == ["the stream ended"]


@pytest.mark.parametrize("reason", ["RESUME_TOKEN_EXPIRED", "RESUME_TOKEN_INVALID"])
async def test_after_too_long_an_absence_only_the_differences_are_told(reason: str) -> None:
    stale = Refuse(grpc.StatusCode.OUT_OF_RANGE, reason)
    again = [row("5", "b", 0.8), row("6", "c", 0.7), complete("end")]
    script = Script([[*SNAPSHOT, CUT], [stale], again])
    feed, news = await followed(script)
    assert [token for token, _ in script.seen] == ["", "3", ""]
    assert told(news) == ["a", "b", "a", "c"]
    assert [match.candidate_id for match in feed.ranking.rows] == ["b", "c"]


async def test_a_resync_is_a_new_snapshot_and_goes_on_when_cut() -> None:
    script = Script([[*SNAPSHOT, resync("4"), row("5", "b", 0.85), CUT], [row("6", "a", 0.8), complete("end")]])
    feed, news = await followed(script)
    assert [token for token, _ in script.seen] == ["", "5"]
    assert [(match.candidate_id, match.score) for match in feed.ranking.rows] == [("b", 0.85), ("a", 0.8)]
    assert told(news) == ["a", "b", "b", "a"]


async def test_a_silent_stream_is_given_up_and_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT_SECONDS", 3.0)
    script = Script([[*SNAPSHOT, Hold()], [checkpoint("end")]])
    await followed(script)
    assert [token for token, _ in script.seen] == ["", "3"]


async def test_who_signed_in_with_a_password_gets_new_tokens_for_as_long_as_they_look() -> None:
    over = Refuse(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED")
    script = Script([[*SNAPSHOT, over], [checkpoint("4"), over], [checkpoint("end")]])
    async with serving(script) as address, grpc.aio.insecure_channel(address) as channel:
        session = await sign_in(channel, "someone@example.org", "right")
    await followed(script, session)
    assert [token for _, token in script.seen] == [f"Bearer access-{n}" for n in range(3)]
    assert script.renewals == ["refresh-0", "refresh-1"]


@pytest.mark.parametrize(
    ("steps", "session", "words"),
    [
        ([Refuse(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED")], Session("x"), "TOKEN_EXPIRED"),
        ([Refuse(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED")] * 2, Session("x", "refresh"), "TOKEN_EXPIRED"),
        ([Refuse(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")], Session("x", "refresh"), "TOKEN_INVALID"),
        ([Refuse(grpc.StatusCode.NOT_FOUND, "NOT_FOUND")], Session("x"), "NOT_FOUND"),
        ([Refuse(grpc.StatusCode.PERMISSION_DENIED)], Session("x"), "PERMISSION_DENIED"),
        ([CUT, Refuse(grpc.StatusCode.NOT_FOUND, "NOT_FOUND")], Session("x"), "NOT_FOUND"),
    ],
)
async def test_what_trying_again_cannot_change_ends_it_in_words(
    steps: list[Refuse], session: Session, words: str
) -> None:
    script = Script([[step] for step in steps])
    with pytest.raises(FeedRefused, match=words):
        await followed(script, session)
    assert len(script.seen) == len(steps)


async def test_pauses_grow_and_begin_anew_after_success() -> None:
    script = Script([[CUT]] * 4 + [[*SNAPSHOT, CUT], [checkpoint("end")]])
    async with serving(script) as address, grpc.aio.insecure_channel(address) as channel:
        feed = Following(channel, Session("x"), "position", 20, pause=0.02)
        sizes = []
        async with asyncio.timeout(60), aclosing(feed.news()) as news:
            async for one in news:
                if one.connection is Connection.LOST:
                    sizes.append(feed._pause)
                if feed.ranking.token == "end":
                    break
    assert sizes == [0.02, 0.04, 0.08, 0.16, 0.02]
