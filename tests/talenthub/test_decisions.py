"""The decision log: one chain for each organization, without gaps, in which nothing is changed unseen."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.db import EVERYONE, Database, utc_now
from services.kit.settings import Settings
from services.talenthub import decisions
from tests.builders import a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.histories import an_organization

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
async def db(system: System) -> AsyncIterator[Database]:
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as found:
        yield found


async def decide(db: Database, organization: UUID, reason: str = "Fits") -> None:
    async with db.write() as session:
        await decisions.record_decision(session, organization, "moved", uuid4(), uuid4(), reason, utc_now())


async def broken_at(db: Database, organization: UUID) -> int | None:
    async with db.read() as session:
        return await decisions.verify_chain(session, organization)


async def test_those_who_decide_at_once_make_one_chain_without_gaps(system: System, db: Database) -> None:
    both = [(await an_organization(system.database))[0] for _ in range(2)]
    await asyncio.gather(*(decide(db, both[n % 2]) for n in range(60)))
    for one in both:
        rows = await system.database.fetch(
            "select sequence from talenthub.decisions where organization_id = $1 order by sequence", one
        )
        assert [row["sequence"] for row in rows] == list(range(1, 31))
        assert await broken_at(db, one) is None


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("update talenthub.decisions set reason = 'Other' where sequence = 3", 3),
        ("update talenthub.decisions set kind = 'hired' where sequence = 3", 3),
        ("update talenthub.decisions set actor_id = gen_random_uuid() where sequence = 3", 3),
        ("update talenthub.decisions set subject_id = gen_random_uuid() where sequence = 1", 1),
        ("update talenthub.decisions set create_time = create_time + interval '1 us' where sequence = 2", 2),
        ("update talenthub.decisions set hash = repeat('0', 64) where sequence = 4", 4),
        ("delete from talenthub.decisions where sequence = 2", 2),
        ("delete from talenthub.decisions where sequence = 1", 1),
        (
            "delete from talenthub.decisions where sequence = 2;"
            " update talenthub.decisions set sequence = sequence - 1 where sequence > 2",
            2,
        ),
    ],
)
async def test_whatever_is_changed_afterwards_is_found(
    system: System, db: Database, tampering: str, found: int
) -> None:
    organization, _ = await an_organization(system.database)
    for _ in range(5):
        await decide(db, organization)
    assert await broken_at(db, organization) is None
    await system.database.execute(tampering)
    assert await broken_at(db, organization) == found


async def test_a_line_forged_with_a_hash_of_its_own_breaks_what_comes_after(system: System, db: Database) -> None:
    organization, _ = await an_organization(system.database)
    for _ in range(5):
        await decide(db, organization)
    await system.database.execute("create temp table later as select * from talenthub.decisions where sequence > 3")
    await system.database.execute("delete from talenthub.decisions where sequence > 2")
    await decide(db, organization, "Forged")
    await system.database.execute("insert into talenthub.decisions select * from later; drop table later")
    assert await broken_at(db, organization) == 4


async def test_a_chain_longer_than_what_is_read_at_once_is_verified_to_its_end(
    system: System, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "BATCH", 2)
    organization, _ = await an_organization(system.database)
    for _ in range(5):
        await decide(db, organization)
    assert await broken_at(db, organization) is None
    await system.database.execute("update talenthub.decisions set reason = 'Other' where sequence = 5")
    assert await broken_at(db, organization) == 5


async def test_who_was_erased_is_taken_off_and_the_chain_holds(system: System, db: Database) -> None:
    organization, _ = await an_organization(system.database)
    for _ in range(4):
        await decide(db, organization)
    await system.database.execute(
        "update talenthub.decisions set actor_id = $1 where sequence = 2", decisions.FORGOTTEN
    )
    await system.database.execute("update talenthub.decisions set reason = $1 where sequence = 3", decisions.ERASED)
    assert await broken_at(db, organization) is None
    await system.database.execute("update talenthub.decisions set reason = 'Other' where sequence = 4")
    assert await broken_at(db, organization) == 4


async def test_a_line_is_undone_with_what_it_tells_of(system: System, db: Database) -> None:
    organization, _ = await an_organization(system.database)
    await decide(db, organization)
    with pytest.raises(RuntimeError):
        async with db.write() as session:
            await decisions.record_decision(session, organization, "moved", uuid4(), uuid4(), "No", utc_now())
            raise RuntimeError
    await decide(db, organization)
    assert await system.count("talenthub.decisions") == 2
    assert await broken_at(db, organization) is None


async def test_admins_list_it_newest_first(system: System, db: Database, talenthub: TalentHubServiceStub) -> None:
    admin = await a_recruiter(system)
    organization = await system.database.fetchval(
        "select organization_id from talenthub.members where account_id = $1", UUID(admin.id)
    )
    for number in range(3):
        await decide(db, organization, f"Reason {number}")
    request = pb.ListDecisionsRequest(organization_id=str(organization), page_size=2)
    first = await talenthub.ListDecisions(request, metadata=admin.metadata)
    request.page_token = first.next_page_token
    second = await talenthub.ListDecisions(request, metadata=admin.metadata)
    assert [one.sequence for one in first.decisions] == [3, 2]
    assert [(one.sequence, one.kind, one.reason) for one in second.decisions] == [(1, "moved", "Reason 0")]
    assert (len(second.decisions[0].hash), second.next_page_token) == (64, "")
    await system.database.execute(
        "update talenthub.members set role = 'RECRUITER' where account_id = $1", UUID(admin.id)
    )
    request.page_token = ""
    with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
        await talenthub.ListDecisions(request, metadata=admin.metadata)
    with refused("NOT_FOUND", resource="organization"):
        await talenthub.ListDecisions(request, metadata=(await a_recruiter(system)).metadata)
