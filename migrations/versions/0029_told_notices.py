"""user: what people were told of their plan and credits"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
OWN = f"case when {TENANT} = 'everyone' then true else account_id::text = {TENANT} end"


def upgrade() -> None:
    op.create_table(
        "told_notices",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["user.base_users.id"],
            name=op.f("fk_told_notices_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "name", name=op.f("pk_told_notices")),
        schema="user",
    )
    op.create_index(op.f("ix_told_notices_time"), "told_notices", ["time"], schema="user")
    op.execute('alter table "user".told_notices enable row level security, force row level security')
    op.execute(f'create policy own on "user".told_notices to "user" using ({OWN}) with check ({OWN})')


def downgrade() -> None:
    op.drop_table("told_notices", schema="user")
