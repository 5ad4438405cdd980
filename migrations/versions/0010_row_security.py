"""every schema: a transaction sees and changes only the rows of its tenant

`skillsync.tenant` is an account's id, or `everyone` for what the platform does itself, or nothing: then no row is there.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
NOBODY = "false"


def owned_by(column: str) -> str:
    return f"{column}::text = {TENANT}"


def of_visible(column: str, table: str) -> str:
    """The policy of the other table decides."""
    return f"{column} in (select id from {table})"  # noqa: S608


# Reads as the owner of the tables, who has a policy of its own there: else the reading would ask the policy that asks this.
MEMBERSHIPS = """
create function {schema}.organizations_of_tenant() returns uuid[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(organization_id), '{{}}') from {schema}.members
  where account_id::text = current_setting('skillsync.tenant', true) {still}
$$
"""


def of_own_organization(schema: str, column: str = "organization_id") -> str:
    return f"{column} = any ((select {schema}.organizations_of_tenant())::uuid[])"


def members_policy(schema: str) -> str:
    return f"{owned_by('account_id')} or {of_own_organization(schema)}"


# Who sees a row, and, where that is less, who may write it.
POLICIES: dict[str, tuple[str, str | None]] = {
    '"user".base_users': (owned_by("id"), None),
    **{
        f'"user".{table}': (owned_by("account_id"), None)
        for table in ("account_platforms", "account_roles", "passwords", "sessions", "second_factors", "recovery_codes")
    },
    '"user".refresh_tokens': (of_visible("session_id", '"user".sessions'), None),
    '"user".mailed_codes': (owned_by("subject_id"), None),
    '"user".registrations': (NOBODY, None),
    '"user".sign_in_attempts': (NOBODY, None),
    "careerforge.user_careerforge": (owned_by("id"), None),
    **{
        f"careerforge.{table}": (owned_by("user_id"), None)
        for table in (
            "resumes",
            "resume_analyses",
            "experiences",
            "educations",
            "documents",
            "milestones",
            "portfolios",
        )
    },
    # Open positions, and who has them, are for everybody to see.
    "talenthub.positions": (f"state = 'OPEN' or {of_own_organization('talenthub')}", of_own_organization("talenthub")),
    "talenthub.organizations": (
        f"{of_own_organization('talenthub', 'id')} or id in (select organization_id from talenthub.positions)",  # noqa: S608
        of_own_organization("talenthub", "id"),
    ),
    "talenthub.members": (members_policy("talenthub"), of_own_organization("talenthub")),
    "talenthub.user_talenthub": (owned_by("id"), None),
    "talenthub.applications": (
        f"{owned_by('candidate_id')} or position_id in "  # noqa: S608
        f"(select id from talenthub.positions where {of_own_organization('talenthub')})",
        None,
    ),
    "matching.positions": (of_own_organization("matching"), NOBODY),
    "matching.members": (members_policy("matching"), NOBODY),
    "matching.matches": (f"{owned_by('candidate_id')} or {of_visible('position_id', 'matching.positions')}", NOBODY),
    "matching.candidates": (owned_by("id"), NOBODY),
    "matching.candidate_vectors": (owned_by("candidate_id"), NOBODY),
    **{
        f"billing.{table}": (owned_by("user_id"), None)
        for table in ("subscriptions", "feature_usage", "ledger", "reservations")
    },
}


def upgrade() -> None:
    op.execute(MEMBERSHIPS.format(schema="talenthub", still="and remove_time is null"))
    op.execute(MEMBERSHIPS.format(schema="matching", still=""))
    for schema in ("talenthub", "matching"):
        op.execute(
            f"create policy memberships on {schema}.members for select to current_user using ({owned_by('account_id')})"
        )
        op.execute(f"revoke all on function {schema}.organizations_of_tenant() from public")
        op.execute(f"grant execute on function {schema}.organizations_of_tenant() to {schema}")
    for table, (seen, written) in POLICIES.items():
        protect(table, seen, written or seen)


def protect(table: str, seen: str, written: str) -> None:
    """Forced: for the owner too. `everyone` comes first, and ends the question."""
    op.execute(f"alter table {table} enable row level security, force row level security")
    for name, command, condition in (
        ("seen", "select", f"using ({platform_or(seen)})"),
        ("added", "insert", f"with check ({platform_or(written)})"),
        ("changed", "update", f"using ({platform_or(written)}) with check ({platform_or(written)})"),
        ("removed", "delete", f"using ({platform_or(written)})"),
    ):
        op.execute(f"create policy {name} on {table} for {command} to {table.partition('.')[0]} {condition}")


def platform_or(condition: str) -> str:
    return f"case when {TENANT} = 'everyone' then true else {condition} end"


def downgrade() -> None:
    for table in POLICIES:
        for name in ("seen", "added", "changed", "removed"):
            op.execute(f"drop policy {name} on {table}")
        op.execute(f"alter table {table} disable row level security, no force row level security")
    for schema in ("talenthub", "matching"):
        op.execute(f"drop policy memberships on {schema}.members")
        op.execute(f"drop function {schema}.organizations_of_tenant()")
