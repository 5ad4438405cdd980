"""careerforge: cover letters and their versions"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
OWN = f"case when {TENANT} = 'everyone' then true else user_id::text = {TENANT} end"
TABLES = ("cover_letters", "cover_letter_versions")


def times() -> tuple[Any, ...]:
    return (
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "cover_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("position_title", sa.String(length=200), nullable=False),
        sa.Column("organization_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("resume_id", sa.Uuid()),
        sa.Column("tone", sa.String(length=16), nullable=False),
        sa.Column("length", sa.String(length=16), nullable=False),
        sa.Column("language_code", sa.String(length=2), nullable=False),
        sa.Column("model", sa.String(length=200), server_default="", nullable=False),
        sa.Column("version_number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("request_id", sa.Uuid()),
        *times(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_letters")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["careerforge.user_careerforge.id"],
            name=op.f("fk_cover_letters_user_id"),
            ondelete="CASCADE",
        ),
        schema="careerforge",
    )
    op.create_index("ix_cover_letters_user", "cover_letters", ["user_id", "id"], schema="careerforge")
    op.create_table(
        "cover_letter_versions",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sentences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("edited", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("request_id", sa.Uuid()),
        *times(),
        sa.PrimaryKeyConstraint("letter_id", "number", name=op.f("pk_cover_letter_versions")),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["careerforge.cover_letters.id"],
            name=op.f("fk_cover_letter_versions_letter_id"),
            ondelete="CASCADE",
        ),
        schema="careerforge",
    )
    for table in TABLES:
        op.create_index(f"uq_{table}_request", table, ["user_id", "request_id"], unique=True, schema="careerforge")
        op.execute(f"alter table careerforge.{table} enable row level security, force row level security")
        op.execute(f"create policy own on careerforge.{table} to careerforge using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema="careerforge")
