"""Being erased: who may ask for it, and what must not get in its way."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc
import pyotp
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge_pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub_pb
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.privacy_pb2 import Erasure
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit.blobs import Blobs
from services.kit.errors import Unavailable
from services.user import second_factor
from services.user.others import Others
from tests.builders import (
    PASSWORD,
    RESUME,
    a_job_seeker,
    a_position,
    a_recruiter,
    an_analysis,
    an_upload,
    with_role,
)
from tests.harness import System
from tests.refusals import refused
from tests.user.known_people import IDS_KEPT, a_known_person, ended, erased, everywhere, exported, hits, sweep

# Its tables and files.
CAREERFORGE = ("careerforge.", "s3 documents/", "s3 resumes/", "s3 quarantine/")
# Queued once everybody has removed theirs.
SECOND_LOOK = "kind = 'erase_account' and state = 'queued' and run_after > now() + interval '1 hour'"


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


async def test_a_service_that_does_not_answer_keeps_no_other_from_removing(
    system: System, clean: None, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, canary = await a_known_person(system, 0)
    real = Others.erase

    async def without_careerforge(self: Others, service: str, account_id: UUID) -> int:
        if service == "careerforge":
            raise Unavailable(service)
        return await real(self, service, account_id)

    monkeypatch.setattr(Others, "erase", without_careerforge)
    erasure = await user.EraseMe(pb.EraseMeRequest(password=PASSWORD), metadata=person.metadata)
    async with asyncio.timeout(60):
        while [place for place in hits(await everywhere(system), canary) if not place.startswith(CAREERFORGE)]:
            await asyncio.sleep(0.2)
    monkeypatch.undo()
    assert (await ended(user, erasure)).state == Erasure.STATE_SUCCEEDED


async def test_an_erasure_is_never_given_up(
    system: System, clean: None, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody could ask again: the account is gone. Whatever is wrong in one service, the others remove theirs."""
    person, real, ends_its_process = await a_job_seeker(system), Others.erase, asyncio.Event()

    async def broken(self: Others, service: str, account_id: UUID) -> int:
        if ends_its_process.is_set():
            await asyncio.sleep(60)
        if service == "careerforge":
            raise RuntimeError("what nobody thought of")
        return await real(self, service, account_id)

    monkeypatch.setattr(Others, "erase", broken)
    erasure = await user.EraseMe(pb.EraseMeRequest(password=PASSWORD), metadata=person.metadata)
    async with asyncio.timeout(90):
        while not await system.count('"user".erasures', "cardinality(done_services) = 4"):
            await asyncio.sleep(0.1)
        ends_its_process.set()
        while not await system.count('"user".jobs', "kind = 'erase_account' and state = 'running'"):
            await asyncio.sleep(0.1)
        await system.database.execute(
            """update "user".jobs set attempts = 3, lease_until = now(), fence = fence + 1 where kind = 'erase_account'"""
        )
        while not await system.count('"user".jobs', "kind = 'erase_account' and state = 'dead'"):
            await asyncio.sleep(0.1)
    monkeypatch.undo()
    assert (await ended(user, erasure)).state == Erasure.STATE_SUCCEEDED


async def test_what_was_written_meanwhile_is_found_by_a_second_look(
    system: System, clean: None, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a call that was let in before the session ended."""
    monkeypatch.setattr("services.user.tables.Erasure.IN_FLIGHT", timedelta(days=1))
    person = await a_job_seeker(system)
    erasure = await user.EraseMe(pb.EraseMeRequest(password=PASSWORD), metadata=person.metadata)
    await first_look(system)
    late = "insert into billing.subscriptions (id, user_id, plan_tier) values (gen_random_uuid(), $1, 'pro')"
    await system.database.execute(late, UUID(person.id))
    await second_look(system, monkeypatch)
    assert (await ended(user, erasure)).state == Erasure.STATE_SUCCEEDED
    assert await system.count("billing.subscriptions", "user_id = $1", UUID(person.id)) == 0


async def first_look(system: System) -> None:
    """Until all is removed but what calls wrote that were under way, and that is looked for tomorrow."""
    async with asyncio.timeout(60):
        while not await system.count('"user".jobs', SECOND_LOOK):
            await asyncio.sleep(0.05)


async def second_look(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.user.tables.Erasure.IN_FLIGHT", timedelta(0))
    await system.database.execute(f"""update "user".jobs set run_after = now() where {SECOND_LOOK}""")


async def test_an_upload_that_is_under_way_leaves_nothing(
    system: System, clean: None, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.user.tables.Erasure.IN_FLIGHT", timedelta(days=1))
    person, goes_on = await a_job_seeker(system), asyncio.Event()

    async def pieces() -> AsyncIterator[careerforge_pb.AnalyzeResumeRequest]:
        message = careerforge_pb.AnalyzeResumeRequest(filename="resume.txt")
        message.file.data = RESUME[:200].encode()
        yield message
        await goes_on.wait()
        message.file.data = RESUME[200:].encode()
        yield message

    stub = CareerForgeServiceStub(system.direct("careerforge"))
    upload = asyncio.ensure_future(stub.AnalyzeResume(pieces(), metadata=person.metadata))
    await asyncio.sleep(0.3)
    erasure = await user.EraseMe(pb.EraseMeRequest(password=PASSWORD), metadata=person.metadata)
    await first_look(system)
    goes_on.set()
    await asyncio.gather(upload, return_exceptions=True)
    await second_look(system, monkeypatch)
    assert (await ended(user, erasure)).state == Erasure.STATE_SUCCEEDED
    left = {place for place in hits(await everywhere(system), person.id) if not place.endswith(IDS_KEPT)}
    assert left <= {"user.jobs"}, "the last sweep, and nothing else"


async def test_a_long_call_of_an_ended_session_ends(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)

    async def slow() -> AsyncIterator[careerforge_pb.AnalyzeResumeRequest]:
        yield careerforge_pb.AnalyzeResumeRequest(filename="resume.txt")
        await asyncio.sleep(3600)

    upload = CareerForgeServiceStub(system.direct("careerforge")).AnalyzeResume(slow(), metadata=person.metadata)
    await asyncio.sleep(0.3)
    await user.SignOutEverywhere(pb.SignOutEverywhereRequest(), metadata=person.metadata)
    with refused("TOKEN_INVALID"):
        await upload


async def test_an_export_that_is_under_way_leaves_no_file(
    system: System, clean: None, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, put = await a_job_seeker(system), Blobs.put

    async def slow(self: Blobs, key: str, *rest: Any) -> None:
        await asyncio.sleep(1.5)
        await put(self, key, *rest)

    async def in_a_thread(self: Blobs, key: str, data: Any, *rest: Any) -> None:
        """As the real one: once begun, nothing ends it."""
        await asyncio.shield(asyncio.ensure_future(slow(self, key, io.BytesIO(data.read()), *rest)))

    monkeypatch.setattr(Blobs, "put", in_a_thread)
    await user.ExportMyData(pb.ExportMyDataRequest(), metadata=person.metadata)
    await asyncio.sleep(1)
    assert (await erased(user, person)).state == Erasure.STATE_SUCCEEDED
    await asyncio.sleep(2)
    assert await system.blobs.keys(f"exports/{person.id}") == []


async def test_who_hears_no_answer_watches_by_the_id_that_was_sent(system: System, user: UserServiceStub) -> None:
    person, request_id = await a_job_seeker(system), str(uuid4())
    request = pb.EraseMeRequest(password=PASSWORD, request_id=request_id)
    answers = await asyncio.gather(
        *(user.EraseMe(request, metadata=person.metadata) for _ in range(3)), return_exceptions=True
    )
    (erasure,) = [answer for answer in answers if isinstance(answer, Erasure)]
    assert erasure.id == request_id
    codes = {answer.code() for answer in answers if isinstance(answer, grpc.aio.AioRpcError)}
    assert codes <= {grpc.StatusCode.UNAUTHENTICATED}
    assert (await ended(user, erasure)).state == Erasure.STATE_SUCCEEDED


async def test_what_is_known_of_the_address_goes_with_the_person(system: System, user: UserServiceStub) -> None:
    """Also of calls that came without access token, and of what they did to others' accounts."""
    home = ("x-forwarded-for", "203.0.113.77")
    person, other = await with_role(system, await a_job_seeker(system), "ops"), await a_job_seeker(system)
    request = pb.RefreshTokensRequest(refresh_token=person.refresh_token)
    tokens = await user.RefreshTokens(request, metadata=(home,))
    metadata = (("authorization", f"Bearer {tokens.access_token}"), home)
    await user.ListActivities(pb.ListActivitiesRequest(account_id=other.id), metadata=metadata)
    assert await system.count("activity.addresses", "address = $1", home[1]) == 2
    erasure = await user.EraseMe(pb.EraseMeRequest(password=PASSWORD), metadata=metadata)
    assert (await ended(user, erasure)).state == Erasure.STATE_SUCCEEDED
    assert await system.count("activity.addresses", "address = $1", home[1]) == 0


async def test_what_people_send_in_place_of_ids_and_what_cannot_be_kept_is_in_no_log(
    system: System, user: UserServiceStub, caplog: pytest.LogCaptureFixture
) -> None:
    person, canary = await a_recruiter(system), f"Canary{uuid4().hex}"
    talenthub = TalentHubServiceStub(system.direct("talenthub"))
    with refused("INVALID_ARGUMENT"):
        publish = talenthub_pb.PublishPositionRequest(position_id=canary * 1000)
        await talenthub.PublishPosition(publish, metadata=person.metadata)
    with refused("INVALID_ARGUMENT", field="display_name") as refusal:
        await user.Register(pb.RegisterRequest(email="a@b.example", platform=1, display_name=f"{canary}\0"))
    assert "U+0000" in refusal.message
    rows = await system.database.fetch(
        "select target from activity.activities where actor_id = $1 and action like '%PublishPosition'", UUID(person.id)
    )
    assert [row["target"] for row in rows] == ["position/?"]
    assert canary not in caplog.text


async def test_of_a_file_that_is_missing_the_person_is_told(system: System, clean: None, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    await an_analysis(system, person)
    await asyncio.gather(*(system.blobs.delete(key) for key in await system.blobs.keys(f"resumes/{person.id}")))
    archive = await exported(system, user, person)
    assert any(name.endswith("resume.txt.missing.txt") for name in archive.namelist())
    assert "careerforge/resumes.json" in archive.namelist()


async def test_who_wants_to_be_forgotten_waits_for_nobody_elses_work(
    system: System, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two exports that take long, and more that wait for those."""
    person, others = await a_job_seeker(system), [await a_job_seeker(system) for _ in range(4)]
    goes_on = asyncio.Event()

    async def long(*_: Any) -> int:
        await goes_on.wait()
        return 0

    monkeypatch.setattr("services.user.tasks.Exporter._write", long)
    for other in others:
        await user.ExportMyData(pb.ExportMyDataRequest(), metadata=other.metadata)
    await asyncio.sleep(1.5)
    await erased(user, person)
    goes_on.set()
    async with asyncio.timeout(60):
        while await system.count('"user".data_exports', "state = 'RUNNING'"):
            await asyncio.sleep(0.1)
