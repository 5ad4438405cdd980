"""Signing up: a registration becomes an account once its mailed code comes back."""

from datetime import datetime, timedelta
from uuid import UUID

from services.kit import jobs
from services.kit.db import WriteSession
from services.user import accounts, codes, mails, passwords, queries, tables
from services.user.accounts import Identity
from services.user.tables import PASSWORD_PROVIDER, Password, Registration

LIFETIME = timedelta(hours=24)


async def register(session: WriteSession, email: str, platform: str, display_name: str, now: datetime) -> None:
    """Does the same whether or not the address has an account; what to write is decided where nobody waits."""
    row = Registration(
        email=email.strip().lower(),
        platform=platform,
        display_name=display_name,
        expire_time=now + LIFETIME,
    )
    session.add(row)
    await session.flush()
    await jobs.enqueue(session, tables.jobs, mails.REGISTRATION_JOB, {"registration_id": str(row.id)})


async def complete(session: WriteSession, code: str, password: str, now: datetime) -> UUID:
    """The new account's id. Raises Unauthenticated for a bad code, InvalidArgument for a well-known password, Conflict when the address got
    an account meanwhile.
    """
    row = await session.get(Registration, await codes.use(session, codes.COMPLETE_REGISTRATION, code, now))
    if row is None:
        raise codes.refusal()
    passwords.check_strength(password, row.email, row.display_name)
    identity = Identity(PASSWORD_PROVIDER, row.email, row.email, row.display_name)
    account = await accounts.create_account(session, identity, row.platform, now)
    session.add(Password(account_id=account.id, hash=await passwords.hash_password(password)))
    await queries.delete_registrations(session, row.email)
    return account.id
