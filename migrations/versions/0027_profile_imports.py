"""careerforge: profiles filled from files"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
OWN = f"case when {TENANT} = 'everyone' then true else user_id::text = {TENANT} end"


def upgrade() -> None:
    op.add_column(
        "user_careerforge", sa.Column("details", postgresql.JSONB(astext_type=sa.Text())), schema="careerforge"
    )
    op.create_table(
        "profile_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid()),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("added_count", sa.Integer(), nullable=False),
        sa.Column("filled_count", sa.Integer(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_imports")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["careerforge.user_careerforge.id"],
            name=op.f("fk_profile_imports_user_id"),
            ondelete="CASCADE",
        ),
        schema="careerforge",
    )
    op.create_index(
        "uq_profile_imports_request", "profile_imports", ["user_id", "request_id"], unique=True, schema="careerforge"
    )
    op.execute("alter table careerforge.profile_imports enable row level security, force row level security")
    op.execute(f"create policy own on careerforge.profile_imports to careerforge using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    op.drop_table("profile_imports", schema="careerforge")
    op.drop_column("user_careerforge", "details", schema="careerforge")
