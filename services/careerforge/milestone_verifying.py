"""The proof of a milestone: a signed badge is checked at once, everything else waits for a reviewer.

What others are asked for is asked for outside of transactions; afterwards the milestone must be the one that was looked at.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.careerforge import badges, document_queries, milestone_queries, milestones, profiles
from services.careerforge.badges import Badge, BadgeRefused
from services.careerforge.tables import Milestone, StoredDocument
from services.kit.accounts import Accounts
from services.kit.auth import Caller
from services.kit.blobs import Blobs
from services.kit.db import Database, ReadSession, WriteSession
from services.kit.egress import Egress, FetchFailed, RefusedUrl
from services.kit.errors import WrongState

# Where the link of a proof leads may be a page; a badge is small.
MOST_BYTES = 1 << 20
SECONDS = 4.0


@dataclass(frozen=True)
class Verifier:
    """`issuers` are those whose badges are believed: origins, `did:key:…`, or `*` for everybody's."""

    db: Database
    blobs: Blobs
    accounts: Accounts
    egress: Egress
    issuers: tuple[str, ...] = ()

    async def verify(self, caller: Caller, milestone_id: UUID, request_id: UUID | None, now: datetime) -> Milestone:
        """Raises WrongState, BadgeRefused. The same `request_id` as the last change: that was it."""
        async with self.db.read() as session:
            row = await milestone_queries.get_own_milestone(session, caller.account(), milestone_id)
            if request_id and row.last_request_id == request_id:
                return row
            document = await _proof(session, row)
        badge = await self._badge(row, document, now)
        async with self.db.write() as session:
            return await _decide(session, caller, row, badge, request_id, now)

    async def _badge(self, row: Milestone, document: StoredDocument | None, now: datetime) -> Badge | None:
        """The badge that proves it; None where there is none, or none that is believed unseen. Raises BadgeRefused."""
        content = await self.blobs.get(document.blob_key) if document else await self._linked(row.proof_url)
        token = await asyncio.to_thread(badges.find, content)
        if token is None:
            return None
        address = await self.accounts.address()
        if not (address.email and address.verified):
            raise BadgeRefused("RECIPIENT", "the address of the account is not verified yet")
        badge = await badges.check(token, address.email, badges.Source(self.egress), now)
        if not self.believes(badge.issuer_id):
            return None
        if _worded(badge.name) != _worded(row.title):
            raise BadgeRefused("TITLE", f"it is called “{badge.name}”; call the milestone so")
        return badge

    async def _linked(self, url: str) -> bytes:
        """Nothing where it cannot be had: a reviewer may know how."""
        try:
            answer = await self.egress.fetch(url, most_bytes=MOST_BYTES, seconds=SECONDS)
        except (FetchFailed, RefusedUrl):
            return b""
        return answer.content if answer.status == 200 else b""

    def believes(self, issuer_id: str) -> bool:
        """Without a reviewer."""
        return any(
            one in ("*", issuer_id) or (not one.startswith("did:") and issuer_id.startswith(one.rstrip("/") + "/"))
            for one in self.issuers
        )


async def _proof(session: ReadSession, row: Milestone) -> StoredDocument | None:
    """The file, if there is one. Raises WrongState for what cannot be sent."""
    if row.verification != "NONE":
        raise WrongState("milestone", row.verification, "one that nobody was asked about")
    if not row.has_proof:
        raise WrongState("milestone", "NO_PROOF", "one with a link or a document that proves it")
    if row.proof_document_id is None:
        return None
    document = await document_queries.get_own_document(session, row.user_id, row.proof_document_id)
    document.require_clean()
    return document


async def _decide(
    session: WriteSession,
    caller: Caller,
    seen: Milestone,
    badge: Badge | None,
    request_id: UUID | None,
    now: datetime,
) -> Milestone:
    profile = await profiles.ensure_profile(session, caller)
    row = await milestone_queries.get_own_milestone(session, profile.id, seen.id)
    if request_id and row.last_request_id == request_id:
        return row
    # A document that was deleted meanwhile changes no version.
    if (row.version, row.proof_document_id) != (seen.version, seen.proof_document_id):
        raise WrongState("milestone", "CHANGED", "the one whose proof was looked at; send it again")
    if badge is None:
        row.become("IN_REVIEW")
        row.send_time = now
    else:
        await _accept(session, row, badge, now)
    row.last_request_id = request_id
    return await milestones.kept(session, profile, row)


async def _accept(session: WriteSession, row: Milestone, badge: Badge, now: datetime) -> None:
    key = hashlib.sha256(f"{badge.issuer_id}\n{badge.badge_id}".encode()).hexdigest()
    if await milestone_queries.is_badge_used(session, row.user_id, key):
        raise BadgeRefused("USED", "it proves another milestone already")
    row.become("ACCEPTED", now=now)
    row.badge_key = key
    row.badge = {
        "name": badge.name,
        "issuer_name": badge.issuer_name,
        "issuer_id": badge.issuer_id,
        "badge_id": badge.badge_id,
        "issue_time": badge.issue_time.isoformat() if badge.issue_time else None,
        "expire_time": badge.expire_time.isoformat() if badge.expire_time else None,
    }


def _worded(text: str) -> str:
    return " ".join(text.split()).casefold()
