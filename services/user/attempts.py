"""Guessing made slow, and then impossible: attempts at an address' secrets are counted, whether the address has an account or not.

An attempt is counted before the secret is looked at, in a transaction of its own, and forgotten when the secret was right: of many guesses
made at once only as many get through as of guesses made one after the other.
"""

from datetime import datetime

from services.kit.db import WriteSession
from services.kit.errors import RateLimited, Unauthenticated
from services.kit.seal import pseudonym
from services.user import mails, queries
from services.user.tables import SignInAttempts


def subject(seal_key: str, email: str) -> bytes:
    """Stands for an address in the table of attempts."""
    return pseudonym(seal_key, "sign-in attempts", email.strip().lower())


async def begin(session: WriteSession, of: bytes, now: datetime) -> int:
    """Counts an attempt; returns how many there are now. Raises RateLimited or Unauthenticated (SIGN_IN_LOCKED), counting nothing."""
    count = await queries.count_attempt(session, of, now)
    if count is not None:
        return count
    row = await queries.find_attempts(session, of)
    if row is None or row.lock_time is None:
        raise RateLimited("wrong attempts for this address", row.pause_left(now) if row else 1)
    why = "too many wrong attempts for this address; open the link that was mailed to it, or wait a day"
    raise Unauthenticated(why, reason="SIGN_IN_LOCKED")


async def fail(session: WriteSession, of: bytes, count: int, email: str, now: datetime) -> None:
    """The attempt was wrong. The last one that is let through locks, and mails the way out."""
    if count < SignInAttempts.LOCK_AFTER:
        return
    await queries.lock_attempts(session, of, now)
    account = await queries.find_account_by_email(session, email.strip().lower())
    await mails.send_later(session, mails.UNLOCK_JOB, account.id if account else None)


async def forget(session: WriteSession, of: bytes) -> None:
    """The secret was right, or its owner reset it."""
    await queries.delete_attempts(session, of)
