"""Passwords changed and forgotten, addresses confirmed and unlocked."""

from datetime import datetime
from uuid import UUID

from services.kit import activity
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound, Unauthenticated, WrongState
from services.user import attempts, codes, mails, passwords, queries, sessions
from services.user.tables import BaseUser, Password


async def _use(session: WriteSession, purpose: str, code: str, now: datetime) -> BaseUser:
    """The account that a mailed code is about."""
    account = await queries.get_account(session, await codes.use(session, purpose, code, now), for_update=True)
    activity.about(account.id)
    return account


async def own_account(session: ReadSession, caller: Caller) -> BaseUser:
    """Raises Unauthenticated when it was erased: no session of it goes on."""
    try:
        return await queries.get_account(session, caller.account())
    except NotFound as error:
        raise Unauthenticated("the account is gone") from error


async def own_email(session: ReadSession, caller: Caller) -> str:
    return (await own_account(session, caller)).email


async def check_new_password(session: ReadSession, caller: Caller, new: str) -> None:
    """Raises InvalidArgument for a well-known one."""
    account = await own_account(session, caller)
    passwords.check_strength(new, account.email, account.display_name, field="new_password")


async def change_password(session: WriteSession, caller: Caller, current: str, new: str, now: datetime) -> None:
    """Ends all other sessions. Raises Unauthenticated when the current one is wrong."""
    account_id = await sessions.check_password(session, await own_email(session, caller), current)
    await _set_password(session, account_id, new)
    await sessions.end_all(session, account_id, now, but=caller.session_id)


async def ask_for_reset(session: WriteSession, email: str) -> None:
    account = await queries.find_account_by_email(session, email.strip().lower())
    await mails.send_later(session, mails.RESET_JOB, account.id if account else None)


async def reset_password(session: WriteSession, code: str, new: str, seal_key: str, now: datetime) -> None:
    """Ends all sessions and unlocks: who reads the mail owns the account. The second factor stays."""
    account = await _use(session, codes.RESET_PASSWORD, code, now)
    passwords.check_strength(new, account.email, account.display_name, field="new_password")
    account.email_verify_time = account.email_verify_time or now
    await _set_password(session, account.id, new)
    await sessions.end_all(session, account.id, now)
    await attempts.unlock(session, seal_key, account.email)


async def ask_for_verification(session: WriteSession, caller: Caller) -> None:
    account = await own_account(session, caller)
    if account.email_verify_time:
        raise WrongState("e-mail address", "CONFIRMED", "UNCONFIRMED")
    await mails.send_later(session, mails.VERIFICATION_JOB, account.id)


async def verify_email(session: WriteSession, code: str, now: datetime) -> None:
    account = await _use(session, codes.VERIFY_EMAIL, code, now)
    account.email_verify_time = account.email_verify_time or now


async def unlock(session: WriteSession, code: str, seal_key: str, now: datetime) -> None:
    account = await _use(session, codes.UNLOCK, code, now)
    await attempts.unlock(session, seal_key, account.email)


async def confirm_identity(session: WriteSession, caller: Caller, password: str, now: datetime) -> UUID:
    """That it is the person and not somebody at an open screen: by password, or, without one, by a sign-in of the last five minutes.

    Raises Unauthenticated (CREDENTIALS_INVALID).
    """
    account = await own_account(session, caller)
    if account.has_password:
        return await sessions.check_password(session, account.email, password)
    if caller.session_id and await queries.signed_in_since(session, caller.session_id, now - sessions.FRESH):
        return account.id
    raise Unauthenticated("sign in again, and repeat this within five minutes", reason="CREDENTIALS_INVALID")


async def _set_password(session: WriteSession, account_id: UUID, new: str) -> None:
    await session.merge(Password(account_id=account_id, hash=await passwords.hash_password(new)))
    # A link that was mailed before is a way around the change.
    await queries.delete_codes(session, codes.RESET_PASSWORD, account_id)
    await mails.send_later(session, mails.CHANGED_JOB, account_id)
