"""Every SELECT of the user service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.user.tables import (
    AccountPlatform,
    AccountRole,
    BaseUser,
    DataExport,
    Erasure,
    MailedCode,
    Password,
    RecoveryCode,
    RefreshToken,
    Registration,
    SecondFactor,
    SentMail,
    Session,
    SignInAttempts,
    SigningKeyRow,
    ToldNotice,
    UsedGrant,
)


async def find_account(session: ReadSession, account_id: UUID, for_update: bool = False) -> BaseUser | None:
    return await session.get(BaseUser, account_id, with_for_update=for_update or None)


async def get_account(session: ReadSession, account_id: UUID, for_update: bool = False) -> BaseUser:
    account = await find_account(session, account_id, for_update)
    if account is None:
        raise NotFound("account", str(account_id))
    return account


async def find_email(session: ReadSession, account_id: UUID) -> str | None:
    return (await session.execute(select(BaseUser.email).where(BaseUser.id == account_id))).scalar_one_or_none()


async def get_own_export(session: ReadSession, account_id: UUID, export_id: UUID) -> DataExport:
    """Another person's and a missing one answer alike."""
    row = await session.get(DataExport, export_id)
    if row is None or row.account_id != account_id:
        raise NotFound("data export", str(export_id))
    return row


async def find_export_by_request(session: ReadSession, account_id: UUID, request_id: UUID) -> DataExport | None:
    where = (DataExport.account_id == account_id, DataExport.request_id == request_id)
    return (await session.execute(select(DataExport).where(*where))).scalar_one_or_none()


async def export_runs(session: ReadSession, account_id: UUID) -> bool:
    where = (DataExport.account_id == account_id, DataExport.state == "RUNNING")
    return (await session.execute(select(DataExport.id).where(*where).limit(1))).one_or_none() is not None


async def exports_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, DataExport]:
    rows = (await session.execute(select(DataExport).where(DataExport.id.in_(ids)))).scalars()
    return {row.id: row for row in rows}


async def find_erasure(session: ReadSession, erasure_id: UUID) -> Erasure | None:
    return await session.get(Erasure, erasure_id)


async def get_erasure(session: ReadSession, erasure_id: UUID) -> Erasure:
    row = await find_erasure(session, erasure_id)
    if row is None:
        raise NotFound("erasure", str(erasure_id))
    return row


async def erasures_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Erasure]:
    rows = (await session.execute(select(Erasure).where(Erasure.id.in_(ids)))).scalars()
    return {row.id: row for row in rows}


async def find_account_by_provider(session: ReadSession, provider: str, uid: str) -> BaseUser | None:
    where = (BaseUser.auth_provider == provider, BaseUser.provider_uid == uid)
    return (await session.execute(select(BaseUser).where(*where))).scalar_one_or_none()


async def find_account_by_email(session: ReadSession, email: str) -> BaseUser | None:
    """`email` in lower case."""
    return (await session.execute(select(BaseUser).where(func.lower(BaseUser.email) == email))).scalar_one_or_none()


async def set_tier(session: WriteSession, account_id: UUID, tier: str) -> None:
    """Nothing happens when it is that already, or the account is gone."""
    changed = update(BaseUser).where(BaseUser.id == account_id, BaseUser.account_tier != tier)
    await session.execute(changed.values(account_tier=tier, version=BaseUser.version + 1))


async def find_mailed_code(session: ReadSession, code_hash: bytes, purpose: str) -> MailedCode | None:
    """Locked, so that of two who bring it at once one finds it used."""
    where = (MailedCode.hash == code_hash, MailedCode.purpose == purpose)
    return (await session.execute(select(MailedCode).where(*where).with_for_update())).scalar_one_or_none()


async def find_password(session: WriteSession, email: str) -> tuple[UUID | None, str | None]:
    """The account that signs in with a password at this address, and its hash. Locked: who signs in while it changes waits, and sees the
    new one.
    """
    statement = (
        select(BaseUser.id, Password.hash)
        .join(Password, Password.account_id == BaseUser.id)
        .where(func.lower(BaseUser.email) == email)
        .with_for_update(key_share=True)
    )
    row = (await session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row else (None, None)


async def use_grant(session: WriteSession, grant_hash: bytes, expire_time: datetime) -> bool:
    """Whether it was not used before; of two who bring it at once one waits for the other."""
    statement = insert(UsedGrant).values(hash=grant_hash, expire_time=expire_time).on_conflict_do_nothing()
    return (await session.execute(statement.returning(UsedGrant.hash))).one_or_none() is not None


async def count_attempt(
    session: WriteSession, subject: bytes, address: bytes, now: datetime, lock_after: int | None = None
) -> int | None:
    """How many there are with this one; None, counting nothing, when it comes too early or it is locked, as `lock_after` attempts do."""
    statement = """
        insert into "user".sign_in_attempts as known (subject, address, count, last_time) values (:subject, :address, 1, :now)
        on conflict (subject) do update
        set count = case when known.last_time < :forgotten then 1 else known.count + 1 end, last_time = :now,
            lock_time = case when known.last_time >= :forgotten and known.count + 1 >= cast(:lock_after as int) then :now end
        where known.last_time < :forgotten or known.lock_time is null and (known.count < :free or known.last_time
              + least(make_interval(secs => power(2, least(known.count - :free, 20))), :longest) <= :now)
        returning count"""
    limits = {
        "free": SignInAttempts.FREE,
        "longest": SignInAttempts.LONGEST_PAUSE,
        "forgotten": now - SignInAttempts.LOCK,
        "lock_after": lock_after,
    }
    values = {"subject": subject, "address": address, "now": now} | limits
    return (await session.execute(text(statement), values)).scalar_one_or_none()


async def find_attempts(session: ReadSession, subject: bytes) -> SignInAttempts | None:
    return await session.get(SignInAttempts, subject, populate_existing=True)


async def is_locked(session: ReadSession, address: bytes) -> bool:
    """Whether any way to guess at an address is."""
    where = (SignInAttempts.address == address, SignInAttempts.lock_time.is_not(None))
    return (await session.execute(select(SignInAttempts.subject).where(*where).limit(1))).one_or_none() is not None


async def delete_attempts(session: WriteSession, subject: bytes) -> None:
    await session.execute(delete(SignInAttempts).where(SignInAttempts.subject == subject))


async def delete_attempts_at(session: WriteSession, address: bytes, but: bytes | None = None) -> None:
    """Everything that was guessed at at an address, but one subject."""
    where = (SignInAttempts.address == address, SignInAttempts.subject != (but or b""))
    await session.execute(delete(SignInAttempts).where(*where))


async def claim_mail(session: WriteSession, address: bytes, kind: str, job_id: UUID, now: datetime) -> bool:
    """Whether the job may send a mail of this kind to an address: no other did just now. Each pause is twice the one before."""
    statement = """
        insert into "user".sent_mails as known (address, kind, job_id, count, time) values (:address, :kind, :job_id, 1, :now)
        on conflict (address, kind) do update
        set job_id = :job_id, time = :now, count = case
            when known.time < :forgotten then 1 when known.job_id = :job_id then known.count else known.count + 1 end
        where known.job_id = :job_id
              or known.time + least(cast(:pause as interval) * power(2, least(known.count - 1, 20)), cast(:longest as interval)) <= :now
        returning count"""
    values = {
        "address": address,
        "kind": kind,
        "job_id": job_id,
        "now": now,
        "pause": SentMail.PAUSE,
        "longest": SentMail.LONGEST_PAUSE,
        "forgotten": now - SentMail.FORGOTTEN_AFTER,
    }
    return (await session.execute(text(statement), values)).one_or_none() is not None


async def claim_notice(session: WriteSession, account_id: UUID, name: str, now: datetime) -> bool:
    """Whether the account is there, and was not told yet."""
    account = select(BaseUser.id, literal(name), literal(now)).where(BaseUser.id == account_id)
    told = insert(ToldNotice).from_select(["account_id", "name", "time"], account).on_conflict_do_nothing()
    return (await session.execute(told.returning(ToldNotice.name))).one_or_none() is not None


async def delete_sent_mails(session: WriteSession, address: bytes) -> None:
    await session.execute(delete(SentMail).where(SentMail.address == address))


async def delete_registrations(session: WriteSession, email: str) -> None:
    await session.execute(delete(Registration).where(Registration.email == email))


async def find_second_factor(session: ReadSession, account_id: UUID, for_update: bool = False) -> SecondFactor | None:
    return await session.get(SecondFactor, account_id, with_for_update=for_update or None)


async def use_recovery_code(session: WriteSession, code_hash: bytes, now: datetime) -> bool:
    """Whether it was there and not used; of two who use it at once one does."""
    unused = (RecoveryCode.hash == code_hash, RecoveryCode.use_time.is_(None))
    statement = update(RecoveryCode).where(*unused).values(use_time=now).returning(RecoveryCode.hash)
    return (await session.execute(statement)).one_or_none() is not None


async def delete_second_factor(session: WriteSession, account_id: UUID) -> None:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    await session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))


async def list_with_role(session: WriteSession, role: str) -> Sequence[UUID]:
    """Locked: of two who take away the last two at once, one sees the other."""
    statement = select(AccountRole.account_id).where(AccountRole.role == role).with_for_update()
    return list((await session.execute(statement)).scalars().all())


async def delete_role(session: WriteSession, account_id: UUID, role: str) -> bool:
    """Whether the account had it."""
    where = (AccountRole.account_id == account_id, AccountRole.role == role)
    statement = delete(AccountRole).where(*where).returning(AccountRole.role)
    return (await session.execute(statement)).one_or_none() is not None


async def signed_in_since(session: ReadSession, session_id: UUID, time: datetime) -> bool:
    statement = select(Session.id).where(Session.id == session_id, Session.create_time >= time)
    return (await session.execute(statement)).one_or_none() is not None


async def delete_codes(session: WriteSession, purpose: str, subject_id: UUID) -> None:
    where = (MailedCode.purpose == purpose, MailedCode.subject_id == subject_id)
    await session.execute(delete(MailedCode).where(*where))


async def delete_what_is_over(session: WriteSession, now: datetime) -> None:
    """Registrations, codes, grants, attempts, sessions and nobody's addresses that nothing asks for any more."""
    await session.execute(delete(Registration).where(Registration.expire_time < now))
    await session.execute(delete(MailedCode).where(MailedCode.expire_time < now))
    await session.execute(delete(SignInAttempts).where(SignInAttempts.last_time < now - SignInAttempts.LOCK))
    await session.execute(delete(SentMail).where(SentMail.time < now - SentMail.FORGOTTEN_AFTER))
    await session.execute(delete(ToldNotice).where(ToldNotice.time < now - ToldNotice.FORGOTTEN_AFTER))
    await session.execute(delete(UsedGrant).where(UsedGrant.expire_time < now))
    await session.execute(delete(Session).where(Session.expire_time < now))
    await session.execute(delete(DataExport).where(DataExport.create_time < now - Erasure.KEPT))
    await session.execute(delete(Erasure).where(Erasure.end_time < now - Erasure.KEPT))
    await session.execute(text("select activity.forget_old()"))


async def find_password_hash(session: ReadSession, account_id: UUID) -> str | None:
    return (await session.execute(select(Password.hash).where(Password.account_id == account_id))).scalar_one_or_none()


async def get_account_view(session: ReadSession, account_id: UUID) -> tuple[BaseUser, list[str], list[str], bool]:
    """An account, its platforms, its roles and whether it has a second factor, in one query: every page of the product asks for it."""
    platforms = select(AccountPlatform.platform).where(AccountPlatform.account_id == BaseUser.id)
    statement = select(
        BaseUser,
        func.array(platforms.order_by(AccountPlatform.platform).scalar_subquery()),
        func.array(_roles(BaseUser.id).scalar_subquery()),
        exists().where(SecondFactor.account_id == BaseUser.id, SecondFactor.confirm_time.is_not(None)),
    ).where(BaseUser.id == account_id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("account", str(account_id))
    return row[0], row[1], row[2], row[3]


async def list_roles(session: ReadSession, account_id: UUID) -> Sequence[str]:
    return (await session.execute(_roles(account_id))).scalars().all()


def _roles(account_id: Any) -> Select[str]:
    return select(AccountRole.role).where(AccountRole.account_id == account_id).order_by(AccountRole.role)


async def list_live_sessions(session: ReadSession, account_id: UUID, now: datetime, skip: int = 0) -> Sequence[Session]:
    """All of them, last used first. An account has few, so there are no pages."""
    live = (Session.account_id == account_id, Session.revoke_time.is_(None), Session.expire_time > now)
    statement = select(Session).where(*live).order_by(Session.last_use_time.desc(), Session.id.desc()).offset(skip)
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


async def lock_keys(session: WriteSession) -> None:
    """One replica at a time makes keys."""
    await session.execute(text("select pg_advisory_xact_lock(hashtext('skillsync.user.signing_keys'))"))


async def list_current_keys(session: ReadSession, now: datetime) -> Sequence[SigningKeyRow]:
    """Keys that verifiers must know, newest signer first."""
    current = or_(SigningKeyRow.retire_time.is_(None), SigningKeyRow.retire_time > now)
    statement = select(SigningKeyRow).where(current).order_by(SigningKeyRow.sign_from.desc())
    return (await session.execute(statement)).scalars().all()
