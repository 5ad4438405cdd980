"""Everything about a person is handed over, and everything is removed, wherever it is."""

import asyncio
import io
import json
import time
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
import redis.asyncio
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge_pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub_pb
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.privacy_pb2 import DataExport, Erasure
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from gateway.contract import SERVICES
from services.kit.blobs import Blobs
from services.kit.errors import Unavailable
from services.kit.settings import Settings
from services.user import second_factor
from tests.builders import (
    PASSWORD,
    RESUME,
    Person,
    a_job_seeker,
    a_position,
    a_recruiter,
    an_analysis,
    an_upload,
    with_role,
)
from tests.harness import System
from tests.refusals import refused

PEOPLE = 20
# What the law, and the last sweep, want: ids without name or address.
IDS_KEPT = ("activity.activities", "user.erasures", "changes")
# Tables in which nothing is about anybody, or what is is unreadable or bears other ids.
NOT_SEARCHED = {
    "activity.head", "activity.checkpoints", "matching.positions", "user.signing_keys", "user.mailed_codes", "user.refresh_tokens",
    "user.sent_mails", "user.sign_in_attempts", "user.used_grants",
}  # fmt: skip
UNNAMED = (".alembic_version", ".follows", ".changes")
# Tables that no method of this version writes; a row of each is made by hand.
BY_HAND = (
    "insert into careerforge.experiences (id, user_id, title) values (gen_random_uuid(), $1, $2)",
    "insert into careerforge.educations (id, user_id, institution) values (gen_random_uuid(), $1, $2)",
    "insert into careerforge.portfolios (id, user_id, project_title) values (gen_random_uuid(), $1, $2)",
    "insert into careerforge.milestones (id, user_id, milestone_type, title) values (gen_random_uuid(), $1, 'cert_earned', $2)",
    """insert into careerforge.documents (id, user_id, kind, content_type, byte_size, blob_key, filename, clean)
       values (gen_random_uuid(), $1, 'letter', 'text/plain', 1, 'documents/' || ($1::uuid)::text || '/1', $2 || '.txt', true)""",
    """insert into careerforge.jobs (id, kind, payload, run_after) values (gen_random_uuid(), 'forget_file',
       jsonb_build_object('blob_key', 'documents/' || ($1::uuid)::text || '/1', 'name', $2::text), now() + interval '1 hour')""",
    "insert into billing.subscriptions (id, user_id, plan_tier, stripe_customer_id) values (gen_random_uuid(), $1, 'pro', $2)",
    """update talenthub.organizations set display_name = $2
       where id in (select organization_id from talenthub.members where account_id = $1)""",
    """insert into "user".jobs (id, kind, payload, run_after) values (gen_random_uuid(), 'mail_password_reset',
       jsonb_build_object('account_id', $1::uuid, 'name', $2::text), now() + interval '1 hour')""",
    """insert into "user".registrations (id, email, platform, display_name, expire_time)
       select gen_random_uuid(), email, 'talenthub', $2, now() + interval '1 hour' from "user".base_users where id = $1""",
)


async def everywhere(system: System) -> dict[str, str]:
    """All that is stored, as text, by where it is: each table, each file, each key of Redis."""
    found = {}
    rows = await system.database.fetch(
        "select schemaname as schema, tablename as name from pg_tables where schemaname = any($1)",
        [*SERVICES, "activity"],
    )
    for row in rows:
        table = f'"{row["schema"]}".{row["name"]}'
        texts = await system.database.fetch(f"select t::text as row from {table} t")
        found[f"{row['schema']}.{row['name']}"] = "\n".join(text["row"] for text in texts)
    blobs = Blobs.open(Settings.of("careerforge", system.environment))
    for key in await blobs.keys():
        found[f"s3 {key}"] = key + _text(await blobs.get(key))
    async with redis.asyncio.Redis.from_url(system.environment["SKILLSYNC_REDIS_URL"]) as client:
        async for key in client.scan_iter():
            found[f"redis {key!r}"] = repr(key) + repr(await client.dump(key))
    return found


def _text(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def hits(stored: dict[str, str], *canaries: str) -> set[str]:
    return {place for place, text in stored.items() if any(canary in text for canary in canaries)}


async def a_known_person(system: System, number: int) -> tuple[Person, str]:
    """Somebody about whom there is something in every table, with a word that nobody else has."""
    canary = f"Canary{uuid4().hex}"
    make = a_recruiter if number % 2 else a_job_seeker
    person = await make(system, email=f"{canary.lower()}@example.org", display_name=canary)
    person = await with_role(system, person, "job_seeker", "recruiter")
    await an_analysis(system, person, RESUME.replace("Ada Example", canary).replace("ada@example.org", person.email))
    if number % 2:
        await a_position(system, person, title=f"Assistant to {canary}")
    for statement in BY_HAND:
        await system.database.execute(statement, UUID(person.id), canary)
    blobs = Blobs.open(Settings.of("careerforge", system.environment))
    await blobs.put(f"documents/{person.id}/1", f"a letter of {canary}".encode())
    return person, canary


async def apply(system: System, person: Person, position_id: str, message: str) -> None:
    request = talenthub_pb.ApplyRequest(position_id=position_id, message=message)
    await TalentHubServiceStub(system.direct("talenthub")).Apply(request, metadata=person.metadata)


async def exported(system: System, user: UserServiceStub, person: Person) -> zipfile.ZipFile:
    export = await user.ExportMyData(pb.ExportMyDataRequest(), metadata=person.metadata)
    states = []
    async with asyncio.timeout(60):
        request = pb.WatchDataExportRequest(data_export_id=export.id)
        async for event in user.WatchDataExport(request, metadata=person.metadata):
            states += [event.data_export]
    assert states[-1].state == DataExport.STATE_SUCCEEDED
    assert [state.progress_percent for state in states] == sorted(state.progress_percent for state in states)
    answer = await system.rest.get(states[-1].download_path, headers=person.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert len(answer.content) == states[-1].byte_size
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def erased(user: UserServiceStub, person: Person, **fields: str) -> Erasure:
    """Begun and watched to its end."""
    erasure = await user.EraseMe(pb.EraseMeRequest(password=PASSWORD, **fields), metadata=person.metadata)
    last = erasure
    async with asyncio.timeout(60):
        async for event in user.WatchErasure(pb.WatchErasureRequest(erasure_id=erasure.id)):
            last = event.erasure if event.HasField("erasure") else last
    assert last.state == Erasure.STATE_SUCCEEDED
    assert set(last.done_services) == set(SERVICES)
    return last


async def sweep(system: System) -> None:
    """As after 11 minutes."""
    await system.database.execute("""update "user".jobs set run_after = now() where kind = 'sweep_erased'""")
    async with asyncio.timeout(30):
        while await system.count('"user".jobs', "kind = 'sweep_erased' and state <> 'done'"):
            await asyncio.sleep(0.05)


async def test_of_twenty_people_nothing_is_left_within_a_minute(
    system: System, clean: None, user: UserServiceStub
) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    people = [await a_known_person(system, number) for number in range(PEOPLE)]
    stays, canary_of_who_stays = await a_known_person(system, 0)
    for person, canary in people:
        await apply(system, person, position.id, f"yours, {canary}")
    await asyncio.gather(*(exported(system, user, person) for person, _ in people[:3]))
    async with asyncio.timeout(30):
        while await system.count("matching.matches") < PEOPLE:
            await asyncio.sleep(0.05)

    before = await everywhere(system)
    for person, canary in people:
        assert len(hits(before, canary, canary.lower(), person.id)) >= 20, "nothing to look for"
    places = set().union(*(hits(before, canary, canary.lower(), person.id) for person, canary in people))
    tables = {place for place in before if " " not in place}
    assert tables - places <= NOT_SEARCHED | {name for name in tables if not before[name] or name.endswith(UNNAMED)}

    begun = time.monotonic()
    await asyncio.gather(*(erased(user, person) for person, _ in people))
    assert time.monotonic() - begun < 60
    await sweep(system)
    after = await everywhere(system)
    for person, canary in people:
        assert hits(after, canary, canary.lower()) == set()
        left = {place for place in hits(after, person.id) if not place.endswith(IDS_KEPT)}
        assert left == set()
        assert await system.count("activity.addresses", "owner_id = $1", UUID(person.id)) == 0
    assert await system.count('"user".erasures', "account_id is not null") == 0
    assert len(hits(after, canary_of_who_stays, stays.id)) >= len(hits(before, canary_of_who_stays, stays.id)) - 1


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
    blobs = Blobs.open(Settings.of("user", system.environment))
    async with asyncio.timeout(20):
        while await blobs.keys(f"exports/{person.id}/"):
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
    async with asyncio.timeout(30):
        request = pb.WatchDataExportRequest(data_export_id=export.id)
        async for event in user.WatchDataExport(request, metadata=person.metadata):
            last = event.data_export
    assert last.state == DataExport.STATE_FAILED
    monkeypatch.undo()
    await exported(system, user, person)


async def test_erasing_takes_the_password_and_the_second_factor(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    begun = await user.BeginSecondFactor(pb.BeginSecondFactorRequest(password=PASSWORD), metadata=person.metadata)
    totp = pyotp.parse_uri(begun.otpauth_uri)
    confirm = pb.ConfirmSecondFactorRequest(code=totp.now())
    codes = (await user.ConfirmSecondFactor(confirm, metadata=person.metadata)).recovery_codes
    with refused("CREDENTIALS_INVALID"):
        await user.EraseMe(pb.EraseMeRequest(password="wrong"), metadata=person.metadata)
    with refused("SECOND_FACTOR_REQUIRED"):
        await user.EraseMe(pb.EraseMeRequest(password=PASSWORD), metadata=person.metadata)
    assert await system.count('"user".base_users', "id = $1", UUID(person.id)) == 1
    await erased(user, person, second_factor_code=codes[0])
    assert len(codes) == second_factor.RECOVERY_CODES


async def test_who_is_erased_is_out_at_once_and_may_come_back_as_somebody_new(
    system: System, user: UserServiceStub
) -> None:
    person = await a_job_seeker(system)
    await erased(user, person)
    with refused("TOKEN_INVALID"):
        await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)
    with refused("TOKEN_INVALID"):
        await CareerForgeServiceStub(system.direct("careerforge")).GetProfile(
            careerforge_pb.GetProfileRequest(), metadata=person.metadata
        )
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    with refused("CREDENTIALS_INVALID"):
        await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))


async def test_the_account_is_gone_at_once_though_a_service_does_not_answer(
    system: System, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: Any) -> int:
        raise Unavailable("billing")

    person = await a_job_seeker(system)
    monkeypatch.setattr("services.user.others.Others.erase", silent)
    erasure = await user.EraseMe(pb.EraseMeRequest(password=PASSWORD), metadata=person.metadata)
    with refused("CREDENTIALS_INVALID"):
        await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    assert erasure.state == Erasure.STATE_RUNNING
    monkeypatch.undo()
    async with asyncio.timeout(60):
        async for event in user.WatchErasure(pb.WatchErasureRequest(erasure_id=erasure.id)):
            erasure = event.erasure if event.HasField("erasure") else erasure
    assert erasure.state == Erasure.STATE_SUCCEEDED


async def test_what_a_worker_is_at_leaves_nothing_either(system: System, clean: None, user: UserServiceStub) -> None:
    people = [await a_job_seeker(system) for _ in range(4)]
    for person in people:
        await an_upload(system, person)
    await asyncio.gather(*(erased(user, person) for person in people))
    await sweep(system)
    after = await everywhere(system)
    for person in people:
        assert {place for place in hits(after, person.id, person.email) if not place.endswith(IDS_KEPT)} == set()


async def test_an_organization_lives_on_with_who_is_left(system: System, clean: None, user: UserServiceStub) -> None:
    admin, colleague = await a_recruiter(system), await a_recruiter(system)
    position = await a_position(system, admin)
    await system.database.execute(
        """insert into talenthub.members (id, organization_id, account_id, role) values (gen_random_uuid(), $1, $2, 'VIEWER')""",
        UUID(position.organization_id),
        UUID(colleague.id),
    )
    await erased(user, admin)
    assert await system.count("talenthub.positions", "id = $1", UUID(position.id)) == 1
    roles = await system.database.fetch(
        "select account_id, role from talenthub.members where organization_id = $1", UUID(position.organization_id)
    )
    assert [(str(row["account_id"]), row["role"]) for row in roles] == [(colleague.id, "ADMIN")]
