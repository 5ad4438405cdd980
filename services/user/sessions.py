"""Signing in, staying signed in, and ending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from services.kit import activity, door
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import Unauthenticated
from services.user import passwords, queries, tokens
from services.user.keys import SigningKey
from services.user.tables import BaseUser, RefreshToken, Session

# One answer for a wrong password and for an unknown address: neither tells whether an account exists.
_REFUSED = "the e-mail address or the password is wrong"


# What a sign-in is good for where there is no password to ask for again.
FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a sign-in comes from, shown to the person in the list of sessions."""

    user_agent: str
    address: str


@dataclass(frozen=True, slots=True)
class Signer:
    """What it takes to issue access tokens."""

    key: SigningKey
    issuer: str


@dataclass(frozen=True, slots=True)
class TokenPair:
    access: str
    access_expire_time: datetime
    refresh: str
    session: Session


async def check_password(session: WriteSession, email: str, password: str) -> UUID:
    """The account. Raises Unauthenticated, after the same work, for a wrong password and for an address without account."""
    account_id, stored = await queries.find_password(session, email.strip().lower())
    if account_id:
        activity.about(account_id)
    if not await passwords.password_matches(stored, password) or account_id is None:
        raise Unauthenticated(_REFUSED, reason="CREDENTIALS_INVALID")
    return account_id


async def open_session(
    session: WriteSession, signer: Signer, account_id: UUID, device: Device, now: datetime
) -> TokenPair:
    activity.about(account_id)
    await session.execute(update(BaseUser).where(BaseUser.id == account_id).values(last_active=now))
    row = Session(
        account_id=account_id,
        user_agent=device.user_agent[:400],
        address=device.address[:64],
        last_use_time=now,
        expire_time=now + tokens.REFRESH_LIFETIME,
    )
    session.add(row)
    await session.flush()
    activity.about(account_id, row.id)
    end(session, await queries.list_live_sessions(session, account_id, now, skip=Session.MOST), now)
    return await _issue(session, signer, row, now)


async def refresh(session: WriteSession, signer: Signer, refresh_token: str, now: datetime) -> TokenPair | None:
    """The next pair of tokens. None, with the whole session revoked, when the token was used before: somebody has a copy.

    The caller refuses the request only after this transaction committed, or the revocation would be rolled back with it.
    """
    link = await queries.find_refresh_token(session, tokens.refresh_token_hash(refresh_token))
    row = await session.get(Session, link.session_id) if link else None
    if row:
        activity.about(row.account_id, row.id)
    if link is None or row is None or not row.live(now):
        raise Unauthenticated("the refresh token is unknown or expired; sign in again", reason="TOKEN_INVALID")
    if link.use_time is not None:
        end(session, [row], now)
        return None
    link.use_time = now
    row.last_use_time = now
    row.expire_time = min(now + tokens.REFRESH_LIFETIME, row.create_time + Session.MOST_LIFETIME)
    return await _issue(session, signer, row, now)


async def sign_out(session: WriteSession, caller: Caller, now: datetime) -> None:
    """Ends the session of the caller's token. Ending an ended one changes nothing."""
    if caller.session_id is not None:
        row = await queries.get_own_session(session, caller.account(), caller.session_id)
        if row.revoke_time is None:
            end(session, [row], now)


async def sign_out_everywhere(session: WriteSession, caller: Caller, now: datetime) -> int:
    return await end_all(session, caller.account(), now)


async def end_all(session: WriteSession, account_id: UUID, now: datetime, but: UUID | None = None) -> int:
    """Ends the sessions of an account, all or all but one. Returns how many there were."""
    live = [row for row in await queries.list_live_sessions(session, account_id, now) if row.id != but]
    end(session, live, now)
    return len(live)


def end(session: WriteSession, rows: Sequence[Session], now: datetime) -> None:
    """The one way in which sessions end before their time: no refresh any more, and no service takes their access tokens.

    Raises WrongState for one that ended before.
    """
    for row in rows:
        row.revoke(now)
    door.sessions_ended(session, [row.id for row in rows])


async def revoke_session(session: WriteSession, caller: Caller, session_id: UUID, now: datetime) -> Session:
    row = await queries.get_own_session(session, caller.account(), session_id)
    end(session, [row], now)
    return row


async def list_sessions(session: ReadSession, caller: Caller, now: datetime) -> Sequence[Session]:
    return await queries.list_live_sessions(session, caller.account(), now)


async def _issue(session: WriteSession, signer: Signer, row: Session, now: datetime) -> TokenPair:
    roles = await queries.list_roles(session, row.account_id)
    access = tokens.access_token(signer.key, signer.issuer, row.account_id, row.id, roles, now)
    secret = tokens.new_refresh_token()
    session.add(RefreshToken(hash=tokens.refresh_token_hash(secret), session_id=row.id, issue_time=now))
    return TokenPair(access, now + tokens.ACCESS_LIFETIME, secret, row)
