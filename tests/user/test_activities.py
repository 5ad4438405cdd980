"""The activity log: what it says, what it never says, and that nobody changes it unseen."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import grpc
import pytest
from prometheus_client import REGISTRY
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import Account
from skillsync.user.v1.privacy_pb2 import Activity
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub
from sqlalchemy.engine import make_url

from gateway.contract import SERVICES
from services.kit.activity import Note, Recorded, Recorder
from services.kit.auth import Caller, set_caller
from services.kit.blobs import Blobs
from services.kit.db import Database
from services.kit.settings import Settings
from services.user import passwords, wire
from services.user.activity_chain import Verdict
from services.user.activity_checkpoints import COPY, sign_checkpoint
from tests.builders import PASSWORD, Person, a_job_seeker, a_position, a_recruiter, with_role
from tests.harness import System
from tests.refusals import refused
from tests.user.machine import at_the_machine

FORGETTING = ("select activity.forget(null)", "select activity.forget_old()")
LINE_OF = "actor_id = $1 and action like $2"
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
    request = pb.ListActivitiesRequest(account_id=person.id)
    seen = await user.ListActivities(request, metadata=(*support.metadata, HOME))
    assert seen.activities[-1].actor_id == person.id
    last = (await activities_of(user, person))[-1]
    # From where support looked is support's.
    assert (last.actor_id, last.action.rpartition(".")[2], last.address) == (support.id, "ListActivities", "")


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


async def connection_of(system: System, service: str) -> asyncpg.Connection:
    url = make_url(system.environment[f"SKILLSYNC_{service.upper()}_DATABASE_URL"]).set(drivername="postgresql")
    return await asyncpg.connect(url.render_as_string(hide_password=False))


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_can_change_it(system: System, service: str) -> None:
    connection = await connection_of(system, service)
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
        "select activity.append(null, null, 'user', 'forget', '', null, 'OK', null)",
        *([] if service == "user" else ["select 1 from activity.activities", *FORGETTING]),
    ]
    try:
        for statement in statements:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


RECORD = "select activity.record(null, null, $1, $2, '', null, 'OK', '')"


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_records_its_own_doing_alone(system: System, service: str) -> None:
    connection = await connection_of(system, service)
    other = next(name for name in SERVICES if name != service)
    forged = [
        (other, f"skillsync.{other}.v1.X"), (service, f"skillsync.{other}.v1.X"), (other, f"skillsync.{service}.v1.X"), (service, "forget"),
        (service, f"skillsync.{service}x.v1.X"), (None, f"skillsync.{service}.v1.X"), (service, None),
    ]  # fmt: skip
    try:
        for line in forged:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="a service records what it did itself"):
                await connection.execute(RECORD, *line)
        assert await connection.fetchval(RECORD, service, f"skillsync.{service}.v1.X")
    finally:
        await connection.close()


async def test_who_holds_up_the_log_does_not_hold_up_calls_for_long(system: System, user: UserServiceStub) -> None:
    person, connection = await a_job_seeker(system), await connection_of(system, "billing")
    try:
        async with connection.transaction():
            await connection.execute(RECORD, "billing", "skillsync.billing.v1.X")
            before = REGISTRY.get_sample_value("skillsync_activities_unrecorded_total")
            await user.SignOutEverywhere(pb.SignOutEverywhereRequest(), metadata=person.metadata)
            assert REGISTRY.get_sample_value("skillsync_activities_unrecorded_total") == before + 1
    finally:
        await connection.close()


@pytest.mark.parametrize("time", ["infinity", "-infinity", "4000-01-01 BC", "20000-01-01"])
async def test_a_time_that_no_calendar_has_hides_no_line(system: System, user: UserServiceStub, time: str) -> None:
    person = await a_job_seeker(system)
    place = "sequence = (select max(sequence) from activity.activities where target = $1)"
    row = await system.database.fetchrow(
        f"select sequence, time from activity.activities where {place}", f"account/{person.id}"
    )
    edit = "update activity.activities set time = cast($2::text as timestamptz) where sequence = $1"
    await system.database.execute(edit, row["sequence"], time)
    try:
        lines = await activities_of(user, person)
        assert [(line.sequence, line.HasField("time")) for line in lines] == [(row["sequence"], False)]
    finally:
        await system.database.execute(edit, row["sequence"], row["time"].isoformat())


async def test_the_address_of_a_session_is_the_persons(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token), metadata=(HOME,))
    owned = "owner_id = $1 and address = $2"
    assert await system.count("activity.addresses", owned, UUID(person.id), HOME[1]) == 1


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


async def test_a_line_is_written_even_when_the_caller_hangs_up(
    system: System, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, arrived = await a_job_seeker(system), asyncio.Event()

    async def never(stored: str | None, password: str) -> bool:
        arrived.set()
        return await asyncio.Event().wait()

    monkeypatch.setattr(passwords, "password_matches", never)
    call = user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    await arrived.wait()
    call.cancel()
    async with asyncio.timeout(60):
        while len(lines := await activities_of(user, person)) < 2:
            await asyncio.sleep(0.05)
    assert lines[1].action.endswith(".SignIn")


async def test_a_line_is_written_even_when_the_caller_hangs_up_while_it_is_written(system: System) -> None:
    person, connection = await a_job_seeker(system), await connection_of(system, "billing")
    url = Settings.of("user", system.environment).database_url.get_secret_value()
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%activity.record%'"
    method = Recorded(pb.DESCRIPTOR.services_by_name["UserService"].methods_by_name["SignOut"])
    set_caller(Caller(UUID(person.id)))
    try:
        async with Database.opened(url) as db:
            async with connection.transaction():
                await connection.execute(RECORD, "billing", "skillsync.billing.v1.X")
                writing = asyncio.create_task(Recorder(db)(method, Note(worth_a_line=True), "OK"))
                async with asyncio.timeout(60):
                    while not await system.database.fetchval(waiting):
                        await asyncio.sleep(0.05)
                writing.cancel()
                await asyncio.wait({writing})
            async with asyncio.timeout(60):
                while not await system.count("activity.activities", LINE_OF, UUID(person.id), "%.SignOut"):
                    await asyncio.sleep(0.05)
    finally:
        await connection.close()


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
    blobs = Blobs.open(settings)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        await sign_checkpoint(db, blobs, settings.seal_key.get_secret_value())
    kept = await blobs.get(COPY)
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
        # A server may have signed meanwhile.
        await blobs.put(COPY, kept)


def test_a_finding_at_a_line_that_is_numbered_0_is_not_intact() -> None:
    assert not wire.verdict(Verdict(0, 0, "INSERTED")).intact


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


async def test_after_a_restore_an_operator_lets_the_signing_go_on(system: System, user: UserServiceStub) -> None:
    """S3 knows of checkpoints that the restored database has not: nothing is signed until somebody says why."""
    ops = await with_role(system, await a_job_seeker(system), "ops")
    settings = Settings.of("user", system.environment)
    blobs, seal_key = Blobs.open(settings), settings.seal_key.get_secret_value()
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        await sign_checkpoint(db, blobs, seal_key)
        await blobs.delete(COPY)
        for intact in (False, True):
            answer = await user.VerifyActivityLog(pb.VerifyActivityLogRequest(), metadata=ops.metadata)
            assert (answer.intact, answer.finding) == (intact, "" if intact else "MISSING")
            done = await at_the_machine(system, "sign-log-anew", "--because", "restored from a backup")
            assert (done.returncode, done.stderr.decode().count("Traceback")) == (0, 0)
        await sign_checkpoint(db, blobs, seal_key)
    answer = await user.VerifyActivityLog(pb.VerifyActivityLogRequest(), metadata=ops.metadata)
    assert (answer.intact, answer.finding) == (True, "")
