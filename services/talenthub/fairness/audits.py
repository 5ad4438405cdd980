"""Bias audits of an organization: who may make one, over whom, and what is kept."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import defer

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import EVERYONE, Database, ReadSession
from services.kit.pages import Page
from services.talenthub import access, queries
from services.talenthub.fairness.audit import LEAST_PEOPLE, Applicant, Audit, Group, bias_audit
from services.talenthub.fairness.report import About, page
from services.talenthub.tables import BiasAudit

PERIOD = timedelta(days=365)
# Positions whose scores are asked for at once.
AT_ONCE = 4

Scores = Callable[[UUID], Awaitable[Mapping[UUID, float]]]
"""The scores of a position's candidates, by account."""


@dataclass(frozen=True, slots=True)
class Asked:
    organization_id: UUID
    start: datetime
    now: datetime
    request_id: UUID | None


# Merged applications are counted once.
_APPLICANTS = text("""
select a.position_id, a.candidate_id, coalesce(i.sex, '') as sex, coalesce(i.race, '') as race,
  a.stage in ('SCREENING', 'INTERVIEW', 'OFFER', 'HIRED') or exists (
    select from talenthub.stage_moves m
    where m.application_id = a.id and m.to_stage in ('SCREENING', 'INTERVIEW', 'OFFER', 'HIRED')) as selected
from talenthub.applications a join talenthub.positions p on p.id = a.position_id
left join talenthub.self_identifications i on i.account_id = a.candidate_id
where p.organization_id = :organization and a.create_time >= :start and a.merged_into_id is null""")


# Applications that one audit counts and another does not, or counts otherwise. An application that came, was moved forward or merged since
# an audit differs in it. Where two merged ones were taken apart since, nobody knows any more; fewer differences are on the safe side.
_NEAREST = text("""
select b.id from talenthub.bias_audits b where b.organization_id = :organization and (
  select count(*) from (
    select from talenthub.applications a join talenthub.positions p on p.id = a.position_id,
      lateral (select a.create_time >= :start and a.merged_into_id is null as counted,
        a.create_time >= b.start_time and a.create_time <= b.create_time
          and coalesce(a.merged_into_id is null or a.merge_time > b.create_time, true) as was_counted) c
    where p.organization_id = b.organization_id and (c.counted <> c.was_counted or c.counted and (
      select bool_and(m.create_time > b.create_time) from talenthub.stage_moves m
      where m.application_id = a.id and m.to_stage in ('SCREENING', 'INTERVIEW', 'OFFER', 'HIRED')))
    limit :least) differing) < :least
order by b.id desc limit 1""")


async def run_bias_audit(db: Database, caller: Caller, asked: Asked, scores: Scores) -> BiasAudit:
    """The same `request_id` again: the audit it made before. Raises NotFound, PermissionDenied for who does not administer.

    Who compares two audits learns what those told of themselves who differ between them. So there are none that differ by a few people
    alone: where fewer than `LEAST_PEOPLE` applications do, the audit made before is the answer.
    """
    async with db.read() as session:
        await _require_admin(session, caller, asked.organization_id)
        organization = await queries.get_organization(session, asked.organization_id)
        if known := await _find_by_request(session, asked):
            return known
    # What people told of themselves is nobody's to read; what leaves here are figures of groups.
    async with db.read(EVERYONE) as session:
        rows = (await session.execute(_APPLICANTS, {"organization": asked.organization_id, "start": asked.start})).all()
    found = await _scores({row.position_id for row in rows}, scores)
    people = [
        Applicant(row.sex, row.race, row.selected, found.get((row.position_id, row.candidate_id))) for row in rows
    ]
    about = About(organization.display_name, asked.start, asked.now)
    audit, html = await asyncio.to_thread(_made, people, about)
    return await _keep(db, asked, audit, html)


async def list_bias_audits(
    session: ReadSession, caller: Caller, organization_id: UUID, page: Page
) -> Sequence[BiasAudit]:
    """Newest first, without their pages."""
    await _require_admin(session, caller, organization_id)
    statement = select(BiasAudit).where(BiasAudit.organization_id == organization_id).options(defer(BiasAudit.html))
    return (await session.execute(page.newest(statement, BiasAudit.id))).scalars().all()


async def _require_admin(session: ReadSession, caller: Caller, organization_id: UUID) -> None:
    member = await access.get_membership(session, caller, organization_id)
    membership.require(member.role, membership.ADMINISTER_ORGANIZATION)


async def _find_by_request(session: ReadSession, asked: Asked) -> BiasAudit | None:
    if asked.request_id is None:
        return None
    where = (BiasAudit.organization_id == asked.organization_id, BiasAudit.request_id == asked.request_id)
    return (await session.execute(select(BiasAudit).where(*where))).scalar_one_or_none()


async def _find_nearest(session: ReadSession, asked: Asked) -> BiasAudit | None:
    """The newest of those that fewer than `LEAST_PEOPLE` applications would differ from."""
    values = {"organization": asked.organization_id, "start": asked.start, "least": LEAST_PEOPLE}
    found = (await session.execute(_NEAREST, values)).scalar_one_or_none()
    return await session.get(BiasAudit, found) if found else None


async def _scores(position_ids: set[UUID], scores: Scores) -> dict[tuple[UUID, UUID], float]:
    places = asyncio.Semaphore(AT_ONCE)

    async def of(position_id: UUID) -> dict[tuple[UUID, UUID], float]:
        async with places:
            return {(position_id, candidate_id): one for candidate_id, one in (await scores(position_id)).items()}

    found: dict[tuple[UUID, UUID], float] = {}
    for one in await asyncio.gather(*map(of, sorted(position_ids))):
        found |= one
    return found


def _made(people: Sequence[Applicant], about: About) -> tuple[Audit, str]:
    audit = bias_audit(people)
    return audit, page(audit, about)


async def _keep(db: Database, asked: Asked, audit: Audit, html: str) -> BiasAudit:
    async with db.write() as session:
        # Of two at once the second is compared with the first.
        await queries.lock_organization(session, asked.organization_id)
        if known := await _find_by_request(session, asked) or await _find_nearest(session, asked):
            return known
        row = BiasAudit(
            organization_id=asked.organization_id,
            start_time=asked.start,
            groups=[_kept(group) for group in audit.groups],
            unknown_count=audit.unknown,
            html=html,
            request_id=asked.request_id,
        )
        session.add(row)
        await session.flush()
        await session.refresh(row)
        return row


def _kept(group: Group) -> dict[str, Any]:
    """As `GroupImpact` names it."""
    return {
        "group": group.name,
        "count": group.count,
        "selection_rate": group.selection.rate,
        "scoring_rate": group.scoring.rate,
        "impact_ratio": group.selection.ratio or 0.0,
        "impact_ratio_low": group.selection.low,
        "impact_ratio_high": group.selection.high,
        "excluded": group.excluded,
    }
