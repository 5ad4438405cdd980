"""Secrets of mailed links: made by the worker that mails them, kept as hashes, good once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from services.kit.db import WriteSession, lock_request
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
# Between two mails for the same: nobody's inbox is flooded through us.
PAUSE = timedelta(minutes=1)


async def new_code(session: WriteSession, purpose: str, subject_id: UUID, now: datetime) -> str | None:
    """256 random bits for one purpose, in place of those before; None when a mail went out within the last minute."""
    expire_time = now + LIFETIMES[purpose]
    # Of two who ask at once, one mail goes out.
    await lock_request(session, subject_id)
    if await queries.code_was_sent_since(session, purpose, subject_id, expire_time - PAUSE):
        return None
    await queries.delete_codes(session, purpose, subject_id)
    code = secrets.token_urlsafe(32)
    session.add(MailedCode(hash=_hash(code), purpose=purpose, subject_id=subject_id, expire_time=expire_time))
    return code


async def use(session: WriteSession, purpose: str, code: str, now: datetime) -> UUID:
    """What the code is about. Raises Unauthenticated when it is wrong, used or over."""
    row = await queries.find_mailed_code(session, _hash(code), purpose)
    if row is None or row.use_time is not None or row.expire_time <= now:
        raise Unauthenticated("the code is wrong, used or over; ask for a new mail", reason="CREDENTIALS_INVALID")
    row.use_time = now
    return row.subject_id


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
