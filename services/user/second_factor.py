"""The second factor: time-based one-time passwords (RFC 6238), and recovery codes for who lost the device."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

import pyotp

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import Unauthenticated, WrongState
from services.kit.seal import decrypt, encrypt
from services.user import mails, queries
from services.user.tables import BaseUser, RecoveryCode, SecondFactor

PURPOSE = "second factors"
STEP_SECONDS = 30
# A clock may be so many steps off.
DRIFT_STEPS = 1
RECOVERY_CODES = 10
ISSUER = "SkillSync"
_WHY = "send the six digits that your authenticator shows now, or a recovery code that you have not used"


class WrongCode(Unauthenticated):
    """A code was sent, and it is not the right one."""


async def check_can_begin(session: ReadSession, account: BaseUser) -> None:
    """Raises WrongState when there is one that counts, or no password that it would stand beside."""
    if not account.has_password:
        raise WrongState("account", f"signed in through {account.auth_provider}", "one with a password")
    row = await queries.find_second_factor(session, account.id)
    if row and row.confirm_time:
        raise WrongState("second factor", "ON", "OFF")


async def begin(session: WriteSession, caller: Caller, seal_key: str) -> str:
    """An `otpauth://` URI with a new secret, which counts once confirmed. Raises WrongState."""
    account = await queries.get_account(session, caller.account(), for_update=True)
    await check_can_begin(session, account)
    secret = pyotp.random_base32()
    await session.merge(SecondFactor(account_id=account.id, sealed=encrypt(seal_key, PURPOSE, secret.encode())))
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


async def confirm(session: WriteSession, caller: Caller, code: str, seal_key: str, now: datetime) -> list[str]:
    """Turns it on; returns the recovery codes. Raises WrongState when none was begun, Unauthenticated for a wrong code."""
    row = await queries.find_second_factor(session, caller.account(), for_update=True)
    if row is None or row.confirm_time:
        raise WrongState("second factor", "ON" if row else "OFF", "begun")
    _take_step(row, code, seal_key, now)
    row.confirm_time = now
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(hash=_hash(row.account_id, code), account_id=row.account_id) for code in codes)
    await mails.send_later(session, mails.FACTOR_ON_JOB, row.account_id)
    return codes


async def check(session: WriteSession, account_id: UUID, code: str, seal_key: str, now: datetime) -> bool:
    """Whether the account has one. Raises Unauthenticated (SECOND_FACTOR_REQUIRED) unless the code is right and was not used before."""
    row = await queries.find_second_factor(session, account_id, for_update=True)
    if row is None or row.confirm_time is None:
        return False
    if not code:
        raise Unauthenticated(_WHY, reason="SECOND_FACTOR_REQUIRED")
    if code.isdecimal():
        _take_step(row, code, seal_key, now)
    elif not await queries.use_recovery_code(session, _hash(account_id, code), now):
        raise _refusal()
    return True


async def remove(session: WriteSession, account_id: UUID) -> None:
    """Turns it off. Raises WrongState when it is off."""
    row = await queries.find_second_factor(session, account_id)
    if row is None or row.confirm_time is None:
        raise WrongState("second factor", "OFF", "ON")
    await queries.delete_second_factor(session, account_id)
    await mails.send_later(session, mails.FACTOR_OFF_JOB, account_id)


def _take_step(row: SecondFactor, code: str, seal_key: str, now: datetime) -> None:
    """Each step's code is good once: who looks over a shoulder cannot use it again."""
    totp = pyotp.TOTP(decrypt(seal_key, PURPOSE, row.sealed).decode(), interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if step > row.last_step and secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            row.last_step = step
            return
    raise _refusal()


def _refusal() -> WrongCode:
    return WrongCode(_WHY, reason="SECOND_FACTOR_REQUIRED")


def _new_recovery_code() -> str:
    """80 random bits: `ABCD-EFGH-IJKL-MNOP`."""
    text = pyotp.random_base32(32)[:16]
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def _hash(account_id: UUID, code: str) -> bytes:
    """A fast hash is enough: the code is random, not chosen."""
    return hashlib.sha256(account_id.bytes + code.replace("-", "").upper().encode()).digest()
