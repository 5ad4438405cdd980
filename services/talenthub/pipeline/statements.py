"""The SQL of the pipeline's figures: one statement for each method, which sends sums and never a person's row.

Medians are the product-limit estimate (Kaplan and Meier 1958), computed where the data is: at each length of a stay, of those who stayed
at least so long, the share that left then; survival is the product of what is left; the median is the first length where it is at most a
half. So a million applications cost one scan and send a few hundred bytes. lifelines, which the tests compare this with, would need every
row, takes seconds to import, and by rounding misses a survival of exactly a half: `LOG_HALF` has the room that sums of logarithms need.
"""

from math import log

from services.talenthub.pipeline.facts import ACTIVE, FORWARD, QUARTER_DAYS, STAGES, TO_INTERVIEW

LOG_HALF = log(0.5) + 1e-12
_INTERVIEW = STAGES.index("INTERVIEW") + 1


def _texts(values: tuple[str, ...]) -> str:
    return "array[" + ", ".join(f"'{value}'" for value in values) + "]::text[]"


_CHOSEN = """
  places as materialized (
    select p.id, p.state from talenthub.positions p
    where p.organization_id = any(cast(:organizations as uuid[]))
      and (cast(:position as uuid) is null or p.id = cast(:position as uuid))
      and (cast(:team as text) = '' or p.team = cast(:team as text))),
  chosen as materialized (
    select a.id, a.stage, a.channel, a.create_time
    from talenthub.applications a
    where a.position_id = any(array(select id from places))
      and (cast(:start as timestamptz) is null or a.create_time >= cast(:start as timestamptz))
      and (cast(:end as timestamptz) is null or a.create_time < cast(:end as timestamptz))
      and a.merged_into_id is null)"""

_OFFERS = """(
    select jsonb_build_array(count(*) filter (where o.state = 'ACCEPTED'), count(*))
    from talenthub.offers o join chosen c on c.id = o.application_id where o.state in ('ACCEPTED', 'DECLINED'))"""

# A stage's place among all, from 1.
_PLACE = f"array_position({_texts(STAGES)}, m.to_stage::text)"
# Steps are looked at from the last to the first, so that what came later is at hand. Each person is then one row, with the stages they
# entered and those they went on from as bits. A stay that ended counts before one of the same length that lasts: so, one stay after the
# other, 1 - 1/staying multiplies up to the share of all that did not end at that length.
PIPELINE = f"""
with {_CHOSEN},
  sums as materialized (
    select stage, channel, count(*) as people,
      count(*) filter (where create_time > cast(:now as timestamptz) - interval '{QUARTER_DAYS} days' and create_time <= :now) as recent
    from chosen group by stage, channel),
  steps as materialized (
    select m.application_id, {_PLACE} as place, m.create_time as entered, lag(m.create_time) over later as left_at,
      lag({_PLACE}) over later as next_place, max({_PLACE}) filter (where m.to_stage = any({_texts(FORWARD)})) over later as furthest
    from talenthub.stage_moves m join chosen c on c.id = m.application_id
    where m.position_id = any(array(select id from places))
    window later as (
      partition by m.application_id order by m.create_time desc, m.id desc rows between unbounded preceding and 1 preceding)),
  people as materialized (
    select bit_or(1 << place) as entered, bit_or(1 << place) filter (where furthest > place) as went_on, min(entered) as came,
      min(entered) filter (where place = {_INTERVIEW}) as met, min(entered) filter (where place > {_INTERVIEW}) as passed
    from steps group by application_id),
  paths as (select entered, went_on, count(*) as people from people group by entered, went_on),
  stays as materialized (
    select place, next_place, count(*) as stays, sum(date_part('epoch', coalesce(left_at, :now) - entered)) / 86400 as days
    from steps where place <= {len(ACTIVE)} group by place, next_place),
  lengths as (
    select place, date_part('epoch', coalesce(left_at, :now) - entered) / 86400 as days, left_at is null as lasts
    from steps where place <= {len(ACTIVE)}
    union all
    select 0, date_part('epoch', least(met, passed, cast(:now as timestamptz)) - came) / 86400, met is null or coalesce(passed < met, false)
    from people),
  exposed as (
    select place, days, lasts, count(*) over (partition by place)
      - row_number() over (partition by place order by days, lasts rows unbounded preceding) + 1 as staying
    from lengths),
  survival as (
    select place, days, sum(case when lasts then 0 when staying = 1 then '-infinity'::float8 else ln(1 - 1 / staying::float8) end)
      over (partition by place order by days, lasts rows unbounded preceding) as log_share
    from exposed)
select
  (select jsonb_object_agg(stage, people) from (select stage, sum(people) as people from sums group by stage) s) as current,
  (select jsonb_object_agg(stage, jsonb_build_array(entered, went_on)) from (
    select stage, sum(people) as entered, coalesce(sum(people) filter (where went_on & (1 << place::int) > 0), 0) as went_on
    from unnest({_texts(STAGES)}) with ordinality as named (stage, place), paths where entered & (1 << place::int) > 0
    group by stage) s) as stages,
  (select jsonb_agg(jsonb_build_array(({_texts(STAGES)})[place], coalesce(({_texts(STAGES)})[next_place], ''), stays, days))
    from stays) as stays,
  (select jsonb_object_agg(coalesce(({_texts(STAGES)})[place], '{TO_INTERVIEW}'), jsonb_build_array(people, median, longest)) from (
    select place, count(*) as people, min(days) filter (where log_share <= {LOG_HALF!r}) as median, max(days) as longest
    from survival group by place) s) as waits,
  (select jsonb_object_agg(channel, jsonb_build_array(applied, hired)) from (
    select channel, sum(people) as applied, coalesce(sum(people) filter (where stage = 'HIRED'), 0) as hired
    from sums group by channel) s) as channels,
  (select coalesce(sum(recent), 0) from sums) as arrivals,
  {_OFFERS} as offers,
  (select count(*) from places where state = 'OPEN') as open_positions,
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
