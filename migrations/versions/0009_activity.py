"""activity: the log that only grows"""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("user", "careerforge", "talenthub", "matching", "billing")

# The address is personal, so it stands beside the chain, which holds a salted hash of it: it can be forgotten and the chain still fits.
TABLES = """
create table activity.activities (
  sequence bigint constraint pk_activities primary key,
  time timestamptz not null,
  actor_id uuid,
  service text not null,
  action text not null,
  target text not null,
  session_id uuid,
  result text not null,
  address_hash bytea not null,
  hash bytea not null
);
create index ix_activities_actor on activity.activities (actor_id, sequence);
create index ix_activities_account on activity.activities (target, sequence) where target like 'account/%';
create table activity.addresses (
  sequence bigint constraint pk_addresses primary key,
  owner_id uuid,
  salt bytea not null,
  address text not null
);
create index ix_addresses_owner on activity.addresses (owner_id);
create table activity.head (
  one boolean constraint pk_head primary key default true constraint ck_head_one check (one),
  sequence bigint not null,
  hash bytea not null
);
create table activity.checkpoints (
  sequence bigint constraint pk_checkpoints primary key,
  hash bytea not null,
  mac bytea not null,
  create_time timestamptz not null default now()
);
insert into activity.head (sequence, hash) values (0, decode(repeat('00', 32), 'hex'));
"""

# Each field with its length before it, so that no two different lines have the same bytes. services/user/activities.py has its twin.
CANONICAL = """
create function activity.canonical(variadic fields text[]) returns bytea language sql immutable set search_path = '' as $$
  select string_agg(int4send(octet_length(bytes)) || bytes, ''::bytea order by place)
  from (select place, convert_to(field, 'UTF8') as bytes from unnest(fields) with ordinality as listed (field, place)) as encoded
$$
"""

RECORD = """
create function activity.record(
  new_owner uuid, new_actor uuid, new_service text, new_action text, new_target text, new_session uuid, new_result text, new_address text
) returns bigint language plpgsql security definer set search_path = '' as $$
declare
  last activity.head;
  now_ timestamptz;
  salt_ bytea := uuid_send(gen_random_uuid());
  address_hash_ bytea := sha256(salt_ || convert_to(new_address, 'UTF8'));
  hash_ bytea;
begin
  -- One line after the other: the next waits here until this one is committed.
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
"""

FORGET = """
create function activity.forget(account uuid) returns void language sql security definer set search_path = '' as $$
  delete from activity.addresses where owner_id = account
$$
"""


def upgrade() -> None:
    op.execute("create schema activity")
    for statement in (*TABLES.strip().split(";\n"), CANONICAL, RECORD, FORGET):
        op.execute(statement)
    for function in ("canonical(text[])", "record(uuid, uuid, text, text, text, uuid, text, text)", "forget(uuid)"):
        op.execute(f"revoke all on function activity.{function} from public")
    for role in ROLES:
        op.execute(f'grant usage on schema activity to "{role}"')
        op.execute(
            f'grant execute on function activity.record(uuid, uuid, text, text, text, uuid, text, text) to "{role}"'
        )
    # Nobody may change or delete a line, and only one service reads them.
    op.execute('grant select on all tables in schema activity to "user"')
    op.execute('grant insert on activity.checkpoints to "user"')
    op.execute('grant execute on function activity.forget(uuid) to "user"')


def downgrade() -> None:
    op.execute("drop schema activity cascade")
