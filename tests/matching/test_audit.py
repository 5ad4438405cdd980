"""What was shown to whom: one chain, without gaps, in which nothing is changed unseen."""

import asyncio
from datetime import date
from uuid import UUID, uuid4

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.kit.db import Database
from services.matching import auditing
from services.matching.auditing import Row, Shown
from services.matching.tables import Position
from tests.builders import a_person_of_all_roles, a_recruiter
from tests.harness import System
from tests.matching.scored import open_matching
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


def a_position(organization_id: UUID) -> Position:
    return Position(id=uuid4(), organization_id=organization_id)


async def show(db: Database, position: Position, viewer_id: UUID | None = None) -> None:
    async with db.write() as session:
        rows = tuple(Row(rank, uuid4(), 1 / rank, "a", "b", date(2026, 1, 1)) for rank in range(1, 51))
        shown = Shown(position.organization_id, position.id, viewer_id or uuid4(), 7, "match-1", rows)
        await auditing.keep_rows(session, [shown])
        await auditing.record_shown(session, shown)


async def broken_at(db: Database, organization_id: UUID) -> int | None:
    async with db.read() as session:
        return await auditing.verify_chain(session, organization_id)


async def test_fifty_who_look_at_once_make_one_chain_without_gaps(system: System) -> None:
    organizations = [uuid4(), uuid4()]
    async with open_matching(system) as db:
        await asyncio.gather(*(show(db, a_position(organizations[n % 2])) for n in range(100)))
        for one in organizations:
            rows = await system.database.fetch(
                "select number, hash from matching.audit_records where organization_id = $1 order by number", one
            )
            assert [row["number"] for row in rows] == list(range(1, 51))
            assert len({row["hash"] for row in rows}) == 50
            assert await broken_at(db, one) is None


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("update matching.audit_records set row_count = 5 where number = 3", 3),
        ("update matching.audit_records set viewer_id = gen_random_uuid() where number = 3", 3),
        ("update matching.audit_records set create_time = create_time + interval '1 us' where number = 2", 2),
        ("update matching.audit_records set sheet = repeat('0', 64) where number = 3", 3),
        ("update matching.audit_records set hash = repeat('0', 64) where number = 4", 4),
        ("delete from matching.audit_records where number = 2", 2),
        ("delete from matching.audit_records where number = 1", 1),
        (
            "delete from matching.audit_records where number = 2;"
            " update matching.audit_records set number = number - 1 where number > 2",
            2,
        ),
    ],
)
async def test_whatever_is_changed_afterwards_is_found(system: System, tampering: str, found: int) -> None:
    organization = uuid4()
    async with open_matching(system) as db:
        for _ in range(5):
            await show(db, a_position(organization))
        assert await broken_at(db, organization) is None
        await system.database.execute(tampering)
        assert await broken_at(db, organization) == found


async def test_a_record_that_is_forged_with_a_hash_of_its_own_breaks_what_comes_after(system: System) -> None:
    organization = uuid4()
    async with open_matching(system) as db:
        for _ in range(5):
            await show(db, a_position(organization))
        await system.database.execute(
            "create temp table later as select * from matching.audit_records where number > 3"
        )
        await system.database.execute("delete from matching.audit_records where number > 2")
        await show(db, a_position(organization))
        await system.database.execute("insert into matching.audit_records select * from later; drop table later")
        assert await broken_at(db, organization) == 4


async def test_who_is_erased_is_taken_off_and_the_chain_holds(system: System) -> None:
    organization, viewer = uuid4(), uuid4()
    async with open_matching(system) as db:
        for who in (uuid4(), viewer, uuid4()):
            await show(db, a_position(organization), who)
        async with db.write() as session:
            await auditing.forget_viewer(session, viewer)
        assert not await system.count("matching.audit_records", "viewer_id = $1", viewer)
        assert await system.count("matching.audit_records") == 3
        assert await broken_at(db, organization) is None
        await system.database.execute("update matching.audit_records set row_count = 1 where number = 3")
        assert await broken_at(db, organization) == 3


async def test_they_are_listed_newest_first_to_who_may_read_them(system: System, matching: MatchingServiceStub) -> None:
    position, other = a_position(uuid4()), a_position(uuid4())
    async with open_matching(system) as db:
        for one in (position, other, position, position):
            await show(db, one)
    ops = await a_person_of_all_roles(system)
    request = pb.ListAuditRecordsRequest(position_id=str(position.id), page_size=2)
    first = await matching.ListAuditRecords(request, metadata=ops.metadata)
    request.page_token = first.next_page_token
    second = await matching.ListAuditRecords(request, metadata=ops.metadata)
    listed = [*first.records, *second.records]
    assert (len(first.records), len(listed), second.next_page_token) == (2, 3, "")
    assert [one.id for one in listed] == sorted((one.id for one in listed), reverse=True)
    assert {(one.position_id, one.row_count, one.engine_version) for one in listed} == {
        (str(position.id), 50, "match-1")
    }
    everything = await matching.ListAuditRecords(pb.ListAuditRecordsRequest(), metadata=ops.metadata)
    assert len(everything.records) == 4
    with refused("PAGE_TOKEN_INVALID"):
        elsewhere = pb.ListAuditRecordsRequest(page_token=first.next_page_token)
        await matching.ListAuditRecords(elsewhere, metadata=ops.metadata)
    with refused("PERMISSION_DENIED"):
        await matching.ListAuditRecords(request, metadata=(await a_recruiter(system)).metadata)
