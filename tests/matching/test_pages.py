"""Pages of a position's ranking: the same bytes for all who look, never those of another revision, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import MATCH_VIEW_BASIC, Match
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.kit.db import Database
from services.matching import rankings
from tests.builders import Person, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import until_ranked
from tests.matching.scored import add_candidates, open_matching, set_scores
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

PEOPLE = [UUID(int=i) for i in range(1, 6)]


@asynccontextmanager
async def a_ranking(system: System) -> AsyncIterator[tuple[Database, Person, str]]:
    """Five people, the first one best."""
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    await until_ranked(system, position)
    async with open_matching(system) as db:
        await add_candidates(db, PEOPLE)
        await set_scores(db, UUID(position.id), {one: 1 - i / 10 for i, one in enumerate(PEOPLE)})
        yield db, recruiter, position.id


async def page(matching: MatchingServiceStub, who: Person, position_id: str, **fields: Any) -> pb.ListMatchesResponse:
    return await matching.ListMatches(pb.ListMatchesRequest(position_id=position_id, **fields), metadata=who.metadata)


def ids(found: pb.ListMatchesResponse) -> list[UUID]:
    return [UUID(row.candidate_id) for row in found.matches]


async def test_a_page_that_was_shown_before_is_not_shown_after_a_change(
    system: System, matching: MatchingServiceStub
) -> None:
    async with a_ranking(system) as (db, recruiter, position_id):
        assert ids(await page(matching, recruiter, position_id, page_size=2)) == PEOPLE[:2]
        await set_scores(db, UUID(position_id), {PEOPLE[4]: 0.99})
        assert ids(await page(matching, recruiter, position_id, page_size=2)) == [PEOPLE[0], PEOPLE[4]]
        await set_scores(db, UUID(position_id), dict.fromkeys(PEOPLE))
        assert ids(await page(matching, recruiter, position_id, page_size=2)) == []


async def test_pages_together_are_the_ranking(system: System, matching: MatchingServiceStub) -> None:
    async with a_ranking(system) as (_, recruiter, position_id):
        for _ in range(2):
            shown, token = list[Match](), ""
            while not shown or token:
                found = await page(matching, recruiter, position_id, page_size=2, page_token=token)
                shown, token = [*shown, *found.matches], found.next_page_token
            assert [(row.rank, UUID(row.candidate_id)) for row in shown] == list(enumerate(PEOPLE, 1))


async def test_the_basic_view_leaves_out_reasons_and_nothing_else(
    system: System, matching: MatchingServiceStub
) -> None:
    async with a_ranking(system) as (_, recruiter, position_id):
        full = await page(matching, recruiter, position_id)
        basic = await page(matching, recruiter, position_id, view=MATCH_VIEW_BASIC)
    assert all(row.reasons and row.candidate_reasons for row in full.matches)
    for row in full.matches:
        row.ClearField("reasons")
        row.ClearField("candidate_reasons")
    assert basic == full


async def test_a_page_that_was_shown_to_a_member_is_shown_to_nobody_else(
    system: System, matching: MatchingServiceStub
) -> None:
    async with a_ranking(system) as (_, recruiter, position_id):
        assert ids(await page(matching, recruiter, position_id)) == PEOPLE
        stranger = await a_recruiter(system)
        with refused("NOT_FOUND", resource="position", id=position_id):
            await page(matching, stranger, position_id)
        removed = "delete from matching.members where account_id = $1"
        await system.database.execute(removed, UUID(recruiter.id))
        with refused("NOT_FOUND", resource="position", id=position_id):
            await page(matching, recruiter, position_id)


async def test_who_asks_while_scores_change_sees_one_moment(system: System, matching: MatchingServiceStub) -> None:
    async with a_ranking(system) as (db, recruiter, position_id):

        async def change() -> None:
            for turn in range(20):
                await set_scores(db, UUID(position_id), {one: (i + turn) % 5 / 5 + 0.1 for i, one in enumerate(PEOPLE)})

        changing = asyncio.create_task(change())
        while not changing.done():
            found = await page(matching, recruiter, position_id)
            scores = [row.score for row in found.matches]
            assert scores == sorted(scores, reverse=True)
            assert sorted(ids(found)) == PEOPLE
        await changing


async def test_a_ranking_holds_a_thousand_people_the_best(system: System, matching: MatchingServiceStub) -> None:
    many = [UUID(int=i) for i in range(100, 100 + rankings.MOST + 5)]
    async with a_ranking(system) as (db, recruiter, position_id):
        await add_candidates(db, many)
        await set_scores(db, UUID(position_id), {one: 0.5 - i / 10_000 for i, one in enumerate(many)})
        shown, token = list[UUID](), ""
        while not shown or token:
            found = await page(matching, recruiter, position_id, page_size=200, page_token=token, view=MATCH_VIEW_BASIC)
            shown, token = [*shown, *ids(found)], found.next_page_token
        assert shown == [*PEOPLE, *many][: rankings.MOST]
        await set_scores(db, UUID(position_id), {many[-1]: 0.95})
        assert ids(await page(matching, recruiter, position_id, page_size=2)) == [PEOPLE[0], many[-1]]
        assert await system.count("matching.matches", "position_id = $1", UUID(position_id)) == rankings.MOST
