"""Live rankings under cuts, crowds, slow readers, and tokens that are not theirs."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.position_pb2 import Position

from services.kit.db import Database
from services.matching import feeds
from tests.builders import Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.harness import System
from tests.matching.ranked import until_ranked
from tests.matching.scored import add_candidates, open_matching, set_scores
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

Kind = pb.MatchEvent
LIMIT = 5


@pytest.fixture
async def db(system: System) -> AsyncIterator[Database]:
    async with open_matching(system) as opened:
        yield opened


@pytest.fixture
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


@pytest.fixture
async def position(system: System, recruiter: Person, matching: MatchingServiceStub) -> Position:
    """Open, and ranked: its first job is over."""
    made = await a_position(system, recruiter)
    await until_ranked(system, made)
    return made


class Client:
    """Keeps the first ranks as a client does, and notices what no client should see."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.token = ""
        self.live = False
        self.events = 0

    def take(self, response: Any) -> None:
        assert response.resume_token, "every response has one"
        self.token = response.resume_token
        match response.WhichOneof("event"):
            case "snapshot_complete":
                assert response.snapshot_complete.row_count >= len(self.shown)
                self.live = True
            case "resync":
                self.shown, self.live = [], False
            case "match":
                self._row(response.match)

    def _row(self, event: Any) -> None:
        self.events += 1
        who, known = event.match.candidate_id, event.match.candidate_id in self.shown
        if event.kind == Kind.KIND_LEFT:
            assert known, "nobody leaves twice"
            self.shown.remove(who)
            return
        assert known == (event.kind in (Kind.KIND_MOVED, Kind.KIND_RESCORED)), "nobody comes twice"
        if known:
            self.shown.remove(who)
        self.shown.insert(event.new_rank - 1, who)


async def follow(stub: MatchingServiceStub, person: Person, position: Position, client: Client, most: int) -> None:
    """So many responses, or until none comes for a while; then the connection is cut."""
    request = pb.StreamMatchesRequest(position_id=position.id, limit=LIMIT, resume_token=client.token)
    call = stub.StreamMatches(request, metadata=person.metadata)
    try:
        for _ in range(most):
            async with asyncio.timeout(0.5):
                client.take(await call.read())
    except TimeoutError:
        pass
    finally:
        call.cancel()


async def top(db: Database, position: Position) -> list[str]:
    async with db.read() as session:
        rows = await feeds_top(session, UUID(position.id))
    return [str(one) for one in rows]


async def feeds_top(session: Any, position_id: UUID) -> list[UUID]:
    from services.matching import queries

    ranking = await queries.find_ranking(session, position_id)
    return ranking.item_ids[:LIMIT] if ranking else []


async def test_cut_at_any_moment_nothing_is_lost_or_repeated(
    matching: MatchingServiceStub, db: Database, recruiter: Person, position: Position
) -> None:
    chance = random.Random(5)
    people = [uuid4() for _ in range(12)]
    await add_candidates(db, people)
    client, cuts = Client(), 0

    async def change() -> None:
        for _ in range(150):
            some = chance.sample(people, chance.randint(1, 4))
            await set_scores(
                db, UUID(position.id), {one: chance.choice([None, 0.1, 0.2, 0.3, 0.4, 0.5]) for one in some}
            )
            await asyncio.sleep(0.005)

    changing = asyncio.create_task(change())
    while not changing.done():
        await follow(matching, recruiter, position, client, chance.randint(0, 4))
        cuts += 1
    await changing
    # On a busy machine half a second may pass before the next event. What was lost would never come.
    async with asyncio.timeout(60):
        # Only others' shifts are not told: the order by rank is.
        while client.shown != await top(db, position) or not client.live:
            await follow(matching, recruiter, position, client, 100)
    assert cuts > 40
    assert client.events > 50


async def test_all_watchers_at_one_place_get_the_same_bytes(
    system: System, matching: MatchingServiceStub, db: Database, recruiter: Person, position: Position
) -> None:
    one = uuid4()
    await add_candidates(db, [one])
    request = pb.StreamMatchesRequest(position_id=position.id, limit=LIMIT)
    calls = [matching.StreamMatches(request, metadata=recruiter.metadata) for _ in range(20)]
    first = [await call.read() for call in calls]
    assert len({response.SerializeToString() for response in first}) == 1
    await set_scores(db, UUID(position.id), {one: 0.5})
    told = [await call.read() for call in calls]
    assert len({response.SerializeToString(deterministic=True) for response in told}) == 1
    assert told[0].match.match.candidate_id == str(one)
    for call in calls:
        call.cancel()


async def test_who_is_far_behind_is_told_of_the_whole_anew(
    matching: MatchingServiceStub,
    db: Database,
    recruiter: Person,
    position: Position,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feeds, "MOST_TOLD", 3)
    people = [uuid4() for _ in range(6)]
    await add_candidates(db, people)
    client = Client()
    await follow(matching, recruiter, position, client, 1)
    assert client.live
    await set_scores(db, UUID(position.id), dict.fromkeys(people, 0.5))
    seen: list[str] = []
    request = pb.StreamMatchesRequest(position_id=position.id, limit=LIMIT, resume_token=client.token)
    call = matching.StreamMatches(request, metadata=recruiter.metadata)
    while "snapshot_complete" not in seen:
        response = await call.read()
        seen.append(str(response.WhichOneof("event")))
        client.take(response)
    assert seen == ["checkpoint", "resync", *["match"] * LIMIT, "snapshot_complete"]
    assert client.shown == await top(db, position)
    call.cancel()


async def test_a_token_works_for_its_own_stream_alone(
    system: System, matching: MatchingServiceStub, recruiter: Person, position: Position
) -> None:
    client, other = Client(), await a_position(system, recruiter)
    await follow(matching, recruiter, position, client, 1)
    for fields in (
        {"position_id": other.id, "limit": LIMIT, "resume_token": client.token},
        {"position_id": position.id, "limit": LIMIT + 1, "resume_token": client.token},
        {"position_id": position.id, "limit": LIMIT, "resume_token": client.token[:-4] + "AAAA"},
        {"position_id": position.id, "limit": LIMIT, "resume_token": "forged"},
    ):
        with refused("RESUME_TOKEN_INVALID"):
            await matching.StreamMatches(pb.StreamMatchesRequest(**fields), metadata=recruiter.metadata).read()  # type: ignore[arg-type]


async def test_a_token_whose_changes_are_forgotten_is_stale(
    system: System, matching: MatchingServiceStub, db: Database, recruiter: Person, position: Position
) -> None:
    people = [uuid4(), uuid4()]
    await add_candidates(db, people)
    client = Client()
    await follow(matching, recruiter, position, client, 1)
    for one in people:
        await set_scores(db, UUID(position.id), {one: 0.5})
    await system.database.execute(
        "delete from matching.ranking_changes where ranking_id = $1 and revision = (select min(revision) from"
        " matching.ranking_changes where ranking_id = $1)",
        UUID(position.id),
    )
    request = pb.StreamMatchesRequest(position_id=position.id, limit=LIMIT, resume_token=client.token)
    call = matching.StreamMatches(request, metadata=recruiter.metadata)
    with refused("RESUME_TOKEN_EXPIRED"):
        while True:
            await call.read()


async def test_who_is_no_member_any_more_is_cut_off(
    system: System,
    matching: MatchingServiceStub,
    recruiter: Person,
    position: Position,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feeds, "CHECKPOINT_SECONDS", 0.2)
    request = pb.StreamMatchesRequest(position_id=position.id, limit=LIMIT)
    call = matching.StreamMatches(request, metadata=recruiter.metadata)
    assert (await call.read()).HasField("snapshot_complete")
    assert (await call.read()).HasField("checkpoint")
    await system.database.execute("delete from matching.members where account_id = $1", UUID(recruiter.id))
    with refused("NOT_FOUND"):
        while True:
            await call.read()


async def test_a_person_follows_the_positions_for_them(
    system: System, matching: MatchingServiceStub, recruiter: Person, position: Position
) -> None:
    seeker = await a_job_seeker(system)
    await an_analysis(system, seeker)
    call = matching.StreamPositions(pb.StreamPositionsRequest(), metadata=seeker.metadata)
    found: list[pb.MatchEvent] = []
    async with asyncio.timeout(60):
        while not found:
            response = await call.read()
            if response.HasField("match"):
                found.append(response.match)
        assert found[0].match.position_id == position.id
        assert found[0].match.candidate_id == seeker.id
        assert found[0].match.candidate_reasons
        total = sum(reason.contribution for reason in found[0].match.candidate_reasons)
        assert total == pytest.approx(found[0].match.candidate_fit, abs=1e-9)
        second = await a_position(system, recruiter)
        while (await call.read()).match.match.position_id != second.id:
            pass
    call.cancel()
    listed = await matching.ListPositionMatches(pb.ListPositionMatchesRequest(), metadata=seeker.metadata)
    assert {one.position_id for one in listed.matches} == {position.id, second.id}
    order = [one.score * one.candidate_fit for one in listed.matches]
    assert order == sorted(order, reverse=True)


async def test_a_closed_position_leaves_the_lists_of_people(
    system: System, matching: MatchingServiceStub, recruiter: Person, position: Position
) -> None:
    from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
    from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

    seeker = await a_job_seeker(system)
    await an_analysis(system, seeker)
    call = matching.StreamPositions(pb.StreamPositionsRequest(), metadata=seeker.metadata)
    async with asyncio.timeout(60):
        while not (await call.read()).HasField("match"):
            pass
        request = talenthub.PausePositionRequest(position_id=position.id)
        await TalentHubServiceStub(system.direct("talenthub")).PausePosition(request, metadata=recruiter.metadata)
        while (event := (await call.read()).match).kind != Kind.KIND_LEFT:
            pass
    assert event.match.position_id == position.id
    call.cancel()
