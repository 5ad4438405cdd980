"""Guessing made slow, and then impossible: attempts at an address' secrets are counted, whether the address has an account or not.

An attempt is counted before the secret is looked at, in a transaction of its own, and forgotten when the secret was right: of many guesses
made at once only as many get through as of guesses made one after the other.

What different people can guess at is counted apart, so that nobody's guesses keep others out: signing in, signing in on a device that did
before, and the own secret of who is signed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.kit import activity
from services.kit.db import WriteSession
from services.kit.errors import RateLimited, Unauthenticated
from services.kit.seal import pseudonym, seal, unseal
from services.user import mails, queries
from services.user.tables import SignInAttempts

SIGN_IN, OWN_SECRET, SECOND_FACTOR = "sign-in", "own secret", "second factor"
KNOWN_DEVICE = "known device"
# By then it is known whether an attempt was right.
JUDGED_AFTER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Guessed:
    """What is guessed at. `address` and `subject` stand in the database for the mail address and for what is counted of it."""

    email: str
    address: bytes
    subject: bytes


def guessed(seal_key: str, email: str, what: str) -> Guessed:
    email = email.strip().lower()
    return Guessed(email, mails.address(seal_key, email), pseudonym(seal_key, "attempts", f"{what}/{email}"))


def device_token(seal_key: str, email: str, session_id: UUID) -> str:
    """That somebody signed in at the address on this device. Whoever steals it may guess, as any stranger may; it names nobody."""
    return seal(seal_key, KNOWN_DEVICE, [mails.address(seal_key, email).hex(), str(session_id)])


def at_sign_in(seal_key: str, email: str, token: str) -> Guessed:
    """Of a device that is known, its own attempts; of all others together, those of strangers."""
    match unseal(seal_key, KNOWN_DEVICE, token) if token else None:
        case [str(whose), str(session_id)] if whose == mails.address(seal_key, email).hex():
            return guessed(seal_key, email, f"{SIGN_IN}/{session_id}")
    return guessed(seal_key, email, SIGN_IN)


async def begin(session: WriteSession, of: Guessed, now: datetime) -> None:
    """Counts an attempt. Raises RateLimited or Unauthenticated (SIGN_IN_LOCKED), counting nothing."""
    count = await queries.count_attempt(session, of.subject, of.address, now, SignInAttempts.LOCK_AFTER)
    if count is not None and count >= SignInAttempts.LOCK_AFTER:
        await _mail_the_way_out(session, of, now)
    if count is not None:
        return
    if account := await queries.find_account_by_email(session, of.email):
        activity.about(account.id)
    row = await queries.find_attempts(session, of.subject)
    if row is None or row.lock_time is None:
        raise RateLimited("wrong attempts for this address", row.pause_left(now) if row else 1)
    why = "too many wrong attempts for this address; open the link that was mailed to it, or wait a day"
    raise Unauthenticated(why, reason="SIGN_IN_LOCKED")


async def _mail_the_way_out(session: WriteSession, of: Guessed, now: datetime) -> None:
    """The last attempt that is let through has locked, whatever becomes of it; if it is right, there is nothing to mail any more."""
    account = await queries.find_account_by_email(session, of.email)
    await mails.send_later(session, mails.UNLOCK_JOB, account.id if account else None, now + JUDGED_AFTER)


async def forget(session: WriteSession, of: Guessed) -> None:
    """The secret was right."""
    await queries.delete_attempts(session, of.subject)


async def unlock(session: WriteSession, seal_key: str, email: str) -> None:
    """Who reads the address' mail starts anew; with the second factor, which mail has nothing to do with, nobody does."""
    kept = guessed(seal_key, email, SECOND_FACTOR)
    await queries.delete_attempts_at(session, kept.address, but=kept.subject)


async def check_pause(session: WriteSession, of: Guessed, now: datetime) -> None:
    """Raises RateLimited while wrong codes of the second factor make wait. They never lock: each pause is longer, to 15 minutes."""
    row = await queries.find_attempts(session, of.subject)
    if row and (left := row.pause_left(now)) > 0:
        raise RateLimited("wrong codes of the second factor", left)


async def count_wrong_code(session: WriteSession, of: Guessed, now: datetime) -> None:
    await queries.count_attempt(session, of.subject, of.address, now)
