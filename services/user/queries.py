"""Every SELECT of the user service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.user.tables import (
    AccountPlatform,
    AccountRole,
    BaseUser,
    MailedCode,
    Password,
    RefreshToken,
    Session,
    SigningKeyRow,
)


async def get_account(session: ReadSession, account_id: UUID, for_update: bool = False) -> BaseUser:
    account = await session.get(BaseUser, account_id, with_for_update=for_update or None)
    if account is None:
        raise NotFound("account", str(account_id))
    return account


async def find_account_by_provider(session: ReadSession, provider: str, uid: str) -> BaseUser | None:
    where = (BaseUser.auth_provider == provider, BaseUser.provider_uid == uid)
    return (await session.execute(select(BaseUser).where(*where))).scalar_one_or_none()


async def find_account_by_email(session: ReadSession, email: str) -> BaseUser | None:
    """`email` in lower case."""
    return (await session.execute(select(BaseUser).where(func.lower(BaseUser.email) == email))).scalar_one_or_none()


async def find_mailed_code(session: ReadSession, code_hash: bytes, purpose: str) -> MailedCode | None:
    """Locked, so that of two who bring it at once one finds it used."""
    where = (MailedCode.hash == code_hash, MailedCode.purpose == purpose)
    return (await session.execute(select(MailedCode).where(*where).with_for_update())).scalar_one_or_none()


async def find_password_hash(session: ReadSession, account_id: UUID) -> str | None:
    return (await session.execute(select(Password.hash).where(Password.account_id == account_id))).scalar_one_or_none()


async def get_account_view(session: ReadSession, account_id: UUID) -> tuple[BaseUser, list[str], list[str]]:
    """An account with its platforms and roles, in one query: every page of the product asks for it."""
    platforms = select(AccountPlatform.platform).where(AccountPlatform.account_id == BaseUser.id)
    statement = select(
        BaseUser,
        func.array(platforms.order_by(AccountPlatform.platform).scalar_subquery()),
        func.array(_roles(BaseUser.id).scalar_subquery()),
    ).where(BaseUser.id == account_id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("account", str(account_id))
    return row[0], row[1], row[2]


async def list_roles(session: ReadSession, account_id: UUID) -> Sequence[str]:
    return (await session.execute(_roles(account_id))).scalars().all()


def _roles(account_id: Any) -> Select[str]:
    return select(AccountRole.role).where(AccountRole.account_id == account_id).order_by(AccountRole.role)


async def list_live_sessions(session: ReadSession, account_id: UUID, now: datetime) -> Sequence[Session]:
    """Newest use first. Few per person, so there are no pages."""
    live = (Session.account_id == account_id, Session.revoke_time.is_(None), Session.expire_time > now)
    statement = select(Session).where(*live).order_by(Session.last_use_time.desc(), Session.id).limit(200)
    return (await session.execute(statement)).scalars().all()


async def get_own_session(session: ReadSession, account_id: UUID, session_id: UUID) -> Session:
    """Another person's session and a missing one answer alike."""
    where = (Session.id == session_id, Session.account_id == account_id)
    found = (await session.execute(select(Session).where(*where).with_for_update())).scalar_one_or_none()
    if found is None:
        raise NotFound("session", str(session_id))
    return found


async def find_refresh_token(session: ReadSession, token_hash: bytes) -> RefreshToken | None:
    """Locked, so that of two parallel refreshes one waits and then sees the token used."""
    statement = select(RefreshToken).where(RefreshToken.hash == token_hash).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def list_current_keys(session: ReadSession, now: datetime) -> Sequence[SigningKeyRow]:
    """Keys that verifiers must know, newest signer first."""
    current = or_(SigningKeyRow.retire_time.is_(None), SigningKeyRow.retire_time > now)
    statement = select(SigningKeyRow).where(current).order_by(SigningKeyRow.sign_from.desc())
    return (await session.execute(statement)).scalars().all()
