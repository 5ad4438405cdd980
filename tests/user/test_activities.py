"""The activity log: what it says, what it never says, and that nobody changes it unseen."""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pytest
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import Account
from skillsync.user.v1.privacy_pb2 import Activity
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub
from sqlalchemy.engine import make_url

from gateway.contract import SERVICES
from services.kit.db import Database
from services.kit.settings import Settings
from services.user.activities import GENESIS, Anchors, Line, Verdict, sign_checkpoint, verify
from services.user.queries import LINE
from tests.builders import PASSWORD, Person, a_job_seeker, a_position, a_recruiter, with_role
from tests.harness import System
from tests.refusals import refused

HOME = ("x-forwarded-for", "198.51.100.23")


async def activities_of(user: UserServiceStub, person: Person, **filters: Any) -> list[Activity]:
    """Oldest first."""
    answer = await user.ListActivities(pb.ListActivitiesRequest(**filters), metadata=person.metadata)
    return list(reversed(answer.activities))


async def test_it_says_who_did_what_on_what_from_where_with_which_session_and_how_it_ended(
    system: System, user: UserServiceStub
) -> None:
    person = await a_recruiter(system)
    position = await a_position(system, person, publish=False)
    with refused("CREDENTIALS_INVALID"):
        await user.SignIn(pb.SignInRequest(email=person.email, password="wrong"), metadata=(HOME,))
    tokens = await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD), metadata=(HOME,))
    lines = await activities_of(user, person)
    said = [(line.action.rpartition(".")[2], line.target.partition("/")[0], line.result) for line in lines]
    assert said == [
        ("CompleteRegistration", "account", "OK"),
        ("CreateOrganization", "organization", "OK"),
        ("CreatePosition", "position", "OK"),
        ("SignIn", "account", "UNAUTHENTICATED"),
        ("SignIn", "account", "OK"),
    ]
    assert lines[2].target == f"position/{position.id}"
    assert [line.actor_id for line in lines] == [person.id] * 3 + ["", person.id]
    assert {line.address for line in lines[-2:]} == {"198.51.100.23"}
    own = (await user.ListSessions(pb.ListSessionsRequest(), metadata=person.metadata)).sessions
    assert lines[2].session_id in {session.id for session in own} - {tokens.session.id}


async def test_refused_calls_are_in_it_and_looks_are_not(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)
    with refused("PERMISSION_DENIED"):
        await user.RotateSigningKeys(pb.RotateSigningKeysRequest(), metadata=person.metadata)
    said = [(line.action.rpartition(".")[2], line.result) for line in await activities_of(user, person)]
    assert said[1:] == [("RotateSigningKeys", "PERMISSION_DENIED")]


async def test_strangers_who_are_turned_away_do_not_fill_it(system: System, user: UserServiceStub) -> None:
    before = await system.count("activity.activities")
    for _ in range(5):
        with refused("TOKEN_MISSING"):
            await user.SignOut(pb.SignOutRequest())
    assert await system.count("activity.activities") == before


async def test_anothers_needs_the_permission_and_is_noted_there(system: System, user: UserServiceStub) -> None:
    person, support = await a_job_seeker(system), await with_role(system, await a_job_seeker(system), "support")
    with refused("PERMISSION_DENIED", permission="PERMISSION_READ_ACTIVITY"):
        await activities_of(user, await a_job_seeker(system), account_id=person.id)
    seen = await activities_of(user, support, account_id=person.id)
    assert seen[0].actor_id == person.id
    last = (await activities_of(user, person))[-1]
    assert (last.actor_id, last.action.rpartition(".")[2]) == (support.id, "ListActivities")


async def test_it_comes_in_pages_and_by_time(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    for _ in range(4):
        await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    seen, token = [], ""
    while not seen or token:
        request = pb.ListActivitiesRequest(page_size=2, page_token=token)
        page = await user.ListActivities(request, metadata=person.metadata)
        seen, token = [*seen, *page.activities], page.next_page_token
    assert [line.sequence for line in seen] == sorted({line.sequence for line in seen}, reverse=True)
    assert len(seen) == 5
    assert await activities_of(user, person, start_time=seen[1].time, end_time=seen[0].time) == [seen[1]]


async def test_nothing_that_people_type_is_in_it(system: System, user: UserServiceStub) -> None:
    canary = f"canary{uuid4().hex}"
    person = await a_job_seeker(system, email=f"{canary}@example.org", display_name=canary, password=f"{canary} word")
    change = pb.UpdateMeRequest(account=Account(display_name=f"new {canary}"))
    await user.UpdateMe(change, metadata=person.metadata)
    with refused("CREDENTIALS_INVALID"):
        await user.SignIn(pb.SignInRequest(email=person.email, password=canary))
    rows = await system.database.fetch(
        "select a::text as line from activity.activities a union all select b::text from activity.addresses b"
    )
    assert len(rows) > 3
    assert not [row for row in rows if canary in row["line"] or person.token in row["line"]]


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_can_change_it(system: System, service: str) -> None:
    url = make_url(system.environment[f"SKILLSYNC_{service.upper()}_DATABASE_URL"]).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    statements = [
        "insert into activity.activities select * from activity.activities",
        "update activity.activities set result = 'OK'",
        "delete from activity.activities",
        "truncate activity.activities",
        "update activity.head set sequence = 0",
        "update activity.addresses set address = ''",
        "delete from activity.addresses",
        "update activity.checkpoints set mac = ''",
        "delete from activity.checkpoints",
        *([] if service == "user" else ["select 1 from activity.activities", "select activity.forget(null)"]),
    ]
    try:
        for statement in statements:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_calls_at_once_leave_a_chain_without_gaps(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    before = await system.database.fetchval("select sequence from activity.head")
    wrong = pb.UpdateMeRequest(account=Account(display_name="x", etag="stale"))
    await asyncio.gather(*(user.UpdateMe(wrong, metadata=person.metadata) for _ in range(50)), return_exceptions=True)
    rows = await system.database.fetch("select sequence from activity.activities where sequence > $1", before)
    assert sorted(row["sequence"] for row in rows) == list(range(before + 1, before + 51))
    ops = await with_role(system, person, "ops")
    answer = await user.VerifyActivityLog(pb.VerifyActivityLogRequest(), metadata=ops.metadata)
    assert answer.intact
    assert answer.verified_count >= before + 50


async def test_a_line_is_written_even_when_the_caller_hangs_up(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    call = user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    # While the password is hashed.
    await asyncio.sleep(0.02)
    call.cancel()
    async with asyncio.timeout(10):
        while len(lines := await activities_of(user, person)) < 2:
            await asyncio.sleep(0.05)
    assert lines[1].action.endswith(".SignIn")


async def lines_of(system: System) -> list[Line]:
    rows = await system.database.fetch(f"select {LINE} order by sequence")
    return [Line(*row) for row in rows]


async def judged(
    lines: list[Line], anchors: Anchors, first: int = 1, previous: bytes = GENESIS, last: int = 0
) -> Verdict:
    async def all_() -> AsyncIterator[Line]:
        for line in lines:
            yield line

    return await verify(all_(), first, previous, anchors, last)


def rechained(lines: list[Line], start: int) -> list[Line]:
    """What somebody does who knows the public algorithm: new hashes, and numbers without gaps, from a place on."""
    previous = lines[start - 1].hash if start else GENESIS
    done = lines[:start]
    for line in lines[start:]:
        line = replace(line, sequence=len(done) + 1)
        line = replace(line, hash=hashlib.sha256(previous + line._canonical()).digest())
        previous = line.hash
        done.append(line)
    return done


Tamper = Callable[[random.Random, list[Line]], list[Line]]


def edit(chance: random.Random, lines: list[Line]) -> list[Line]:
    place = chance.randrange(len(lines))
    line = lines[place]
    changes: list[dict[str, Any]] = [
        {"time": line.time + timedelta(microseconds=chance.choice([-1, 1, 10**6]))},
        {"actor_id": uuid4()},
        {"service": line.service + "x"},
        {"action": line.action[:-1]},
        {"target": line.target + "0"},
        {"session_id": uuid4()},
        {"result": "OK" if line.result != "OK" else "PERMISSION_DENIED"},
        {"address_hash": chance.randbytes(32)},
        {"hash": chance.randbytes(32)},
        {"service": line.service + line.action[:1], "action": line.action[1:]},
    ]
    if line.salt is not None and line.address is not None:
        changes += [{"address": line.address + "1"}, {"salt": chance.randbytes(16)}, {"salt": None}]
    return [*lines[:place], replace(line, **chance.choice(changes)), *lines[place + 1 :]]


def delete(chance: random.Random, lines: list[Line]) -> list[Line]:
    start = chance.randrange(len(lines))
    rest = lines[start + chance.randint(1, 5) :]
    if chance.random() < 0.5:
        rest = [replace(line, sequence=start + number + 1) for number, line in enumerate(rest)]
    return lines[:start] + rest


def cut_the_end(chance: random.Random, lines: list[Line]) -> list[Line]:
    return lines[: -chance.randint(1, len(lines) - 1)]


def insert(chance: random.Random, lines: list[Line]) -> list[Line]:
    place = chance.randrange(len(lines) + 1)
    forged = replace(lines[min(place, len(lines) - 1)], actor_id=uuid4(), hash=chance.randbytes(32))
    found = [*lines[:place], forged, *lines[place:]]
    return [replace(line, sequence=number + 1) for number, line in enumerate(found)]


def swap(chance: random.Random, lines: list[Line]) -> list[Line]:
    one, other = chance.sample(range(len(lines)), 2)
    found = list(lines)
    found[one] = replace(lines[other], sequence=lines[one].sequence)
    found[other] = replace(lines[one], sequence=lines[other].sequence)
    return found


def rewrite(chance: random.Random, lines: list[Line]) -> list[Line]:
    """Any of these, and then every hash anew."""
    tampered = chance.choice([edit_content, delete, insert, swap])(chance, lines)
    return rechained(tampered, 0)


def edit_content(chance: random.Random, lines: list[Line]) -> list[Line]:
    place = chance.randrange(len(lines))
    return [*lines[:place], replace(lines[place], actor_id=uuid4()), *lines[place + 1 :]]


TAMPERINGS: list[Tamper] = [edit, delete, cut_the_end, insert, swap, rewrite]


async def test_of_a_thousand_tamperings_a_thousand_are_found(system: System, user: UserServiceStub) -> None:
    people = [await a_job_seeker(system) for _ in range(3)]
    for person in people * 10:
        await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    lines = (await lines_of(system))[:120]
    assert len(lines) > 30
    anchors = Anchors((len(lines), lines[-1].hash), {len(lines): lines[-1].hash})
    assert await judged(lines, anchors) == Verdict(len(lines))
    chance, found = random.Random(7), Counter[str]()
    for number in range(1000):
        tampered = TAMPERINGS[number % len(TAMPERINGS)](chance, lines)
        assert tampered != lines
        head = (len(tampered), tampered[-1].hash) if tampered and number % 2 else anchors.head
        verdict = await judged(tampered, replace(anchors, head=head))
        found[verdict.finding] += 1
        assert verdict.broken, f"{TAMPERINGS[number % len(TAMPERINGS)].__name__} was not found"
    assert set(found) == {"EDITED", "MISSING", "INSERTED", "REORDERED"}
    assert sum(found.values()) == 1000


@pytest.mark.parametrize(
    ("tampering", "finding"),
    [
        ("update activity.activities set result = 'OK', actor_id = null where sequence = $1", "EDITED"),
        ("update activity.addresses set address = '203.0.113.1' where sequence = $1", "EDITED"),
        ("delete from activity.activities where sequence = $1", "MISSING"),
        ("delete from activity.activities where sequence > $1", "MISSING"),
        ("update activity.checkpoints set mac = '\\x00' where sequence > $1", "EDITED"),
        ("update activity.head set hash = '\\x00' where sequence > $1", "EDITED"),
    ],
)
async def test_the_method_finds_what_was_done_to_the_database(
    system: System, user: UserServiceStub, tampering: str, finding: str
) -> None:
    ops = await with_role(system, await a_job_seeker(system), "ops")
    settings = Settings.of("user", system.environment)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        await sign_checkpoint(db, settings.seal_key.get_secret_value())
    assert (await user.VerifyActivityLog(pb.VerifyActivityLogRequest(), metadata=ops.metadata)).intact
    place = await system.database.fetchval("select sequence from activity.head") - 2
    tables = ("activities", "addresses", "head", "checkpoints")
    for table in tables:
        await system.database.execute(f"create table activity.kept_{table} as table activity.{table}")
    try:
        await system.database.execute(tampering, place)
        answer = await user.VerifyActivityLog(pb.VerifyActivityLogRequest(), metadata=ops.metadata)
        assert (answer.intact, answer.finding) == (False, finding)
        assert answer.first_broken_sequence >= place
    finally:
        for table in tables:
            await system.database.execute(
                f"truncate activity.{table}; insert into activity.{table} table activity.kept_{table}; drop table activity.kept_{table}"
            )


async def test_a_part_is_verified_in_itself(system: System, user: UserServiceStub) -> None:
    ops = await with_role(system, await a_job_seeker(system), "ops")
    part = pb.VerifyActivityLogRequest(start_sequence=2, end_sequence=3)
    answer = await user.VerifyActivityLog(part, metadata=ops.metadata)
    assert (answer.intact, answer.verified_count) == (True, 2)
    beyond = pb.VerifyActivityLogRequest(start_sequence=10**9)
    assert not (await user.VerifyActivityLog(beyond, metadata=ops.metadata)).intact


async def test_only_ops_verifies(system: System, user: UserServiceStub) -> None:
    with refused("PERMISSION_DENIED", grpc.StatusCode.PERMISSION_DENIED, permission="PERMISSION_READ_AUDIT"):
        person = await a_job_seeker(system)
        await user.VerifyActivityLog(pb.VerifyActivityLogRequest(), metadata=person.metadata)
