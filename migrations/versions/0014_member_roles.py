"""matching: members with their role"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "members", sa.Column("role", sa.String(length=32), server_default="VIEWER", nullable=False), schema="matching"
    )
    # From the beginning: the roles of those who are there already.
    op.execute("delete from matching.follows where stream = 'hiring'")


def downgrade() -> None:
    op.drop_column("members", "role", schema="matching")
