"""Guessing passwords slows down, then locks, and tells nothing."""

import asyncio
import math
import time
from collections import Counter
from datetime import timedelta
from typing import Literal
from uuid import uuid4

import grpc
import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.user import passwords
from services.user.tables import SignInAttempts
from tests.builders import PASSWORD, Person, a_job_seeker
from tests.harness import System
from tests.refusals import refused, refused_json

FREE, LOCK_AFTER = SignInAttempts.FREE, SignInAttempts.LOCK_AFTER


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


def stranger() -> str:
    return f"{uuid4().hex}@example.org"


async def guess(user: UserServiceStub, email: str) -> str:
    """The code and message of the refusal of a wrong password."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await user.SignIn(pb.SignInRequest(email=email, password="not this one"))
    return f"{caught.value.code().name}: {caught.value.details()}"


async def let_pause_pass(system: System) -> None:
    """As if everybody's last attempt was an hour ago."""
    await system.database.execute(
        """update "user".sign_in_attempts set last_time = last_time - $1::interval""", timedelta(hours=1)
    )


async def no_time_passed(system: System) -> None:
    """As if everybody's last attempt was just now, however slow this machine is."""
    await system.database.execute("""update "user".sign_in_attempts set last_time = clock_timestamp()""")


async def test_after_some_wrong_passwords_even_the_right_one_must_wait(
    system: System, user: UserServiceStub, person: Person
) -> None:
    for _ in range(FREE):
        assert (await guess(user, person.email)).startswith("UNAUTHENTICATED")
    await no_time_passed(system)
    right = pb.SignInRequest(email=person.email, password=PASSWORD)
    with refused("RATE_LIMITED", retry_after_seconds="1"):
        await user.SignIn(right)
    await let_pause_pass(system)
    await user.SignIn(right)
    assert await guess(user, person.email) == "UNAUTHENTICATED: the e-mail address or the password is wrong"


async def test_the_pause_doubles(system: System, user: UserServiceStub, person: Person) -> None:
    pauses = []
    for number in range(FREE + 4):
        await guess(user, person.email)
        if number >= FREE:
            await no_time_passed(system)
            with refused("RATE_LIMITED") as refusal:
                await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
            pauses.append(int(refusal.metadata["retry_after_seconds"]))
            await let_pause_pass(system)
        elif number == FREE - 1:
            await let_pause_pass(system)
    assert pauses == [2, 4, 8, 16]


@pytest.mark.parametrize("known", [True, False])
async def test_many_wrong_passwords_lock_an_address_with_or_without_account(
    system: System, user: UserServiceStub, person: Person, known: bool
) -> None:
    email = person.email if known else stranger()
    answers = []
    for _ in range(LOCK_AFTER + 2):
        answers.append(await guess(user, email))
        await system.database.execute(
            """update "user".sign_in_attempts set last_time = last_time - interval '1 hour' where lock_time is null"""
        )
    wrong = "UNAUTHENTICATED: the e-mail address or the password is wrong"
    locked = (
        "UNAUTHENTICATED: too many wrong attempts for this address; open the link that was mailed to it, or wait a day"
    )
    assert answers == [wrong] * LOCK_AFTER + [locked] * 2


async def test_the_mailed_link_unlocks(system: System, user: UserServiceStub, person: Person) -> None:
    for _ in range(LOCK_AFTER):
        await guess(user, person.email)
        await system.database.execute(
            """update "user".sign_in_attempts set last_time = last_time - interval '1 hour' where lock_time is null"""
        )
    right = pb.SignInRequest(email=person.email, password=PASSWORD)
    with refused("SIGN_IN_LOCKED"):
        await user.SignIn(right)
    # Who is signed in stays so.
    await user.GetMe(pb.GetMeRequest(), metadata=person.metadata)
    code = await system.inbox.code(person.email, "unlock")
    await user.UnlockAccount(pb.UnlockAccountRequest(code=code))
    await user.SignIn(right)
    with refused("CREDENTIALS_INVALID"):
        await user.UnlockAccount(pb.UnlockAccountRequest(code=code))


async def test_a_lock_ends_after_a_day(system: System, user: UserServiceStub, person: Person) -> None:
    await guess(user, person.email)
    await system.database.execute(
        """update "user".sign_in_attempts set count = $1, lock_time = now(), last_time = now()""", LOCK_AFTER
    )
    right = pb.SignInRequest(email=person.email, password=PASSWORD)
    with refused("SIGN_IN_LOCKED"):
        await user.SignIn(right)
    await system.database.execute("""update "user".sign_in_attempts set last_time = last_time - interval '25 hours'""")
    await user.SignIn(right)


async def test_guesses_made_at_once_get_no_further_than_guesses_in_a_row(user: UserServiceStub, person: Person) -> None:
    start = time.monotonic()
    answers = Counter(await asyncio.gather(*(guess(user, person.email) for _ in range(50))))
    # Pauses of 1, 2, 4 … seconds: so many more would get through to who guesses in a row for as long as this took.
    more = int(math.log2(time.monotonic() - start + 1))
    checked = sum(count for answer, count in answers.items() if answer.startswith("UNAUTHENTICATED"))
    assert FREE <= checked <= FREE + more
    assert sum(answers.values()) == 50


async def test_who_hangs_up_has_guessed_too(system: System, user: UserServiceStub, person: Person) -> None:
    # What tests before this one locked would be taken for this person's lock.
    await system.database.execute("""delete from "user".sign_in_attempts""")
    for _ in range(LOCK_AFTER):
        with pytest.raises(grpc.aio.AioRpcError):
            await user.SignIn(pb.SignInRequest(email=person.email, password="not this one"), timeout=0.02)
        await system.database.execute(
            """update "user".sign_in_attempts set last_time = last_time - interval '1 hour' where lock_time is null"""
        )
    # Some hung up before their attempt was counted.
    async with asyncio.timeout(60):
        while not await system.count('"user".sign_in_attempts', "lock_time is not null"):
            await guess(user, person.email)
            await let_pause_pass(system)
    await system.inbox.code(person.email, "unlock")


async def test_of_a_last_attempt_that_was_right_nobody_is_told(
    system: System, user: UserServiceStub, person: Person
) -> None:
    await guess(user, person.email)
    await system.database.execute("""update "user".sign_in_attempts set count = $1""", LOCK_AFTER - 1)
    await let_pause_pass(system)
    await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    async with asyncio.timeout(60):
        while await system.count('"user".jobs', "kind = 'mail_unlock' and state <> 'done'"):
            await asyncio.sleep(0.05)
    assert await system.inbox.mails(person.email, 0) == []


async def test_strangers_lock_out_neither_a_known_device_nor_who_is_signed_in(
    system: System, user: UserServiceStub, person: Person
) -> None:
    at_home = await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))
    for _ in range(LOCK_AFTER):
        await guess(user, person.email)
        await system.database.execute(
            """update "user".sign_in_attempts set last_time = last_time - interval '1 hour' where lock_time is null"""
        )
    right = {"email": person.email, "password": PASSWORD}
    other = await a_job_seeker(system)
    foreign = await user.SignIn(pb.SignInRequest(email=other.email, password=PASSWORD))
    for token in ("", foreign.device_token, at_home.device_token[:-2], "invented"):
        with refused("SIGN_IN_LOCKED"):
            await user.SignIn(pb.SignInRequest(**right, device_token=token))
    await user.SignIn(pb.SignInRequest(**right, device_token=at_home.device_token))
    change = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="another horse battery")
    await user.ChangePassword(change, metadata=person.metadata)


async def test_a_known_device_may_not_guess_for_ever(system: System, user: UserServiceStub, person: Person) -> None:
    token = (await user.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))).device_token
    wrong = pb.SignInRequest(email=person.email, password="not this one", device_token=token)
    for _ in range(FREE):
        with refused("CREDENTIALS_INVALID"):
            await user.SignIn(wrong)
    await no_time_passed(system)
    with refused("RATE_LIMITED"):
        await user.SignIn(wrong)


async def test_the_table_of_attempts_names_nobody(system: System, user: UserServiceStub, person: Person) -> None:
    await guess(user, person.email)
    rows = await system.database.fetch("""select encode(subject, 'escape') as subject from "user".sign_in_attempts""")
    assert rows
    assert not [row for row in rows if person.email in row["subject"]]


async def test_a_stolen_session_cannot_guess_the_password_faster(
    system: System, user: UserServiceStub, person: Person
) -> None:
    change = pb.ChangePasswordRequest(current_password="not this one", new_password="another horse battery")
    for _ in range(FREE):
        with refused("CREDENTIALS_INVALID"):
            await user.ChangePassword(change, metadata=person.metadata)
    await no_time_passed(system)
    with refused("RATE_LIMITED"):
        await user.ChangePassword(change, metadata=person.metadata)
    await no_time_passed(system)
    with refused("RATE_LIMITED"):
        await user.BeginSecondFactor(pb.BeginSecondFactorRequest(password=PASSWORD), metadata=person.metadata)


async def test_a_bad_new_password_is_no_wrong_attempt(user: UserServiceStub, person: Person) -> None:
    bad = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="1234567890")
    for _ in range(FREE + 2):
        with refused("PASSWORD_TOO_COMMON"):
            await user.ChangePassword(bad, metadata=person.metadata)


async def test_time_does_not_tell_whether_an_address_has_an_account(
    user: UserServiceStub, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is compared with one hash, as costly as everybody's: that is nearly all of the time, and no clock can be trusted here."""
    done: list[Parameters] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            done.append(extract_parameters(str(hash)))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    work = {}
    for kind, email in (("known", person.email), ("unknown", stranger())):
        await guess(user, email)
        work[kind] = tuple(done)
        done.clear()
    assert work["known"] == work["unknown"]
    assert len(work["known"]) == 1


async def test_a_browser_is_told_how_long_to_wait(system: System, person: Person) -> None:
    wrong = {"email": person.email, "password": "not this one"}
    for _ in range(FREE):
        refused_json(await system.rest.post("/v1/sessions:signIn", json=wrong), 401, "CREDENTIALS_INVALID")
    await no_time_passed(system)
    answer = await system.rest.post("/v1/sessions:signIn", json=wrong)
    refused_json(answer, 429, "RATE_LIMITED")
    assert answer.headers["retry-after"] == "1"
