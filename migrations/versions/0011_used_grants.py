"""user: what somebody signed in with through a provider, good once"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PLATFORM = "(select current_setting('skillsync.tenant', true)) = 'everyone'"


def upgrade() -> None:
    op.create_table(
        "used_grants",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_used_grants")),
        schema="user",
    )
    op.create_index(op.f("ix_used_grants_expire_time"), "used_grants", ["expire_time"], schema="user")
    op.execute('alter table "user".used_grants enable row level security, force row level security')
    op.execute(f'create policy platform on "user".used_grants to "user" using ({PLATFORM}) with check ({PLATFORM})')


def downgrade() -> None:
    op.drop_table("used_grants", schema="user")
