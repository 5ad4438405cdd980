"""Secrets of mailed links: made by the worker that mails them, kept as hashes, good once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from services.kit.db import WriteSession
from services.kit.errors import Unauthenticated
from services.user import queries
from services.user.tables import MailedCode

COMPLETE_REGISTRATION, VERIFY_EMAIL = "complete-registration", "verify-email"
RESET_PASSWORD, UNLOCK = "reset-password", "unlock"

LIFETIMES = {
    COMPLETE_REGISTRATION: timedelta(hours=24),
    VERIFY_EMAIL: timedelta(hours=24),
    RESET_PASSWORD: timedelta(hours=1),
    UNLOCK: timedelta(hours=24),
}


async def new_code(session: WriteSession, purpose: str, subject_id: UUID, now: datetime) -> str:
    """256 random bits for one purpose, in place of those before."""
    await queries.delete_codes(session, purpose, subject_id)
    code, expire_time = secrets.token_urlsafe(32), now + LIFETIMES[purpose]
    session.add(MailedCode(hash=_hash(code), purpose=purpose, subject_id=subject_id, expire_time=expire_time))
    return code


async def use(session: WriteSession, purpose: str, code: str, now: datetime) -> UUID:
    """What the code is about. Raises Unauthenticated when it is wrong, used or over."""
    row = await queries.find_mailed_code(session, _hash(code), purpose)
    if row is None or row.use_time is not None or row.expire_time <= now:
        raise refusal()
    row.use_time = now
    return row.subject_id


def refusal() -> Unauthenticated:
    return Unauthenticated("the code is wrong, used or over; ask for a new mail", reason="CREDENTIALS_INVALID")


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
