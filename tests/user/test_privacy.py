"""Everything about a person is handed over, and everything is removed, wherever it is."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from skillsync.matching.v1.matching_service_pb2 import ListMatchesRequest
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.privacy_pb2 import DataExport
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit.errors import Unavailable
from tests.builders import (
    Person,
    a_job_seeker,
    a_position,
    a_recruiter,
)
from tests.harness import System
from tests.refusals import refused
from tests.user.known_people import (
    IDS_KEPT,
    a_known_person,
    apply,
    erased,
    everywhere,
    exported,
    hits,
    known_people,
    sweep,
)

PEOPLE = 20
# Tables in which nothing is about anybody who looks for work, or what is is unreadable or bears other ids.
NOT_SEARCHED = {
    "activity.head", "activity.checkpoints", "billing.reconciliations",
    "matching.audit_records", "matching.positions", "matching.position_vectors",
    "matching.skill_counts", "talenthub.jobs", "talenthub.position_skills",
    "user.signing_keys", "user.mailed_codes", "user.refresh_tokens", "user.sent_mails", "user.sign_in_attempts", "user.used_grants",
}  # fmt: skip
BETWEEN_TWO = {
    "careerforge.introductions", "careerforge.introduction_views", "careerforge.networking_blocks", "careerforge.networking_reports",
}  # fmt: skip
UNNAMED = (".alembic_version", ".follows", ".changes")


async def shown(system: System, recruiter: Person, position_id: str, people: list[Person]) -> None:
    """The recruiter looks at the ranking of these, and that is on record."""
    request = ListMatchesRequest(position_id=position_id, page_size=PEOPLE + 1)
    await MatchingServiceStub(system.direct("matching")).ListMatches(request, metadata=recruiter.metadata)
    async with asyncio.timeout(300):
        ids = [UUID(person.id) for person in people]
        while await system.count("matching.shown_rows", "candidate_id = any($1)", ids) < PEOPLE:
            await asyncio.sleep(0.05)


# On two busy cores it takes minutes, most of them for what there is to erase.
@pytest.mark.timeout(900)
async def test_of_twenty_people_nothing_is_left(system: System, clean: None, user: UserServiceStub) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    people = await known_people(system, range(PEOPLE))
    stays, canary_of_who_stays = await a_known_person(system, 0)
    for person, canary in people:
        await apply(system, person, position.id, f"yours, {canary}")
    await asyncio.gather(*(exported(system, user, person) for person, _ in people[:3]))
    async with asyncio.timeout(300):
        while await system.count("matching.matches") < PEOPLE:
            await asyncio.sleep(0.05)
    await shown(system, recruiter, position.id, [person for person, _ in people])

    before = await everywhere(system)
    for person, canary in people:
        assert len(hits(before, canary, canary.lower(), person.id)) >= 20, "nothing to look for"
    places = set().union(*(hits(before, canary, canary.lower(), person.id) for person, canary in people))
    tables = {place for place in before if " " not in place}
    assert tables - places <= NOT_SEARCHED | {name for name in tables if not before[name] or name.endswith(UNNAMED)}

    await asyncio.gather(*(erased(user, person) for person, _ in people))
    await sweep(system)
    after = await everywhere(system)
    for person, canary in people:
        assert hits(after, canary, canary.lower()) == set()
        left = {place for place in hits(after, person.id) if not place.endswith(IDS_KEPT)}
        assert left == set()
        assert await system.count("activity.addresses", "owner_id = $1", UUID(person.id)) == 0
    assert await system.count('"user".erasures', "account_id is not null") == 0
    lost = hits(before, canary_of_who_stays, stays.id) - hits(after, canary_of_who_stays, stays.id)
    # What is between two people goes with either of them.
    assert len([place for place in lost if place not in BETWEEN_TWO]) <= 1


async def test_the_file_has_every_row_and_every_upload_and_no_secret(
    system: System, clean: None, user: UserServiceStub
) -> None:
    person, canary = await a_known_person(system, 1)
    archive = await exported(system, user, person)
    tables = {name for name in archive.namelist() if name.endswith(".json")}
    assert {
        f"careerforge/{name}.json" for name in ("resumes", "resume_analyses", "experiences", "user_careerforge")
    } < tables
    assert {
        "user/base_users.json",
        "user/activities.json",
        "billing/subscriptions.json",
        "talenthub/members.json",
    } < tables
    assert {"matching/candidates.json", "billing/ledger.json", "user/sessions.json"} < tables
    rows = json.loads(archive.read("careerforge/resumes.json"))
    assert (len(rows), rows[0]["user_id"], "blob_key" in rows[0]) == (1, person.id, False)
    uploads = [name for name in archive.namelist() if name.startswith("careerforge/files/")]
    assert any(canary in archive.read(name).decode() for name in uploads if name.endswith("resume.txt"))
    assert any(name.endswith(f"{canary}.txt") for name in uploads)
    everything = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert "$argon2" not in everything
    assert person.refresh_token not in everything


async def test_nothing_of_somebody_else_is_in_the_file(system: System, clean: None, user: UserServiceStub) -> None:
    (_, other), (person, _) = await a_known_person(system, 1), await a_known_person(system, 1)
    archive = await exported(system, user, person)
    assert not [name for name in archive.namelist() if other in name or other.encode() in archive.read(name)]


async def test_one_export_at_a_time_and_the_same_request_begins_one(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    request = pb.ExportMyDataRequest(request_id=str(uuid4()))
    answers = await asyncio.gather(*(user.ExportMyData(request, metadata=person.metadata) for _ in range(4)))
    assert len({answer.id for answer in answers}) == 1
    await system.database.execute(
        """update "user".data_exports set state = 'RUNNING' where account_id = $1""", UUID(person.id)
    )
    with refused("WRONG_STATE"):
        await user.ExportMyData(pb.ExportMyDataRequest(), metadata=person.metadata)


async def test_a_file_is_its_owners_alone_and_gone_after_a_day(system: System, user: UserServiceStub) -> None:
    person, other = await a_job_seeker(system), await a_job_seeker(system)
    await exported(system, user, person)
    row = await system.database.fetchrow(
        """select id from "user".data_exports where account_id = $1""", UUID(person.id)
    )
    request = pb.DownloadDataExportRequest(data_export_id=str(row["id"]))
    with refused("NOT_FOUND"):
        await user.DownloadDataExport(request, metadata=other.metadata).read()
    with refused("NOT_FOUND"):
        watch = pb.WatchDataExportRequest(data_export_id=str(row["id"]))
        await user.WatchDataExport(watch, metadata=other.metadata).read()
    await system.database.execute("""update "user".jobs set run_after = now() where kind = 'forget_export'""")
    await system.database.execute("""update "user".data_exports set expire_time = now()""")
    async with asyncio.timeout(300):
        while await system.blobs.keys(f"exports/{person.id}/"):
            await asyncio.sleep(0.05)
    with refused("WRONG_STATE", state="REMOVED"):
        await user.DownloadDataExport(request, metadata=person.metadata).read()


async def test_an_export_that_a_service_does_not_answer_for_fails_after_ten_minutes(
    system: System, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: Any) -> Any:
        raise Unavailable("billing")
        yield

    person = await a_job_seeker(system)
    monkeypatch.setattr("services.user.others.Others.export", silent)
    export = await user.ExportMyData(pb.ExportMyDataRequest(), metadata=person.metadata)
    await system.database.execute(
        """update "user".data_exports set create_time = now() - interval '10 minutes' where id = $1""", UUID(export.id)
    )
    last = export
    async with asyncio.timeout(300):
        request = pb.WatchDataExportRequest(data_export_id=export.id)
        async for event in user.WatchDataExport(request, metadata=person.metadata):
            last = event.data_export
    assert last.state == DataExport.STATE_FAILED
    monkeypatch.undo()
    await exported(system, user, person)
