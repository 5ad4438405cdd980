"""Introductions: consent on both sides, and nothing before; block and report; what becomes of it when somebody is gone."""

import asyncio
import json
from collections.abc import Awaitable
from uuid import UUID, uuid4

import pytest
from skillsync.careerforge.v1.growth_pb2 import Introduction
from skillsync.careerforge.v1.profile_pb2 import Preferences, Profile
from skillsync.type.v1.privacy_pb2 import EraseUserDataRequest, ExportUserDataRequest

from tests.builders import a_token_holder
from tests.careerforge.networked import (
    ACCEPTED,
    DECLINED,
    PROPOSED,
    Member,
    a_crowd,
    a_member,
    a_pair,
    propose,
)
from tests.harness import System, as_service
from tests.refusals import refused


@pytest.fixture(autouse=True)
def _alone(clean: None) -> None:
    """Proposals are made among all people there are."""


async def an_introduction(system: System) -> tuple[Member, Member, str, str]:
    """Two who both agreed."""
    one, other, mine, theirs = await a_pair(system)
    await one.answer(mine, accept=True)
    await other.answer(theirs, accept=True)
    return one, other, mine, theirs


def is_silent(found: Introduction) -> bool:
    return (found.state, found.other_display_name, found.other_user_id) == (PROPOSED, "", "")


async def test_names_are_told_once_both_agreed(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    agreed = await one.answer(mine, accept=True)
    assert is_silent(agreed)
    assert agreed.agreed
    assert is_silent(await other.only())
    assert not (await other.only()).agreed, "it does not tell that the other waits"
    found = await other.answer(theirs, accept=True)
    assert (found.state, found.other_display_name, found.other_user_id) == (ACCEPTED, one.name, one.person.id)
    found = await one.only()
    assert (found.state, found.other_display_name, found.other_user_id) == (ACCEPTED, other.name, other.person.id)


async def test_names_are_told_as_they_are_now(system: System) -> None:
    one, other, _, _ = await an_introduction(system)
    await other.change(Profile(display_name="New"), "display_name")
    assert (await one.only()).other_display_name == "New"


async def test_when_both_agree_at_once_both_are_told(system: System) -> None:
    for _ in range(4):
        one, other, mine, theirs = await a_pair(system)
        await asyncio.gather(one.answer(mine, accept=True), other.answer(theirs, accept=True))
        assert (await one.only()).other_user_id == other.person.id
        assert (await other.only()).other_user_id == one.person.id
        await system.clean()


@pytest.mark.parametrize("first", ["declines", "agrees"])
async def test_a_decline_is_not_told(system: System, first: str) -> None:
    one, other, mine, theirs = await a_pair(system)
    before = await other.only()
    if first == "agrees":
        before = await other.answer(theirs, accept=True)
        assert is_silent(before)
    assert (await one.answer(mine, accept=False)).state == DECLINED
    assert await other.only() == before
    if first == "declines":
        assert is_silent(await other.answer(theirs, accept=True))
    assert is_silent(await other.only())
    assert (await one.only()).state == DECLINED
    assert (await one.only()).other_user_id == ""


async def test_a_declined_proposal_still_takes_its_place_with_the_other(system: System) -> None:
    """A new proposal before it expires would tell."""
    await a_crowd(system, 3)
    one = await a_member(system)
    others = [await a_member(system) for _ in range(5)]
    await propose(system)
    assert len(await one.introductions()) == 5
    for other in others:
        await other.opt(False)
    await a_member(system)
    await propose(system)
    assert len(await one.introductions()) == 5


@pytest.mark.parametrize("accept", [True, False])
async def test_one_answers_once(system: System, accept: bool) -> None:
    one, _, mine, _ = await a_pair(system)
    await one.answer(mine, accept=accept)
    for again in (True, False):
        with refused("WRONG_STATE", resource="introduction"):
            await one.answer(mine, accept=again)


async def test_the_same_answer_sent_again_has_effect_once(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    request_id = str(uuid4())
    first = await one.answer(mine, accept=True, request_id=request_id)
    assert await one.answer(mine, accept=True, request_id=request_id) == first
    fields = {"block": True, "report": "rude", "request_id": str(uuid4())}
    answers = await asyncio.gather(*(other.answer(theirs, **fields) for _ in range(3)))
    assert {answer.state for answer in answers} == {DECLINED}
    assert await system.count("careerforge.networking_reports") == 1


async def test_one_can_answer_but_ones_own(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    stranger = Member(system, await a_token_holder(system), "x")
    for member, view in ((one, theirs), (other, mine), (stranger, mine)):
        with refused("NOT_FOUND", resource="introduction"):
            await member.answer(view, accept=True)
    pair = str(await system.database.fetchval("select id from careerforge.introductions"))
    with refused("NOT_FOUND"):
        await one.answer(pair, accept=True)
    assert is_silent(await one.only())


async def test_agreeing_and_blocking_at_once_is_refused(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    with refused("INVALID_ARGUMENT", field="block"):
        await one.answer(mine, accept=True, block=True)
    await other.answer(theirs, accept=True)
    assert is_silent(await other.only())


async def test_a_block_of_what_is_open_is_not_told(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    before = await other.only()
    await one.answer(mine, block=True)
    assert await one.introductions() == []
    assert await other.only() == before
    assert is_silent(await other.answer(theirs, accept=True))
    with refused("NOT_FOUND"):
        await one.answer(mine, accept=True)


async def test_a_block_of_what_both_agreed_to_takes_it_from_both(system: System) -> None:
    one, other, mine, theirs = await an_introduction(system)
    blocked = await one.answer(mine, block=True)
    assert (blocked.other_display_name, blocked.other_user_id) == ("", "")
    assert await one.introductions() == await other.introductions() == []
    with refused("NOT_FOUND"):
        await other.answer(theirs, report="why")


@pytest.mark.parametrize("blocker", [0, 1])
async def test_who_is_blocked_is_never_proposed_again(system: System, blocker: int) -> None:
    one, other, mine, theirs = await a_pair(system)
    member, view = ((one, mine), (other, theirs))[blocker]
    await member.answer(view, block=True)
    # As if nothing had been between them but the block.
    await system.database.execute("delete from careerforge.introductions")
    assert await propose(system) == 0
    await system.database.execute("delete from careerforge.networking_blocks")
    assert await propose(system) == 1


async def test_blocking_while_the_other_agrees_never_tells_afterwards(system: System) -> None:
    for _ in range(4):
        one, other, mine, theirs = await a_pair(system)
        await one.answer(mine, accept=True)
        await asyncio.gather(one.answer(mine, block=True), other.answer(theirs, accept=True))
        assert await one.introductions() == []
        assert [found for found in await other.introductions() if not is_silent(found)] == []
        await system.clean()


async def test_declining_while_the_other_agrees_never_tells(system: System) -> None:
    for _ in range(4):
        one, other, mine, theirs = await a_pair(system)
        await asyncio.gather(one.answer(mine, accept=False), other.answer(theirs, accept=True))
        assert is_silent(await other.only())
        assert (await one.only()).state == DECLINED
        await system.clean()


async def test_opting_out_while_the_other_agrees_leaves_both_with_the_same(system: System) -> None:
    for _ in range(4):
        one, other, mine, theirs = await a_pair(system)
        await one.answer(mine, accept=True)
        await asyncio.gather(one.opt(False), other.answer(theirs, accept=True))
        told = (await other.only()).other_user_id == one.person.id
        assert [found.other_user_id for found in await one.introductions()] == ([other.person.id] if told else [])
        await system.clean()


async def hide(member: Member, other: Member) -> None:
    await member.change(Profile(visibility=Profile.VISIBILITY_HIDDEN), "visibility")


async def work_for_a_blocked_employer(member: Member, other: Member) -> None:
    from datetime import date

    await other.change(Profile(preferences=Preferences(blocked_employers=["Inn"])), "preferences")
    await member.worked("The Inn", date(2020, 1, 1))


@pytest.mark.parametrize("happens", [hide, work_for_a_blocked_employer])
@pytest.mark.parametrize("to", [0, 1])
async def test_who_may_not_meet_any_more_is_not_told_though_both_agree(
    system: System, happens: object, to: int
) -> None:
    one, other, mine, theirs = await a_pair(system)
    await one.answer(mine, accept=True)
    pair = (one, other)
    await happens(pair[to], pair[1 - to])  # type: ignore[operator]
    assert is_silent(await other.answer(theirs, accept=True))
    assert is_silent(await one.only())


async def test_a_report_is_kept_with_both_ids_and_told_to_nobody(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    before = await other.only()
    assert (await one.answer(mine, report="Asked for money")).state == DECLINED
    assert await other.only() == before
    kept = await system.database.fetchrow("select user_id, reported_id, text from careerforge.networking_reports")
    assert tuple(kept) == (UUID(one.person.id), UUID(other.person.id), "Asked for money")
    with refused("INVALID_ARGUMENT", field="report"):
        await other.answer(theirs, report="x" * 2001)


async def test_a_report_of_what_both_agreed_to_leaves_it_as_it_is(system: System) -> None:
    one, other, mine, _ = await an_introduction(system)
    assert (await one.answer(mine, report="Asked for money")).state == ACCEPTED
    assert (await other.only()).state == ACCEPTED
    assert (await one.answer(mine, report="Again", block=True)).other_user_id == ""
    assert await other.introductions() == []
    assert await system.count("careerforge.networking_reports") == 2


async def exported(system: System, member: Member) -> dict[str, bytes]:
    stub, found = member.stub, dict[str, bytes]()
    request = ExportUserDataRequest(account_id=member.person.id)
    async for part in stub.ExportUserData(request, metadata=as_service("user")):
        found[part.path] = found.get(part.path, b"") + part.content
    return found


async def test_of_the_other_nothing_is_in_ones_export(system: System) -> None:
    one, other, mine, _ = await an_introduction(system)
    await one.answer(mine, report="Asked for money")
    files = await exported(system, one)
    assert json.loads(files["introduction_views.json"])[0]["state"] == "ACCEPTED"
    assert json.loads(files["networking_reports.json"])[0]["text"] == "Asked for money"
    secret = (other.person.id, other.name)
    assert not [path for path, content in files.items() if any(word in content.decode() for word in secret)]
    files = await exported(system, other)
    assert "networking_reports.json" not in files, "who reported whom is not told"
    assert not [path for path, content in files.items() if one.person.id in content.decode()]


async def test_a_block_is_in_nobodys_export(system: System) -> None:
    one, other, mine, _ = await a_pair(system)
    await one.answer(mine, block=True)
    for member in (one, other):
        assert "networking_blocks.json" not in await exported(system, member)


async def gone(member: Member) -> None:
    request = EraseUserDataRequest(account_id=member.person.id)
    await member.stub.EraseUserData(request, metadata=as_service("user"))


@pytest.mark.parametrize("make", [a_pair, an_introduction])
async def test_who_is_gone_is_gone_from_both_sides(system: System, make: object) -> None:
    one, other, mine, theirs = await make(system)  # type: ignore[operator]
    await one.answer(mine, report="rude")
    await gone(one)
    assert await other.introductions() == []
    with refused("NOT_FOUND"):
        await other.answer(theirs, accept=True)
    for table, columns in {
        "introductions": ("first_id", "second_id"),
        "introduction_views": ("user_id", "other_id"),
        "networking_reports": ("user_id", "reported_id"),
        "networking_settings": ("user_id",),
    }.items():
        where = " or ".join(f"{column} = $1" for column in columns)
        assert await system.count(f"careerforge.{table}", where, UUID(one.person.id)) == 0


async def settled(*calls: Awaitable[object]) -> list[object]:
    return list(await asyncio.gather(*calls, return_exceptions=True))


async def test_agreeing_while_the_other_is_erased_leaves_nothing_of_them(system: System) -> None:
    for _ in range(4):
        one, other, mine, theirs = await a_pair(system)
        await one.answer(mine, accept=True)
        await settled(gone(one), other.answer(theirs, accept=True))
        # What lost a deadlock is tried again, as the eraser does.
        await gone(one)
        assert await other.introductions() == []
        await system.clean()
