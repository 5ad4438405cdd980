"""The second factor: on, asked for, each code once, lost, off."""

import asyncio
import time
from collections.abc import Awaitable

import grpc
import pyotp
import pytest
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.builders import PASSWORD, Person, a_job_seeker
from tests.harness import System
from tests.refusals import refused


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


async def turned_on(user: UserServiceStub, person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """An authenticator, and the recovery codes."""
    begun = await user.BeginSecondFactor(pb.BeginSecondFactorRequest(password=PASSWORD), metadata=person.metadata)
    totp = pyotp.parse_uri(begun.otpauth_uri)
    assert isinstance(totp, pyotp.TOTP)
    # The step before: so the one of now is still unused.
    code = totp.at(time.time() - 30)
    confirmed = await user.ConfirmSecondFactor(pb.ConfirmSecondFactorRequest(code=code), metadata=person.metadata)
    return totp, list(confirmed.recovery_codes)


def sign_in(user: UserServiceStub, person: Person, code: str = "") -> Awaitable[object]:
    return user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD, second_factor_code=code))


async def test_an_authenticator_knows_whose_it_is(user: UserServiceStub, person: Person) -> None:
    begun = await user.BeginSecondFactor(pb.BeginSecondFactorRequest(password=PASSWORD), metadata=person.metadata)
    totp = pyotp.parse_uri(begun.otpauth_uri)
    assert (totp.issuer, totp.name) == ("SkillSync", person.email)


async def test_a_stolen_session_sets_up_none(system: System, user: UserServiceStub, person: Person) -> None:
    """Or the person would be locked out by a thief's authenticator."""
    with refused("CREDENTIALS_INVALID"):
        await user.BeginSecondFactor(pb.BeginSecondFactorRequest(password="a guess"), metadata=person.metadata)
    await turned_on(user, person)
    mails = await system.inbox.mails(person.email)
    assert "code of the authenticator" in mails[-1]


async def test_it_counts_only_once_confirmed(user: UserServiceStub, person: Person) -> None:
    await user.BeginSecondFactor(pb.BeginSecondFactorRequest(password=PASSWORD), metadata=person.metadata)
    await sign_in(user, person)
    with refused("SECOND_FACTOR_REQUIRED"):
        await user.ConfirmSecondFactor(pb.ConfirmSecondFactorRequest(code="000000"), metadata=person.metadata)
    me = await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)
    assert not me.second_factor_enabled


async def test_signing_in_asks_for_it(user: UserServiceStub, person: Person) -> None:
    totp, _ = await turned_on(user, person)
    for wrong in ("", "000000", "AAAA-AAAA-AAAA-AAAA", "١٢٣٤٥٦"):
        with refused("SECOND_FACTOR_REQUIRED"):
            await sign_in(user, person, wrong)
    await sign_in(user, person, totp.now())
    assert (await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)).second_factor_enabled


async def test_it_is_not_told_to_who_lacks_the_password(user: UserServiceStub, person: Person) -> None:
    totp, _ = await turned_on(user, person)
    with refused("CREDENTIALS_INVALID"):
        await user.SignIn(pb.SignInRequest(email=person.email, password="wrong", second_factor_code=totp.now()))


async def test_of_many_who_bring_the_same_code_one_gets_in(
    system: System, user: UserServiceStub, person: Person
) -> None:
    totp, recovery = await turned_on(user, person)
    for code in (totp.now(), recovery[0]):
        # The others were wrong, and count.
        await system.database.execute("""delete from "user".sign_in_attempts""")
        answers = await asyncio.gather(*(sign_in(user, person, code) for _ in range(5)), return_exceptions=True)
        assert sum(not isinstance(answer, grpc.aio.AioRpcError) for answer in answers) == 1
        with refused("SECOND_FACTOR_REQUIRED"):
            await sign_in(user, person, code)


async def test_each_recovery_code_signs_in(user: UserServiceStub, person: Person) -> None:
    _, recovery = await turned_on(user, person)
    assert len(set(recovery)) == 10
    for code in recovery:
        await sign_in(user, person, code.lower())


async def test_wrong_codes_count_as_wrong_passwords_do(user: UserServiceStub, person: Person) -> None:
    await turned_on(user, person)
    for _ in range(5):
        with refused("SECOND_FACTOR_REQUIRED"):
            await sign_in(user, person, "000000")
    with refused("RATE_LIMITED"):
        await sign_in(user, person, "000000")


async def test_wrong_codes_are_not_excused_by_the_right_password(
    system: System, user: UserServiceStub, person: Person
) -> None:
    """Who has the password and a session, or the person's mail, could guess on for ever."""
    _, recovery = await turned_on(user, person)
    passwords = [PASSWORD, "another horse battery"]
    for number in range(5):
        with refused("SECOND_FACTOR_REQUIRED"):
            sign_in_ = pb.SignInRequest(email=person.email, password=passwords[0], second_factor_code="000000")
            await user.SignIn(sign_in_)
        if number % 2:
            change = pb.ChangePasswordRequest(current_password=passwords[0], new_password=passwords[1])
            await user.ChangePassword(change, metadata=person.metadata)
            passwords.reverse()
    await system.database.execute("""update "user".sign_in_attempts set last_time = clock_timestamp()""")
    await user.SendPasswordReset(pb.SendPasswordResetRequest(email=person.email))
    code = await system.inbox.code(person.email, "reset-password")
    await user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password=PASSWORD))
    with refused("RATE_LIMITED", limit="wrong codes of the second factor"):
        await sign_in(user, person, recovery[0])
    await system.database.execute(
        """update "user".sign_in_attempts set last_time = last_time - interval '15 minutes'"""
    )
    await sign_in(user, person, recovery[0])


async def test_it_is_turned_off_with_password_and_code(user: UserServiceStub, person: Person) -> None:
    totp, recovery = await turned_on(user, person)
    off = pb.RemoveSecondFactorRequest(password=PASSWORD, code=totp.now())
    with refused("CREDENTIALS_INVALID"):
        wrong = pb.RemoveSecondFactorRequest(password="wrong", code=totp.now())
        await user.RemoveSecondFactor(wrong, metadata=person.metadata)
    with refused("WRONG_STATE", state="ON"):
        await user.BeginSecondFactor(pb.BeginSecondFactorRequest(password=PASSWORD), metadata=person.metadata)
    await user.RemoveSecondFactor(off, metadata=person.metadata)
    await sign_in(user, person)
    with refused("WRONG_STATE", state="OFF"):
        again = pb.RemoveSecondFactorRequest(password=PASSWORD, code=recovery[0])
        await user.RemoveSecondFactor(again, metadata=person.metadata)


async def test_secrets_are_not_kept_in_clear(system: System, user: UserServiceStub, person: Person) -> None:
    totp, recovery = await turned_on(user, person)
    rows = await system.database.fetch(
        """select encode(sealed, 'escape') as kept from "user".second_factors
           union all select encode(hash, 'escape') from "user".recovery_codes"""
    )
    assert len(rows) >= 11
    assert not [row for row in rows for secret in (totp.secret, *recovery) if secret in row["kept"]]
