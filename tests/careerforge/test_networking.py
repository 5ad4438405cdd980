"""Who is proposed to whom, and that nothing tells who it is."""

import asyncio
from datetime import date
from uuid import UUID

import pytest
from skillsync.careerforge.v1.profile_pb2 import Preferences, Profile
from sqlalchemy import text

from services.careerforge import introducing
from services.careerforge import networking_grounds as grounds
from services.careerforge.introducing import MOST_NEW, MOST_OPEN
from services.careerforge.networking import forget_old
from services.careerforge.networking_grounds import SharedSkill, Stretch
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.settings import Settings
from tests.careerforge.networked import (
    EXPIRED,
    PROPOSED,
    a_crowd,
    a_member,
    a_pair,
    as_platform,
    propose,
    propose_to,
    work,
)
from tests.harness import System
from tests.refusals import refused

MARCH, MAY, JULY, OCTOBER = (date(2020, month, 1) for month in (3, 5, 7, 10))


@pytest.fixture(autouse=True)
def _alone(clean: None) -> None:
    """Proposals are made among all people there are."""


async def test_nobody_takes_part_who_did_not_say_so(system: System) -> None:
    await a_crowd(system, 5)
    one, other = await a_member(system, enabled=False), await a_member(system)
    assert not (await one.networking()).enabled
    assert await propose(system) == 0
    assert await one.introductions() == await other.introductions() == []


async def test_who_takes_part_is_told_since_when_and_what_is_in_the_way(system: System) -> None:
    one = await a_member(system)
    found = await one.networking()
    assert (found.enabled, found.HasField("enable_time"), found.obstacle) == (True, True, "")
    await one.change(Profile(visibility=Profile.VISIBILITY_HIDDEN), "visibility")
    assert "hidden" in (await one.networking()).obstacle
    await one.change(Profile(visibility=Profile.VISIBILITY_PUBLIC), "visibility")
    await one.change(Profile(), "display_name")
    assert "name" in (await one.networking()).obstacle
    await one.opt(False)
    found = await one.networking()
    assert (found.enabled, found.HasField("enable_time"), found.obstacle) == (False, False, "")


async def test_two_who_share_a_skill_are_proposed_to_each_other_without_a_name(system: System) -> None:
    one, other, _, _ = await a_pair(system)
    for member in (one, other):
        found = await member.only()
        assert (found.state, found.common_ground) == (PROPOSED, "Both know lacemaking")
        assert (found.other_display_name, found.other_user_id, found.agreed) == ("", "", False)
        assert (found.expire_time.ToDatetime() - found.create_time.ToDatetime()).days == 30


async def test_a_skill_that_fewer_than_five_have_is_not_told(system: System) -> None:
    await a_crowd(system, 2)
    one, other = await a_member(system), await a_member(system)
    assert await propose(system) == 0
    await a_crowd(system, 1)
    assert await propose(system) == 1
    assert (await one.only()).common_ground == (await other.only()).common_ground


async def test_hidden_people_do_not_count_among_the_five(system: System) -> None:
    crowd = await a_crowd(system, 3)
    await a_member(system)
    await a_member(system)
    await system.database.execute(
        "update careerforge.user_careerforge set visibility = 'HIDDEN' where id = $1", crowd[0]
    )
    assert await propose(system) == 0


async def test_a_skill_that_follows_from_work_and_was_not_named_is_not_told(system: System) -> None:
    await a_crowd(system, 5)
    await a_member(system)
    await a_member(system)
    await system.database.execute("update careerforge.profile_skills set evidence = 'IMPLIED'")
    assert await propose(system) == 0


async def test_what_nearly_everybody_has_means_nothing(system: System) -> None:
    await a_crowd(system, 24)
    await a_member(system)
    await a_member(system)
    assert await propose(system) == 0


async def test_colleagues_of_the_same_time_are_proposed_and_each_reads_the_name_as_they_write_it(
    system: System,
) -> None:
    one, other = await a_member(system, skilled=False), await a_member(system, skilled=False)
    await one.worked("Lace & Sons GmbH", MARCH, JULY)
    await other.worked("lace and sons", MAY)
    crowd = await a_crowd(system, 3, ("test:other", "other"))
    for person in crowd[:2]:
        await work(system, person, "Lace & Sons", MARCH, OCTOBER)
    assert await propose(system) == 0, "four know each other by elimination"
    await work(system, crowd[2], "Lace & Sons", MARCH, OCTOBER)
    assert await propose(system) == 1
    assert (await one.only()).common_ground == "Both worked at Lace & Sons GmbH at the same time"
    assert (await other.only()).common_ground == "Both worked at lace and sons at the same time"


async def test_colleagues_of_other_times_are_none(system: System) -> None:
    one, other = await a_member(system, skilled=False), await a_member(system, skilled=False)
    await one.worked("Lace Works", MARCH, MAY)
    await other.worked("Lace Works", JULY, OCTOBER)
    for person in await a_crowd(system, 5, ("test:other", "other")):
        await work(system, person, "Lace Works", MARCH, OCTOBER)
    assert await propose(system) == 0


async def test_hidden_profiles_are_not_proposed(system: System) -> None:
    await a_crowd(system, 5)
    one, _ = await a_member(system), await a_member(system)
    await one.change(Profile(visibility=Profile.VISIBILITY_HIDDEN), "visibility")
    assert await propose(system) == 0


async def test_nobody_without_a_name_is_proposed(system: System) -> None:
    await a_crowd(system, 5)
    one, _ = await a_member(system), await a_member(system)
    await one.change(Profile(), "display_name")
    assert await propose(system) == 0


@pytest.mark.parametrize("blocked", ["The Inn", "inn"])
async def test_who_works_for_a_blocked_employer_is_not_proposed(system: System, blocked: str) -> None:
    await a_crowd(system, 5)
    one, other = await a_member(system), await a_member(system)
    await one.change(Profile(preferences=Preferences(blocked_employers=[blocked])), "preferences")
    await other.worked("The Inn Ltd.", MARCH)
    assert await propose(system) == 0
    await system.database.execute("update careerforge.experiences set current = false, end_month = $1", OCTOBER)
    assert await propose(system) == 1, "who has left is no employer's any more"


async def test_of_one_person_five_are_open_at_most_the_best_first(system: System) -> None:
    rare = ("test:bobbins", "bobbins")
    await a_crowd(system, 10)
    await a_crowd(system, 3, rare)
    one = await a_member(system)
    await one.knows(rare)
    others = [await a_member(system) for _ in range(MOST_OPEN + 1)]
    await others[-1].knows(rare)
    # One is looked for first: who waits longest.
    await system.database.execute(
        "update careerforge.networking_settings set look_time = now() where user_id <> $1", UUID(one.person.id)
    )
    await propose(system)
    found = await one.introductions()
    assert len(found) == MOST_OPEN
    assert found[-1].common_ground == "Both know bobbins"
    assert [(await others[-1].introductions())[-1].common_ground] == ["Both know bobbins"]
    assert max([len(await other.introductions()) for other in others]) <= MOST_OPEN
    before = await system.count("careerforge.introductions")
    await propose(system)
    assert await system.count("careerforge.introductions") == before


async def test_who_opts_out_and_in_gets_ten_in_a_month_and_no_more(system: System) -> None:
    await a_crowd(system, 5)
    one = await a_member(system)
    for _ in range(MOST_NEW + 2):
        await a_member(system)
    made = []
    for _ in range(4):
        made.append(await propose_to(system, one))
        await one.opt(False)
        await one.opt(True)
    assert made == [MOST_OPEN, MOST_NEW - MOST_OPEN, 0, 0]
    # What is past is forgotten as far as that goes.
    await system.database.execute("update careerforge.introductions set create_time = create_time - interval '31 days'")
    assert await propose_to(system, one) == 2


async def test_the_same_two_are_proposed_once(system: System) -> None:
    one, other, mine, _ = await a_pair(system)
    await one.answer(mine, accept=False)
    assert await propose(system) == 0
    await system.database.execute("update careerforge.introduction_views set expire_time = now()")
    await one.opt(False)
    await one.opt(True)
    assert await propose(system) == 0
    assert len(await other.introductions()) == 1


async def test_two_workers_at_once_propose_nothing_twice(system: System) -> None:
    await a_crowd(system, 3)
    members = [await a_member(system) for _ in range(6)]
    await asyncio.gather(*(propose(system) for _ in range(3)))
    assert await system.count("careerforge.introductions") == 15
    assert [len(await member.introductions()) for member in members] == [MOST_OPEN] * 6


async def test_who_opts_out_while_proposals_are_made_has_none_open(system: System) -> None:
    await a_crowd(system, 3)
    members = [await a_member(system) for _ in range(5)]
    for member in members:
        await asyncio.gather(propose(system), member.opt(False))
        assert await member.introductions() == []
        open_ = "(first_id = $1 or second_id = $1) and not closed"
        assert await system.count("careerforge.introductions", open_, UUID(member.person.id)) == 0
        await propose(system)
        assert await member.introductions() == []


async def test_who_leaves_after_being_chosen_is_not_proposed(system: System) -> None:
    await a_crowd(system, 3)
    one, other = await a_member(system), await a_member(system)
    async with as_platform(system) as session:
        ((user_id, ground),) = await introducing.candidates(session, UUID(one.person.id), utc_now())
        await other.opt(False)
        assert not await introducing.propose(session, UUID(one.person.id), user_id, ground, utc_now())
    assert await one.introductions() == await other.introductions() == []


async def test_who_leaves_while_being_proposed_waits_for_it_and_then_ends_it(system: System) -> None:
    await a_crowd(system, 3)
    one, other = await a_member(system), await a_member(system)
    async with as_platform(system) as session:
        assert await introducing.introduce(session, UUID(one.person.id), utc_now()) == 1
        leaving = asyncio.create_task(other.opt(False))
        await asyncio.sleep(0.2)
        assert not leaving.done()
    await leaving
    assert await other.introductions() == []
    assert await system.count("careerforge.introductions", "closed") == 1


async def test_opting_out_ends_what_is_open_and_tells_the_other_nothing(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    await one.answer(mine, accept=True)
    before = await other.only()
    await one.opt(False)
    assert await one.introductions() == []
    with refused("NOT_FOUND", resource="introduction"):
        await one.answer(mine, accept=True)
    assert await other.only() == before
    answered = await other.answer(theirs, accept=True)
    assert (answered.state, answered.other_display_name, answered.other_user_id) == (PROPOSED, "", "")


async def test_what_leaving_ended_does_not_come_back(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    await one.answer(mine, accept=True)
    await one.opt(False)
    await one.opt(True)
    assert (await other.answer(theirs, accept=True)).state == PROPOSED
    assert await one.introductions() == []


async def test_what_both_agreed_to_outlives_opting_out(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    await one.answer(mine, accept=True)
    await other.answer(theirs, accept=True)
    await one.opt(False)
    assert (await one.only()).other_display_name == other.name
    assert (await other.only()).other_display_name == one.name


async def test_what_expired_says_so_and_cannot_be_answered(system: System) -> None:
    one, _, mine, _ = await a_pair(system)
    await system.database.execute("update careerforge.introduction_views set expire_time = now()")
    assert (await one.only()).state == EXPIRED
    with refused("WRONG_STATE", state="EXPIRED"):
        await one.answer(mine, accept=True)


async def test_introductions_are_listed_by_state_and_page(system: System) -> None:
    await a_crowd(system, 3)
    one = await a_member(system)
    for _ in range(3):
        await a_member(system)
    await propose(system)
    found = await one.introductions()
    await one.answer(found[0].id, accept=False)
    assert [i.id for i in await one.introductions(state=PROPOSED)] == [found[1].id, found[2].id]
    first = await one.listed(page_size=2)
    rest = await one.listed(page_size=2, page_token=first.next_page_token)
    assert [i.id for i in (*first.introductions, *rest.introductions)] == [i.id for i in found]
    with refused("PAGE_TOKEN_INVALID"):
        await one.listed(page_token=first.next_page_token, state=PROPOSED)
    assert not any(name in first.next_page_token for name in (found[1].id, one.person.id))


async def test_what_is_long_over_is_forgotten(system: System) -> None:
    one, other, _, _ = await a_pair(system)
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as db:
        for days, left in ((119, 2), (2, 0)):
            await system.database.execute(
                "update careerforge.introduction_views set expire_time = expire_time - $1 * interval '1 day'", days
            )
            async with db.write(EVERYONE) as session:
                await forget_old(session, utc_now())
            assert len(await one.introductions()) + len(await other.introductions()) == left


async def test_to_a_person_the_tables_show_their_own_view_alone(system: System) -> None:
    """Whatever a query forgets to ask."""
    one, other, mine, _ = await a_pair(system)
    await one.answer(mine, accept=False, report="rude", block=True)
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as db:
        for member in (one, other):
            async with db.read(UUID(member.person.id)) as session:
                views = (
                    (await session.execute(text("select user_id from careerforge.introduction_views"))).scalars().all()
                )
                assert views == [UUID(member.person.id)]
                for table in ("introductions", "networking_blocks", "networking_reports"):
                    count = text(f"select count(*) from careerforge.{table}")
                    assert (await session.execute(count)).scalar_one() == 0
        with pytest.raises(Exception, match="row-level security"):
            async with db.write(UUID(one.person.id)) as session:
                await session.execute(
                    text(
                        "insert into careerforge.introduction_views (id, introduction_id, user_id, common_ground, expire_time)"
                        " select gen_random_uuid(), introduction_id, user_id, 'x', now() from careerforge.introduction_views"
                    )
                )


def stretch(user: int, start: int, end: int | None) -> Stretch:
    return Stretch(UUID(int=user), "acme", "Acme", start, end)


def test_enough_must_have_been_there_with_either_of_the_two() -> None:
    mine, other = stretch(1, 10, 30), stretch(2, 29, 60)
    with_me = [stretch(n, 5, 20) for n in range(3, 8)]
    everybody = [mine, other, *with_me]
    assert grounds.of_employers([mine], everybody, 1000).keys() == {one.user_id for one in with_me}
    # To the other I would be the only one.
    assert UUID(int=2) not in grounds.of_employers([mine], everybody, 1000)
    assert grounds.of_employers([other], everybody, 1000) == {}


def test_the_one_ground_that_is_told_is_the_best_and_the_rest_stays_untold() -> None:
    user = UUID(int=9)
    shared = [SharedSkill(user, "weaving", "weaving", 20), SharedSkill(user, "lace", "lace", 5)]
    found = grounds.of_skills(shared, 1000)
    assert [ground.words for _, ground in grounds.best_first(found)] == ["Both know lace"]


@pytest.mark.parametrize(
    ("count", "people", "told"),
    [(4, 1000, False), (5, 1000, True), (50, 1000, True), (51, 1000, False), (25, 30, True)],
)
def test_a_ground_is_told_of_five_up_to_a_twentieth(count: int, people: int, told: bool) -> None:
    assert grounds.is_telling(count, people) is told


@pytest.mark.parametrize(
    ("blocked", "employer", "found"),
    [("Acme", "ACME Works GmbH", True), ("Acme Works", "Acme", True), ("Acme", "Beta", False), ("", "Acme", False)],
)
def test_a_blocked_name_is_met_however_it_is_written(blocked: str, employer: str, found: bool) -> None:
    assert grounds.is_blocked([blocked], [employer]) is found


async def test_before_both_agreed_nothing_that_is_sent_tells_who_it_is(system: System) -> None:
    one, other, mine, theirs = await a_pair(system)
    await one.answer(mine, accept=True)
    texts = {member: str(await member.listed()) for member in (one, other)}
    texts[one] += str(await one.answer(mine, report="late"))
    pair = str(await system.database.fetchval("select id from careerforge.introductions"))
    for member, stranger in ((one, other), (other, one)):
        person = stranger.person
        secret = (stranger.name, person.id, person.email, pair, theirs if member is one else mine)
        assert not [word for word in secret if word in texts[member]]
