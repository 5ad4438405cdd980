"""matching: the rows of rankings that were shown, so that these can be computed again"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

EVERYONE = "(select current_setting('skillsync.tenant', true)) = 'everyone'"


def upgrade() -> None:
    op.create_table(
        "shown_rows",
        sa.Column("sheet", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("candidate_version", sa.String(length=64), nullable=False),
        sa.Column("position_version", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sheet", "rank", name=op.f("pk_shown_rows")),
        schema="matching",
    )
    op.create_index(
        "ix_shown_rows_candidate", "shown_rows", ["candidate_id", "candidate_version"], unique=False, schema="matching"
    )
    op.create_index(
        op.f("ix_shown_rows_position_version"), "shown_rows", ["position_version"], unique=False, schema="matching"
    )
    op.add_column(
        "audit_records",
        sa.Column("sheet", sa.String(length=64), server_default="", nullable=False),
        schema="matching",
    )
    op.execute("alter table matching.shown_rows enable row level security, force row level security")
    op.execute(
        f"create policy platform on matching.shown_rows for all to matching using ({EVERYONE}) with check ({EVERYONE})"
    )


def downgrade() -> None:
    op.drop_column("audit_records", "sheet", schema="matching")
    op.drop_index(op.f("ix_shown_rows_position_version"), table_name="shown_rows", schema="matching")
    op.drop_index("ix_shown_rows_candidate", table_name="shown_rows", schema="matching")
    op.drop_table("shown_rows", schema="matching")
