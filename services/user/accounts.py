"""Accounts, and what a person sees and changes of the own one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, insert_missing
from services.kit.errors import Conflict
from services.kit.masks import check_etag
from services.user import queries
from services.user.tables import AccountPlatform, AccountRole, BaseUser

# What signing up on a platform makes a person.
ROLE_OF_PLATFORM = {"careerforge": "job_seeker", "talenthub": "recruiter"}


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with what stands in other tables."""

    row: BaseUser
    platforms: Sequence[str]
    roles: Sequence[str]
    second_factor_enabled: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as somebody vouches for: a provider, or (`password`) the mail that came back. `email` is in lower case, and verified."""

    provider: str
    uid: str
    email: str
    display_name: str = ""


async def create_account(session: WriteSession, identity: Identity, platform: str, now: datetime) -> BaseUser:
    """Raises Conflict when the address has an account."""
    if await queries.find_account_by_email(session, identity.email):
        raise Conflict("account", "an account with this e-mail address exists; sign in as you did before")
    account = BaseUser(
        auth_provider=identity.provider,
        provider_uid=identity.uid,
        platform=platform,
        email=identity.email,
        display_name=identity.display_name,
        email_verify_time=now,
    )
    session.add(account)
    await session.flush()
    await add_platform(session, account, platform)
    return account


async def add_platform(session: WriteSession, account: BaseUser, platform: str) -> None:
    """Opens a platform to the account. Doing it again changes nothing."""
    await insert_missing(session, AccountPlatform, account_id=account.id, platform=platform)
    await insert_missing(session, AccountRole, account_id=account.id, role=ROLE_OF_PLATFORM[platform])


async def get_me(session: ReadSession, caller: Caller) -> AccountView:
    return await get_account(session, caller.account())


async def get_account(session: ReadSession, account_id: UUID) -> AccountView:
    return AccountView(*await queries.get_account_view(session, account_id))


async def update_me(session: WriteSession, caller: Caller, values: Mapping[str, Any], etag: str) -> AccountView:
    row = await queries.get_account(session, caller.account(), for_update=True)
    check_etag("account", etag, row.version)
    for name, value in values.items():
        setattr(row, name, value)
    await session.flush()
    await session.refresh(row)
    return await get_account(session, row.id)


async def join_platform(session: WriteSession, caller: Caller, platform: str) -> AccountView:
    row = await queries.get_account(session, caller.account())
    await add_platform(session, row, platform)
    return await get_account(session, row.id)
