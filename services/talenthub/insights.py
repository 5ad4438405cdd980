"""What open positions ask for and pay, over all organizations. No figure is of a few."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from services.ai.matching import RequirementKind, find_requirements
from services.ai.skills import SkillLinker
from services.kit import jobs
from services.kit.db import ReadSession, WriteSession
from services.kit.jobs import Job, Queue
from services.kit.pages import Offsets
from services.talenthub import tables
from services.talenthub.tables import Position, PositionSkill

SKILLS_OF_POSITIONS = "skills_of_positions"
# A figure is told only over as many positions, of as many organizations.
LEAST_POSITIONS = 10
LEAST_ORGANIZATIONS = 3
MOST_LABEL = 300


@dataclass(frozen=True, slots=True)
class TypicalPay:
    """The quartiles of what is offered, in minor units. `period` is a name of PayPeriod."""

    low: int
    high: int
    currency: str
    period: str


@dataclass(frozen=True, slots=True)
class Insight:
    """`demand_change`: 0.1 is ten per cent more than in the quarter before; 0 also where one of the two is a figure of a few."""

    skill_id: str
    label: str
    positions: int
    demand_change: float
    pay: TypicalPay | None


# Demand then and now is what was published in each of the two last quarters of 365.25 / 4 days: when a position closed is not known. Of a
# range of pay its middle counts, one end alone as it is. Only pay of the currency and period that most of a skill's positions have is told.
_ENOUGH = f"count(*) >= {LEAST_POSITIONS} and count(distinct organization_id) >= {LEAST_ORGANIZATIONS}"
_QUARTER = "interval '91 days 7 hours 30 minutes'"
_INSIGHTS = f"""
with asked as (
  select s.skill_id, s.label, p.id, p.organization_id, p.state, p.publish_time, p.pay
  from talenthub.position_skills s join talenthub.positions p on p.id = s.position_id
  where p.publish_time is not null and (cast(:country as text) = '' or p.country_code = cast(:country as text))),
demand as (
  select skill_id, min(label) as label, count(*) as positions from asked where state = 'OPEN' group by skill_id having {_ENOUGH}),
shown as (
  select skill_id, label, positions from demand order by positions desc, skill_id offset :skip limit :limit),
quarters as (
  select skill_id, case when publish_time > now() - {_QUARTER} then 1 else 2 end as quarter, count(*) as positions
  from asked where publish_time > now() - 2 * {_QUARTER} and skill_id in (select skill_id from shown) group by 1, 2 having {_ENOUGH}),
paid as (
  select skill_id, organization_id, coalesce(pay->'minimum'->>'currencyCode', pay->'maximum'->>'currencyCode') as currency,
    coalesce(pay->>'period', 'PAY_PERIOD_UNSPECIFIED') as period,
    (coalesce(least_pay, most_pay) + coalesce(most_pay, least_pay)) / 2 as amount
  from asked, lateral (select
    case when pay ? 'minimum' then coalesce((pay->'minimum'->>'minorUnits')::numeric, 0) end as least_pay,
    case when pay ? 'maximum' then coalesce((pay->'maximum'->>'minorUnits')::numeric, 0) end as most_pay) ends
  where state = 'OPEN' and (pay ? 'minimum' or pay ? 'maximum') and skill_id in (select skill_id from shown)),
pays as (
  select distinct on (skill_id) skill_id, currency, period, quartiles[1] as low, quartiles[2] as high
  from (
    select skill_id, currency, period, count(*) as positions,
      percentile_cont(array[0.25, 0.75]) within group (order by amount::float8) as quartiles
    from paid group by skill_id, currency, period having {_ENOUGH}) groups
  order by skill_id, positions desc, currency, period)
select shown.skill_id, shown.label, shown.positions, present.positions as present, before.positions as before,
  pays.currency, pays.period, pays.low, pays.high
from shown
left join quarters present on present.skill_id = shown.skill_id and present.quarter = 1
left join quarters before on before.skill_id = shown.skill_id and before.quarter = 2
left join pays on pays.skill_id = shown.skill_id
order by shown.positions desc, shown.skill_id
"""  # noqa: S608 - constants of this module


async def list_insights(session: ReadSession, country_code: str, page: Offsets) -> Sequence[Insight]:
    """Most wanted first. The session sees everything: figures are of all organizations together."""
    values = {"country": country_code, "skip": page.skip, "limit": page.limit}
    return [_insight(row) for row in (await session.execute(text(_INSIGHTS), values)).all()]


async def read_later(session: WriteSession, position_id: UUID) -> None:
    """What a position asks for is read by a worker: call it when one is published or its text changes."""
    await jobs.enqueue(session, tables.jobs, SKILLS_OF_POSITIONS, {"position_id": str(position_id)})


@dataclass(frozen=True)
class SkillReader:
    """Does the job. The linker loads when first used: only in workers."""

    linker: Callable[[], SkillLinker]

    async def read(self, queue: Queue, job: Job) -> None:
        position_id = UUID(job.payload["position_id"])
        async with queue.db.read() as session:
            position = await session.get(Position, position_id)
        if position is None:
            return await queue.end(job)
        found = await asyncio.to_thread(self._skills, position.title, position.description)
        async with queue.finish(job) as session:
            await _store(session, position_id, found)
        return None

    def _skills(self, title: str, description: str) -> dict[str, str]:
        """Labels by id."""
        asked = find_requirements(description, self.linker(), title)
        kinds = (RequirementKind.SKILL, RequirementKind.YEARS)
        return {one.skill_id: one.label for one in reversed(asked) if one.skill_id and one.kind in kinds}


async def _store(session: WriteSession, position_id: UUID, labels: dict[str, str]) -> None:
    """Nothing of a position that was deleted meanwhile."""
    await session.execute(delete(PositionSkill).where(PositionSkill.position_id == position_id))
    still = select(Position.id).where(Position.id == position_id).with_for_update(read=True)
    if labels and (await session.execute(still)).one_or_none():
        rows = [{"position_id": position_id, "skill_id": id, "label": name[:MOST_LABEL]} for id, name in labels.items()]
        await session.execute(insert(PositionSkill).values(rows))


def _insight(row: Any) -> Insight:
    pay = TypicalPay(round(row.low), round(row.high), row.currency, row.period) if row.currency else None
    change = row.present / row.before - 1 if row.present and row.before else 0.0
    return Insight(row.skill_id, row.label, row.positions, change, pay)
