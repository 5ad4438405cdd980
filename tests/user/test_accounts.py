"""Signing up, signing in, and what stays signed in."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.field_mask_pb2 import FieldMask
from skillsync.type.v1.access_pb2 import ROLE_JOB_SEEKER, ROLE_RECRUITER
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import PLATFORM_CAREERFORGE, PLATFORM_TALENTHUB, Account
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.user.tables import Session
from tests.builders import PASSWORD, Person, a_day_later, a_job_seeker
from tests.harness import System
from tests.inbox import LINK
from tests.refusals import refused


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system, by_mail=True, display_name="Ada")


async def test_who_signed_up_is_signed_in(user: UserServiceStub, person: Person) -> None:
    me = await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)
    assert (me.id, me.email, me.display_name) == (person.id, person.email, "Ada")
    assert list(me.roles) == [ROLE_JOB_SEEKER]
    assert list(me.platforms) == [PLATFORM_CAREERFORGE]


async def test_an_address_has_one_account_whatever_its_case(
    system: System, user: UserServiceStub, person: Person
) -> None:
    """Signing up with it again answers as for any other; only its owner is told, by mail."""
    request = pb.RegisterRequest(email=person.email.upper(), platform=PLATFORM_TALENTHUB)
    await a_day_later(system)
    assert await user.Register(request) == Empty()
    mails = await system.inbox.mails(person.email, 2)
    assert "You have an account already" in mails[1]
    assert "/#/" not in mails[1]
    assert await system.count('"user".base_users', "email = $1", person.email) == 1


async def test_of_many_who_sign_up_with_one_address_at_once_one_does(system: System, user: UserServiceStub) -> None:
    email = f"race-{uuid4().hex}@example.org"
    for count in range(1, 6):
        await user.Register(pb.RegisterRequest(email=email, platform=PLATFORM_TALENTHUB))
        await system.inbox.mails(email, count)
        await a_day_later(system)
    codes = {LINK.search(mail)["code"] for mail in await system.inbox.mails(email, 5)}
    requests = [pb.CompleteRegistrationRequest(code=code, password=PASSWORD) for code in codes]
    answers = await asyncio.gather(*map(user.CompleteRegistration, requests), return_exceptions=True)
    refusals = Counter(answer.code() for answer in answers if isinstance(answer, grpc.aio.AioRpcError))
    assert refusals.total() == 4
    # Who came while the first was at it, and who came after it, when the other registrations were gone.
    assert set(refusals) <= {grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.UNAUTHENTICATED}
    assert await system.count('"user".base_users', "email = $1", email) == 1


async def test_who_began_with_another_persons_address_has_no_way_into_the_account(
    system: System, user: UserServiceStub
) -> None:
    """Whoever opens the mail chooses the password, and a stranger's beginning is over with it."""
    email = f"{uuid4().hex}@example.org"
    await user.Register(pb.RegisterRequest(email=email, platform=PLATFORM_TALENTHUB, display_name="Mallory"))
    await system.inbox.mails(email)
    await a_day_later(system)
    await user.Register(pb.RegisterRequest(email=email, platform=PLATFORM_CAREERFORGE, display_name="Ada"))
    theirs, own = (LINK.search(mail)["code"] for mail in await system.inbox.mails(email, 2))
    completed = await user.CompleteRegistration(pb.CompleteRegistrationRequest(code=own, password=PASSWORD))
    assert completed.account.display_name == "Ada"
    with refused("CREDENTIALS_INVALID"):
        await user.CompleteRegistration(pb.CompleteRegistrationRequest(code=theirs, password="another password"))


async def test_a_link_outlives_its_registration_without_harm(system: System, user: UserServiceStub) -> None:
    email = f"{uuid4().hex}@example.org"
    await user.Register(pb.RegisterRequest(email=email, platform=PLATFORM_TALENTHUB))
    code = await system.inbox.code(email, "complete-registration")
    await system.database.execute("""delete from "user".registrations where email = $1""", email)
    with refused("CREDENTIALS_INVALID"):
        await user.CompleteRegistration(pb.CompleteRegistrationRequest(code=code, password=PASSWORD))


async def test_a_mailed_code_completes_one_registration(system: System, user: UserServiceStub, person: Person) -> None:
    used = await system.inbox.code(person.email, "complete-registration")
    for code in (used, "invented"):
        with refused("CREDENTIALS_INVALID"):
            await user.CompleteRegistration(pb.CompleteRegistrationRequest(code=code, password=PASSWORD))


async def test_a_password_that_everybody_uses_is_refused_and_the_code_still_good(
    system: System, user: UserServiceStub
) -> None:
    email = f"{uuid4().hex}@example.org"
    await user.Register(pb.RegisterRequest(email=email, platform=PLATFORM_TALENTHUB))
    code = await system.inbox.code(email, "complete-registration")
    with refused("PASSWORD_TOO_COMMON", field="password"):
        await user.CompleteRegistration(pb.CompleteRegistrationRequest(code=code, password="1234567890"))
    await user.CompleteRegistration(pb.CompleteRegistrationRequest(code=code, password=PASSWORD))


async def test_every_wrong_field_is_named_at_once(user: UserServiceStub) -> None:
    with refused("INVALID_ARGUMENT") as refusal:
        await user.Register(pb.RegisterRequest(email="nobody"))
    assert set(refusal.fields) == {"email", "platform"}


async def test_a_wrong_password_and_an_unknown_address_answer_alike(user: UserServiceStub, person: Person) -> None:
    with refused("CREDENTIALS_INVALID") as wrong:
        await user.SignIn(pb.SignInRequest(email=person.email, password="not this one"))
    with refused("CREDENTIALS_INVALID") as unknown:
        await user.SignIn(pb.SignInRequest(email="nobody@example.org", password="not this one"))
    assert (wrong.message, wrong.metadata) == (unknown.message, unknown.metadata)


async def test_a_refresh_token_works_once(user: UserServiceStub, person: Person) -> None:
    first = await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    assert first.refresh_token != person.refresh_token
    me = await user.GetMe(pb.GetMeRequest(), metadata=(("authorization", f"Bearer {first.access_token}"),))
    assert me.id == person.id


async def test_a_refresh_token_used_twice_ends_its_session(user: UserServiceStub, person: Person) -> None:
    first = await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    with refused("TOKEN_REUSED"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=first.refresh_token))


async def test_of_fifty_parallel_refreshes_one_wins_and_the_family_is_over(
    user: UserServiceStub, person: Person
) -> None:
    """Two have the token, and nobody knows which of them is the person."""
    request = pb.RefreshTokensRequest(refresh_token=person.refresh_token)
    answers = await asyncio.gather(*(user.RefreshTokens(request) for _ in range(50)), return_exceptions=True)
    (winner,) = [answer for answer in answers if not isinstance(answer, BaseException)]
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=winner.refresh_token))


async def test_sessions_are_listed_and_revoked(user: UserServiceStub, person: Person) -> None:
    other = await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    listed = (await user.ListSessions(pb.ListSessionsRequest(), metadata=person.metadata)).sessions
    assert {session.current for session in listed} == {True, False}
    await user.RevokeSession(pb.RevokeSessionRequest(session_id=other.session.id), metadata=person.metadata)
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=other.refresh_token))
    with refused("WRONG_STATE", state="REVOKED"):
        await user.RevokeSession(pb.RevokeSessionRequest(session_id=other.session.id), metadata=person.metadata)


async def test_another_persons_session_is_not_there(system: System, user: UserServiceStub, person: Person) -> None:
    stranger = await a_job_seeker(system)
    own = (await user.ListSessions(pb.ListSessionsRequest(), metadata=person.metadata)).sessions[0]
    with refused("NOT_FOUND", resource="session"):
        await user.RevokeSession(pb.RevokeSessionRequest(session_id=own.id), metadata=stranger.metadata)


async def test_signing_out_everywhere_ends_every_session(user: UserServiceStub, person: Person) -> None:
    await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    answer = await user.SignOutEverywhere(pb.SignOutEverywhereRequest(), metadata=person.metadata)
    assert answer.ended_count == 2
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))


async def test_an_account_has_so_many_sessions_and_all_of_them_end(
    system: System, user: UserServiceStub, person: Person
) -> None:
    statement = """insert into "user".sessions (id, account_id, last_use_time, expire_time)
        select gen_random_uuid(), $1, now() - make_interval(secs => n), now() + interval '1 day' from generate_series(1, 150) n"""
    await system.database.execute(statement, UUID(person.id))
    await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    live = "account_id = $1 and revoke_time is null"
    assert await system.count('"user".sessions', live, UUID(person.id)) == Session.MOST
    await system.database.execute(statement, UUID(person.id))
    answer = await user.SignOutEverywhere(pb.SignOutEverywhereRequest(), metadata=person.metadata)
    assert answer.ended_count == Session.MOST + 150
    assert await system.count('"user".sessions', live, UUID(person.id)) == 0


async def test_a_session_ends_after_ninety_days_however_much_it_is_used(
    system: System, user: UserServiceStub, person: Person
) -> None:
    await system.database.execute(
        """update "user".sessions set create_time = now() - interval '89 days' where account_id = $1""", UUID(person.id)
    )
    tokens = await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    assert tokens.session.expire_time.ToDatetime() - datetime.utcnow() < timedelta(days=1, hours=1)


async def test_a_token_signs_out_once(user: UserServiceStub, person: Person) -> None:
    await user.SignOut(pb.SignOutRequest(), metadata=person.metadata)
    with refused("TOKEN_INVALID"):
        await user.SignOut(pb.SignOutRequest(), metadata=person.metadata)


async def test_a_change_needs_the_etag_that_was_read(user: UserServiceStub, person: Person) -> None:
    me = await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)
    change = pb.UpdateMeRequest(account=Account(display_name="Ada L.", etag=me.etag))
    changed = await user.UpdateMe(change, metadata=person.metadata)
    assert changed.display_name == "Ada L."
    assert changed.etag != me.etag
    with refused("ETAG_MISMATCH"):
        await user.UpdateMe(change, metadata=person.metadata)


async def test_what_cannot_be_changed_is_named(user: UserServiceStub, person: Person) -> None:
    change = pb.UpdateMeRequest(account=Account(email="other@example.org"), update_mask=FieldMask(paths=["email"]))
    with refused("INVALID_ARGUMENT", field="update_mask") as refusal:
        await user.UpdateMe(change, metadata=person.metadata)
    assert "display_name" in refusal.message


async def test_joining_the_other_platform_brings_its_role(user: UserServiceStub, person: Person) -> None:
    account = await user.JoinPlatform(pb.JoinPlatformRequest(platform=PLATFORM_TALENTHUB), metadata=person.metadata)
    assert set(account.roles) == {ROLE_JOB_SEEKER, ROLE_RECRUITER}


async def test_roles_say_what_they_grant(user: UserServiceStub, person: Person) -> None:
    roles = (await user.ListRoles(pb.ListRolesRequest(), metadata=person.metadata)).roles
    assert {entry.role for entry in roles} >= {ROLE_JOB_SEEKER, ROLE_RECRUITER}
    assert all(entry.permissions for entry in roles)


async def test_passwords_and_refresh_tokens_are_not_kept_in_clear(system: System, person: Person) -> None:
    statement = """select hash from "user".passwords union all select encode(hash, 'hex') from "user".refresh_tokens"""
    rows = await system.database.fetch(statement)
    assert all(PASSWORD not in row["hash"] and person.refresh_token not in row["hash"] for row in rows)
