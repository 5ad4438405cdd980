"""The SQL of the pipeline's figures: one statement for each method, which sends sums and never a person's row.

Medians are the product-limit estimate (Kaplan and Meier 1958), computed where the data is: at each length of a stay, of those who stayed
at least so long, the share that left then; survival is the product of what is left; the median is the first length where it is at most a
half. So a million applications cost one scan and send a few hundred bytes. lifelines, which the tests compare this with, would need every
row, takes seconds to import, and by rounding misses a survival of exactly a half: `HALF` has the room that sums of logarithms need.
"""

from services.talenthub.pipeline.facts import ACTIVE, FORWARD, QUARTER_DAYS, TO_INTERVIEW

HALF = 0.5 + 1e-12


def _texts(values: tuple[str, ...]) -> str:
    return "array[" + ", ".join(f"'{value}'" for value in values) + "]::text[]"


_CHOSEN = """
  chosen as materialized (
    select a.id, a.stage, a.channel, a.create_time
    from talenthub.applications a join talenthub.positions p on p.id = a.position_id
    where p.organization_id = any(cast(:organizations as uuid[]))
      and (cast(:position as uuid) is null or p.id = cast(:position as uuid))
      and (cast(:team as text) = '' or p.team = cast(:team as text))
      and (cast(:start as timestamptz) is null or a.create_time >= cast(:start as timestamptz))
      and (cast(:end as timestamptz) is null or a.create_time < cast(:end as timestamptz))
      and a.merged_into_id is null)"""

_OFFERS = """(
    select jsonb_build_array(count(*) filter (where o.state = 'ACCEPTED'), count(*))
    from talenthub.offers o join chosen c on c.id = o.application_id where o.state in ('ACCEPTED', 'DECLINED'))"""

PIPELINE = f"""
with {_CHOSEN},
  steps as materialized (
    select m.application_id, m.to_stage as stage, array_position({_texts(FORWARD)}, m.to_stage::text) as place, m.create_time as entered,
      lead(m.create_time) over later as left_at, lead(m.to_stage) over later as next_stage,
      max(array_position({_texts(FORWARD)}, m.to_stage::text)) over (
        later rows between 1 following and unbounded following) as furthest
    from talenthub.stage_moves m join chosen c on c.id = m.application_id
    window later as (partition by m.application_id order by m.create_time, m.id)),
  visited as (
    select application_id, stage, bool_or(coalesce(furthest > place, false)) as went_on from steps group by application_id, stage),
  firsts as (
    select min(entered) as came, min(entered) filter (where stage = 'INTERVIEW') as met,
      min(entered) filter (where stage not in ('APPLIED', 'SCREENING', 'INTERVIEW')) as passed
    from steps group by application_id),
  lengths as (
    select stage::text as stage, date_part('epoch', coalesce(left_at, :now) - entered) / 86400 as days, left_at is not null as over
    from steps where stage = any({_texts(ACTIVE)})
    union all
    select '{TO_INTERVIEW}', date_part('epoch', least(met, passed, cast(:now as timestamptz)) - came) / 86400,
      met is not null and (passed is null or met <= passed)
    from firsts),
  counted as (select stage, days, count(*) filter (where over) as over, count(*) as all_of_it from lengths group by stage, days),
  exposed as (
    select stage, days, over, all_of_it, sum(all_of_it) over (partition by stage order by days desc) as staying from counted),
  survival as (
    select stage, days, all_of_it, exp(sum(
      case when over = staying then '-infinity'::float8 else ln(1 - over::float8 / staying::float8) end
    ) over (partition by stage order by days)) as share from exposed)
select
  (select jsonb_object_agg(stage, people) from (select stage, count(*) as people from chosen group by stage) s) as current,
  (select jsonb_object_agg(stage, jsonb_build_array(entered, went_on)) from (
    select stage, count(*) as entered, count(*) filter (where went_on) as went_on from visited group by stage) s) as stages,
  (select jsonb_agg(jsonb_build_array(stage, coalesce(next_stage, ''), stays, days)) from (
    select stage, next_stage, count(*) as stays, sum(date_part('epoch', coalesce(left_at, :now) - entered)) / 86400 as days
    from steps where stage = any({_texts(ACTIVE)}) group by stage, next_stage) s) as stays,
  (select jsonb_object_agg(stage, jsonb_build_array(people, median, longest)) from (
    select stage, sum(all_of_it) as people, min(days) filter (where share <= {HALF!r}) as median, max(days) as longest
    from survival group by stage) s) as waits,
  (select jsonb_object_agg(channel, jsonb_build_array(applied, hired)) from (
    select channel, count(*) as applied, count(*) filter (where stage = 'HIRED') as hired from chosen group by channel) s) as channels,
  (select count(*) from chosen
    where create_time > cast(:now as timestamptz) - interval '{QUARTER_DAYS} days' and create_time <= :now) as arrivals,
  {_OFFERS} as offers,
  (select count(*) from talenthub.positions p where p.organization_id = any(cast(:organizations as uuid[])) and p.state = 'OPEN'
      and (cast(:position as uuid) is null or p.id = cast(:position as uuid))
      and (cast(:team as text) = '' or p.team = cast(:team as text))) as open_positions,
  (select coalesce(sum(hiring_capacity), 0) from talenthub.organizations where id = any(cast(:organizations as uuid[]))) as capacity
"""  # noqa: S608 - constants of this module

HIRES = f"""
with {_CHOSEN},
  hires as (
    select c.channel, date_part('epoch', max(m.create_time) - max(p.publish_time)) / 86400 as days
    from chosen c join talenthub.applications a on a.id = c.id join talenthub.positions p on p.id = a.position_id
    left join talenthub.stage_moves m on m.application_id = c.id and m.to_stage = 'HIRED'
    where c.stage = 'HIRED' group by c.id, c.channel)
select (select count(*) from hires) as hired,
  (select percentile_cont(0.5) within group (order by days) from hires) as median,
  (select jsonb_object_agg(channel, people) from (select channel, count(*) as people from hires group by channel) s) as channels,
  {_OFFERS} as offers
"""  # noqa: S608
