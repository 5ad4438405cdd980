"""The seed's `talent_pipeline_size` and `success_metrics`: what the steps of applications say, written beside each recruiter."""

from sqlalchemy import text

from services.kit.db import EVERYONE, Database

EVERY_SECONDS = 600.0

# Of the organization that a recruiter joined first. Rows that stay as they are are not written.
_PROJECT = """
with sums as (
  select p.organization_id, count(*) filter (where a.stage not in ('HIRED', 'REJECTED', 'WITHDRAWN')) as size,
    count(*) filter (where a.stage = 'HIRED') as hired,
    count(*) filter (where a.stage in ('HIRED', 'REJECTED', 'WITHDRAWN')) as ended
  from talenthub.applications a join talenthub.positions p on p.id = a.position_id
  where a.merged_into_id is null group by p.organization_id),
answers as (
  select p.organization_id, count(*) filter (where o.state = 'ACCEPTED') as accepted, count(*) as answered
  from talenthub.offers o join talenthub.applications a on a.id = o.application_id join talenthub.positions p on p.id = a.position_id
  where o.state in ('ACCEPTED', 'DECLINED') and a.merged_into_id is null group by p.organization_id),
told as (
  select u.id, coalesce(s.size, 0) as size, jsonb_build_object(
    'hired_count', coalesce(s.hired, 0), 'ended_count', coalesce(s.ended, 0),
    'offers_accepted', coalesce(r.accepted, 0), 'offers_answered', coalesce(r.answered, 0)) as metrics
  from talenthub.user_talenthub u
  left join sums s on s.organization_id = u.organization_id left join answers r on r.organization_id = u.organization_id)
update talenthub.user_talenthub u set talent_pipeline_size = told.size, success_metrics = told.metrics, update_time = now()
from told where told.id = u.id and (u.talent_pipeline_size, u.success_metrics) is distinct from (told.size, told.metrics)
"""


async def project(db: Database) -> None:
    async with db.write(EVERYONE) as session:
        await session.execute(text(_PROJECT))
