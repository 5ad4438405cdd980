"""Passwords changed, forgotten and chosen badly."""

import asyncio
from uuid import UUID, uuid4

import pytest
from argon2 import Type, extract_parameters
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit.errors import InvalidArgument
from services.kit.mail import Mailer
from services.user import passwords
from tests.builders import PASSWORD, Person, a_job_seeker
from tests.harness import System
from tests.refusals import refused

NEW = "another horse battery"
# Before the system under test takes a quicker one.
HASHER, DECOY = passwords._hasher, passwords._DECOY


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


async def sign_in(user: UserServiceStub, person: Person, password: str) -> Person:
    tokens = await user.SignIn(pb.SignInRequest(email=person.email, password=password))
    return Person(person.id, person.email, tokens.access_token, tokens.refresh_token)


async def mails_sent(system: System) -> None:
    """As many as are to be sent now."""
    async with asyncio.timeout(60):
        while await system.count(
            '"user".jobs', "kind like 'mail_%' and state in ('queued', 'running') and run_after <= now()"
        ):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "password",
    [
        "1234567890", "PASSWORD123", "qwertyuiop", "Password12!!", "aaaaaaaaaaaa", "ababababab", "SkillSync2026!",
        "ada.lovelace", "ada.lovelace@example.org", "Ada Lovelace 1", "ｐａｓｓｗｏｒｄ１２３",
    ],
)  # fmt: skip
def test_what_attackers_try_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        passwords.check_strength(password, "ada.lovelace@example.org", "Ada Lovelace")
    assert refusal.value.reason == "PASSWORD_TOO_COMMON"


def test_a_missing_account_takes_as_long_as_anybodys() -> None:
    assert extract_parameters(DECOY) == extract_parameters(HASHER.hash(PASSWORD))


@pytest.mark.parametrize("password", [PASSWORD, "lowercaseonlybutlong", "пароль из трёх слов", "0 4 8 15 16 23 42"])
def test_no_rule_says_which_characters_a_password_has(password: str) -> None:
    passwords.check_strength(password, "ada.lovelace@example.org", "Ada Lovelace")


async def test_guessing_at_a_stolen_hash_is_slow() -> None:
    """As OWASP recommends: 19 MiB, two passes, Argon2id."""
    found = extract_parameters(HASHER.hash(PASSWORD))
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 19_456, 2, 1)


async def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    stored = await passwords.hash_password("caf\u00e9 and croissant")
    assert await passwords.password_matches(stored, "cafe\u0301 and croissant")


async def test_changing_it_ends_all_other_sessions(system: System, user: UserServiceStub, person: Person) -> None:
    other = await sign_in(user, person, PASSWORD)
    change = pb.ChangePasswordRequest(current_password=PASSWORD, new_password=NEW)
    await user.ChangePassword(change, metadata=person.metadata)
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=other.refresh_token))
    await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    with refused("CREDENTIALS_INVALID"):
        await sign_in(user, person, PASSWORD)
    await sign_in(user, person, NEW)
    assert "was changed" in (await system.inbox.mails(person.email))[0]


async def test_a_well_known_new_password_changes_nothing(user: UserServiceStub, person: Person) -> None:
    change = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="1234567890")
    with refused("PASSWORD_TOO_COMMON", field="new_password"):
        await user.ChangePassword(change, metadata=person.metadata)
    await sign_in(user, person, PASSWORD)


async def test_a_forgotten_password_is_set_anew_by_mail(system: System, user: UserServiceStub, person: Person) -> None:
    await user.SendPasswordReset(pb.SendPasswordResetRequest(email=person.email.upper()))
    code = await system.inbox.code(person.email, "reset-password")
    with refused("PASSWORD_TOO_COMMON"):
        await user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password="1234567890"))
    await user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password=NEW))
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    await sign_in(user, person, NEW)
    with refused("CREDENTIALS_INVALID"):
        await user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password=PASSWORD))


async def test_a_code_is_good_for_its_own_purpose_and_time(
    system: System, user: UserServiceStub, person: Person
) -> None:
    await user.SendPasswordReset(pb.SendPasswordResetRequest(email=person.email))
    code = await system.inbox.code(person.email, "reset-password")
    for call, request in (
        (user.UnlockAccount, pb.UnlockAccountRequest(code=code)),
        (user.VerifyEmail, pb.VerifyEmailRequest(code=code)),
        (user.CompleteRegistration, pb.CompleteRegistrationRequest(code=code, password=PASSWORD)),
    ):
        with refused("CREDENTIALS_INVALID"):
            await call(request)
    await system.database.execute("""update "user".mailed_codes set expire_time = now()""")
    with refused("CREDENTIALS_INVALID"):
        await user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password=NEW))


async def test_mail_for_the_same_goes_out_once_a_minute(system: System, user: UserServiceStub, person: Person) -> None:
    for _ in range(3):
        await user.SendPasswordReset(pb.SendPasswordResetRequest(email=person.email))
    await mails_sent(system)
    mails = await system.inbox.mails(person.email)
    assert len([mail for mail in mails if "reset-password" in mail]) == 1


async def test_mails_to_one_address_pause_longer_with_each(system: System, user: UserServiceStub) -> None:
    """Of each kind, and whatever it says: that there is an account already, too."""
    email, counts = f"{uuid4().hex}@example.org", []
    for minutes in (0, 1, 0, 2, 1, 4, 3):
        await system.database.execute(
            """update "user".sent_mails set time = time - make_interval(mins => $1)""", minutes
        )
        await user.Register(pb.RegisterRequest(email=email, platform=PLATFORM_TALENTHUB))
        await mails_sent(system)
        counts.append(len(await system.inbox.mails(email)))
    assert counts == [1, 2, 2, 3, 3, 4, 4]


async def test_a_mail_that_could_not_be_sent_is_sent_again(
    system: System, user: UserServiceStub, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, failures = Mailer.send, []

    async def fails_once(self: Mailer, *args: str) -> None:
        if not failures:
            failures.append(args)
            raise OSError("the mail server hangs up")
        await sent(self, *args)

    monkeypatch.setattr(Mailer, "send", fails_once)
    await user.SendPasswordReset(pb.SendPasswordResetRequest(email=person.email))
    code = await system.inbox.code(person.email, "reset-password")
    assert len(failures) == 1
    await user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password=NEW))


async def test_a_reset_link_from_before_a_change_is_over(system: System, user: UserServiceStub, person: Person) -> None:
    await user.SendPasswordReset(pb.SendPasswordResetRequest(email=person.email))
    code = await system.inbox.code(person.email, "reset-password")
    change = pb.ChangePasswordRequest(current_password=PASSWORD, new_password=NEW)
    await user.ChangePassword(change, metadata=person.metadata)
    with refused("CREDENTIALS_INVALID"):
        await user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password=PASSWORD))


async def test_the_old_password_opens_nothing_while_it_is_replaced(system: System, user: UserServiceStub) -> None:
    """Sign-ins that began before the reset must not end after it, with a session that it did not see."""
    for _ in range(4):
        person = await a_job_seeker(system)
        await user.SendPasswordReset(pb.SendPasswordResetRequest(email=person.email))
        code = await system.inbox.code(person.email, "reset-password")
        old = [sign_in(user, person, PASSWORD) for _ in range(4)]
        reset = user.ResetPassword(pb.ResetPasswordRequest(code=code, new_password=NEW))
        await asyncio.gather(*old[:2], reset, *old[2:], return_exceptions=True)
        await sign_in(user, person, NEW)
        live = "account_id = $1 and revoke_time is null"
        assert await system.count('"user".sessions', live, UUID(person.id)) == 1


async def test_an_unknown_address_is_answered_alike_and_gets_no_mail(system: System, user: UserServiceStub) -> None:
    codes = await system.count('"user".mailed_codes', "purpose = 'reset-password'")
    await user.SendPasswordReset(pb.SendPasswordResetRequest(email="nobody-here@example.org"))
    await mails_sent(system)
    assert await system.count('"user".mailed_codes', "purpose = 'reset-password'") == codes


async def test_a_confirmed_address_needs_no_confirmation(user: UserServiceStub, person: Person) -> None:
    with refused("WRONG_STATE", state="CONFIRMED"):
        await user.SendEmailVerification(pb.SendEmailVerificationRequest(), metadata=person.metadata)


async def test_an_unconfirmed_address_is_confirmed_by_mail(
    system: System, user: UserServiceStub, person: Person
) -> None:
    await system.database.execute(
        """update "user".base_users set email_verify_time = null where email = $1""", person.email
    )
    assert not (await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)).email_verified
    await user.SendEmailVerification(pb.SendEmailVerificationRequest(), metadata=person.metadata)
    await user.VerifyEmail(pb.VerifyEmailRequest(code=await system.inbox.code(person.email, "verify-email")))
    assert (await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)).email_verified
