"""activity: owners, signatures and services that nobody makes up"""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FIELDS = "uuid, uuid, text, text, text, uuid, text, text"
NEW_FIELDS = """
  new_owner uuid, new_actor uuid, new_service text, new_action text, new_target text, new_session uuid, new_result text, new_address text
"""
ACCOUNT = "'^account/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"

# Lines that are there stay version 1. A row that breaks a rule already is for the verification to find: the migration must not stumble.
# Checkpoints so far are numbered up to 0: they were signed by themselves, and from 1 on each signature covers the one before.
TABLES = f"""
alter table activity.activities add column version smallint not null default 1, add column owner_id uuid;
alter table activity.activities add constraint ck_activities_sequence check (sequence > 0) not valid;
alter table activity.addresses add constraint ck_addresses_sequence check (sequence > 0) not valid;
alter table activity.checkpoints add constraint ck_checkpoints_sequence check (sequence > 0) not valid;
alter table activity.head add constraint ck_head_sequence check (sequence >= 0) not valid;
alter table activity.checkpoints add column number bigint;
update activity.checkpoints set number = numbered.number from (
  select sequence, row_number() over (order by sequence) - count(*) over () as number from activity.checkpoints
) as numbered where checkpoints.sequence = numbered.sequence;
alter table activity.checkpoints alter column number set not null, add constraint uq_checkpoints_number unique (number);
create index ix_activities_forget on activity.activities (target, sequence) where action = 'forget';
update activity.addresses b set owner_id = substr(a.target, 9)::uuid
  from activity.activities a where a.sequence = b.sequence and b.owner_id is null and a.target ~ {ACCOUNT}
"""  # noqa: S608

APPEND = f"""
create function activity.append({NEW_FIELDS}) returns bigint language plpgsql set search_path = '' as $$
declare
  last activity.head;
  now_ timestamptz;
  salt_ bytea := uuid_send(gen_random_uuid());
  address_hash_ bytea := sha256(salt_ || convert_to(coalesce(new_address, ''), 'UTF8'));
  hash_ bytea;
begin
  -- One line after the other: the next waits here until this one is committed.
  select * into last from activity.head for update;
  now_ := clock_timestamp();
  hash_ := sha256(last.hash || activity.canonical(
    '2', (last.sequence + 1)::text, (extract(epoch from now_) * 1000000)::bigint::text, coalesce(new_owner::text, ''),
    coalesce(new_actor::text, ''), new_service, new_action, new_target, coalesce(new_session::text, ''), new_result,
    encode(address_hash_, 'hex')));
  insert into activity.activities values (
    last.sequence + 1, now_, new_actor, new_service, new_action, new_target, new_session, new_result, address_hash_, hash_, 2, new_owner);
  if new_address is not null then
    insert into activity.addresses values (last.sequence + 1, new_owner, salt_, new_address);
  end if;
  update activity.head set sequence = last.sequence + 1, hash = hash_;
  return last.sequence + 1;
end $$
"""  # noqa: S608

# Who holds up the log holds up everybody's calls, but not for longer than this: then the line is lost, and counted.
RECORD = f"""
create or replace function activity.record({NEW_FIELDS}) returns bigint
language plpgsql security definer set search_path = '' set lock_timeout = '5s' as $$
begin
  if (new_service = session_user and starts_with(new_action, 'skillsync.' || session_user || '.')) is not true then
    raise insufficient_privilege using message = 'a service records what it did itself';
  end if;
  -- A line without owner keeps its address for a time, others until the owner is erased: so whose it can be, it is.
  return activity.append(
    coalesce(new_owner, new_actor, case when new_target ~ {ACCOUNT} then substr(new_target, 9)::uuid end),
    new_actor, new_service, new_action, new_target, new_session, new_result, new_address);
end $$
"""

# Says in the chain whose addresses are missing from now on. Waits for the log first, so that no line comes between.
FORGET = """
create or replace function activity.forget(account uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform from activity.head for update;
  delete from activity.addresses where owner_id = account;
  if found then
    perform activity.append(account, null, 'user', 'forget', 'account/' || account, null, 'OK', null);
  end if;
end $$
"""

# services/user/activity_chain.py knows the time, too.
FORGET_OLD = """
create function activity.forget_old() returns void language sql security definer set search_path = '' as $$
  delete from activity.addresses b using activity.activities a
  where a.sequence = b.sequence and b.owner_id is null and a.time < now() - interval '30 days'
$$
"""

# Who was erased so far has left no line that says so. Of whom an address is there, nobody was erased.
FORGOTTEN = f"""
do $$
declare account uuid;
begin
  for account in
    with bare as (
      select actor_id, target from activity.activities a where not exists (select from activity.addresses b where b.sequence = a.sequence)
    ), whose as (
      select actor_id as id from bare where actor_id is not null union select substr(target, 9)::uuid from bare where target ~ {ACCOUNT}
    )
    select id from whose where not exists (select from activity.addresses where owner_id = id)
  loop
    perform activity.append(account, null, 'user', 'forget', 'account/' || account, null, 'OK', null);
  end loop;
end $$
"""  # noqa: S608

OLD_RECORD = f"""
create or replace function activity.record({NEW_FIELDS}) returns bigint language plpgsql security definer set search_path = '' as $$
declare
  last activity.head;
  now_ timestamptz;
  salt_ bytea := uuid_send(gen_random_uuid());
  address_hash_ bytea := sha256(salt_ || convert_to(new_address, 'UTF8'));
  hash_ bytea;
begin
  select * into last from activity.head for update;
  now_ := clock_timestamp();
  hash_ := sha256(last.hash || activity.canonical(
    '1', (last.sequence + 1)::text, (extract(epoch from now_) * 1000000)::bigint::text, coalesce(new_actor::text, ''), new_service,
    new_action, new_target, coalesce(new_session::text, ''), new_result, encode(address_hash_, 'hex')));
  insert into activity.activities values (
    last.sequence + 1, now_, new_actor, new_service, new_action, new_target, new_session, new_result, address_hash_, hash_);
  insert into activity.addresses values (last.sequence + 1, new_owner, salt_, new_address);
  update activity.head set sequence = last.sequence + 1, hash = hash_;
  return last.sequence + 1;
end $$
"""  # noqa: S608

OLD_FORGET = """
create function activity.forget(account uuid) returns void language sql security definer set search_path = '' as $$
  delete from activity.addresses where owner_id = account
$$
"""

OLD_TABLES = """
alter table activity.checkpoints drop constraint ck_checkpoints_sequence, drop column number;
alter table activity.head drop constraint ck_head_sequence;
alter table activity.addresses drop constraint ck_addresses_sequence;
drop index activity.ix_activities_forget;
alter table activity.activities drop constraint ck_activities_sequence, drop column version, drop column owner_id
"""


def upgrade() -> None:
    for statement in (*TABLES.strip().split(";\n"), APPEND, RECORD, FORGET, FORGET_OLD, FORGOTTEN):
        op.execute(statement)
    for function in (f"append({FIELDS})", "forget_old()"):
        op.execute(f"revoke all on function activity.{function} from public")
    op.execute('grant execute on function activity.forget_old() to "user"')


def downgrade() -> None:
    """The lines of version 2 stay; what verified them is gone."""
    op.execute(f"drop function activity.forget_old(), activity.forget(uuid), activity.append({FIELDS})")
    # "Create or replace" would keep the setting.
    op.execute(f"alter function activity.record({FIELDS}) reset lock_timeout")
    for statement in (OLD_RECORD, OLD_FORGET, *OLD_TABLES.strip().split(";\n")):
        op.execute(statement)
    op.execute("revoke all on function activity.forget(uuid) from public")
    op.execute('grant execute on function activity.forget(uuid) to "user"')
