"""billing, user: changes of entitlements are told to watchers, and one follows"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TELL = """
create function billing.tell_entitlements() returns trigger language plpgsql set search_path = '' as $$
begin
  insert into billing.changes (kind, resource_id) values ('entitlements', coalesce(new.user_id, old.user_id));
  return null;
end $$
"""


def upgrade() -> None:
    op.execute(TELL)
    for table in ("subscriptions", "feature_usage"):
        op.execute(
            f"create trigger tell_entitlements after insert or update or delete on billing.{table}"
            " for each row execute function billing.tell_entitlements()"
        )
    op.create_table(
        "follows",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("resume_token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_follows")),
        schema="user",
    )


def downgrade() -> None:
    op.drop_table("follows", schema="user")
    for table in ("subscriptions", "feature_usage"):
        op.execute(f"drop trigger tell_entitlements on billing.{table}")
    op.execute("drop function billing.tell_entitlements()")
