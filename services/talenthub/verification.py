"""An organization shows that it owns its domain: by a DNS record, or with a code that its postmaster was mailed."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.kit import jobs
from services.kit.auth import Caller
from services.kit.db import WriteSession
from services.kit.errors import Unauthenticated, WrongState
from services.talenthub import access, domains, queries, tables
from services.talenthub.jobs import DOMAIN_CODE_JOB
from services.talenthub.tables import DomainCode, Organization

LIFETIME = timedelta(hours=24)
# A postmaster has done nothing to us: one mail in so long.
PAUSE = timedelta(minutes=10)
MOST_ATTEMPTS = 10
# What no code hashes to: one was asked for, and is not made yet.
NO_CODE = b""


@dataclass(frozen=True, slots=True)
class Ways:
    """What to put where; `mailed_to` is empty unless a mail was asked for."""

    dns_name: str
    dns_value: str
    mailed_to: str
    expire_time: datetime | None


async def start(
    session: WriteSession, caller: Caller, organization_id: UUID, mail: bool, seal_key: str, now: datetime
) -> Ways:
    """Asked again within ten minutes, no second mail goes out."""
    row = await _with_domain(session, caller, organization_id)
    name, value = domains.record(seal_key, row.id, row.domain)
    if not mail:
        return Ways(name, value, "", None)
    code = await session.get(DomainCode, organization_id)
    if code is None or code.domain != row.domain or code.update_time <= now - PAUSE:
        # The pause begins with the asking: the worker, which makes the code, may come late.
        code = await _keep(session, row, NO_CODE, now)
        await jobs.enqueue(session, tables.jobs, DOMAIN_CODE_JOB, {"organization_id": str(organization_id)})
    return Ways(name, value, postmaster(row.domain), code.expire_time)


async def verify_by_record(
    session: WriteSession, caller: Caller, organization_id: UUID, seal_key: str, found: set[str]
) -> Organization:
    """`found`: what the domain's record says. Raises WrongState when that is not it."""
    row = await _with_domain(session, caller, organization_id)
    name, value = domains.record(seal_key, row.id, row.domain)
    if value not in found:
        raise WrongState("domain", "not verified", f"a TXT record {name} that says {value}")
    return await _verified(session, row)


async def verify_by_code(
    session: WriteSession, caller: Caller, organization_id: UUID, code: str, now: datetime
) -> Organization | None:
    """None when the code is wrong, used, over, or there were too many; the attempt is counted all the same."""
    row = await _with_domain(session, caller, organization_id)
    known = await session.get(DomainCode, organization_id, with_for_update=True)
    if known is None or known.domain != row.domain or known.expire_time <= now or known.attempts >= MOST_ATTEMPTS:
        return None
    known.attempts += 1
    if not secrets.compare_digest(known.hash, _hash(code)):
        return None
    await session.delete(known)
    return await _verified(session, row)


def refusal() -> Unauthenticated:
    return Unauthenticated("the code is wrong, used or over; ask for a new mail", reason="CREDENTIALS_INVALID")


async def new_code(session: WriteSession, organization_id: UUID, now: datetime) -> tuple[str, str] | None:
    """A code in place of the one before, and where to mail it; None for an organization that has gone, or has no domain any more."""
    row = await queries.find_organization(session, organization_id)
    if row is None or not row.domain or row.state != "ACTIVE":
        return None
    code = secrets.token_urlsafe(24)
    await _keep(session, row, _hash(code), now)
    return code, postmaster(row.domain)


def postmaster(domain: str) -> str:
    """Every domain that takes mail must have this address (RFC 5321)."""
    return f"postmaster@{domain}"


async def _with_domain(session: WriteSession, caller: Caller, organization_id: UUID) -> Organization:
    row = await access.administered(session, caller, organization_id)
    row.require_active()
    if not row.domain:
        raise WrongState("organization", "without a domain", "a domain first: UpdateOrganization")
    return row


async def _keep(session: WriteSession, row: Organization, hash: bytes, now: datetime) -> DomainCode:
    """In place of the one before."""
    kept = DomainCode(organization_id=row.id, domain=row.domain, hash=hash, attempts=0, expire_time=now + LIFETIME)
    kept.update_time = now
    return await session.merge(kept)


async def _verified(session: WriteSession, row: Organization) -> Organization:
    row.verified = True
    await session.flush()
    await session.refresh(row)
    return row


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
