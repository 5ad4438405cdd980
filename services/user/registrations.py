"""Signing up: a registration becomes an account once its mailed code comes back."""

from datetime import datetime, timedelta
from uuid import UUID

from services.kit import jobs
from services.kit.db import WriteSession
from services.user import accounts, codes, mails, passwords, tables
from services.user.accounts import Identity
from services.user.tables import PASSWORD_PROVIDER, Password, Registration

LIFETIME = timedelta(hours=24)


async def register(
    session: WriteSession, email: str, password: str, platform: str, display_name: str, now: datetime
) -> None:
    """Does the same whether or not the address has an account; what to write is decided where nobody waits."""
    passwords.check_strength(password, email, display_name)
    row = Registration(
        email=email.strip().lower(),
        password_hash=await passwords.hash_password(password),
        platform=platform,
        display_name=display_name,
        expire_time=now + LIFETIME,
    )
    session.add(row)
    await session.flush()
    await jobs.enqueue(session, tables.jobs, mails.REGISTRATION_JOB, {"registration_id": str(row.id)})


async def complete(session: WriteSession, code: str, now: datetime) -> UUID:
    """The new account's id. Raises Unauthenticated for a bad code, Conflict when the address got an account meanwhile."""
    registration_id = await codes.use(session, codes.COMPLETE_REGISTRATION, code, now)
    row = await session.get_one(Registration, registration_id)
    identity = Identity(PASSWORD_PROVIDER, row.email, row.email, row.display_name)
    account = await accounts.create_account(session, identity, row.platform, now)
    session.add(Password(account_id=account.id, hash=row.password_hash))
    await session.delete(row)
    return account.id
