"""careerforge: entries of a profile that are edited, filled from resumes, and stay removed"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
EVERYONE = f"{TENANT} = 'everyone'"
OWN = f"case when {EVERYONE} then true else user_id::text = {TENANT} end"


def profile() -> tuple[Any, ...]:
    return (
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("told_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("entry_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_entry_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("strength", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("career_stage_why", sa.Text(), server_default="", nullable=False),
    )


def entry() -> tuple[Any, ...]:
    return (
        sa.Column("start_year_only", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("end_year_only", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("wordings", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("place", sa.Integer()),
        sa.Column("request_id", sa.Uuid()),
    )


def whose(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["careerforge.user_careerforge.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
        ),
    )


def written() -> tuple[Any, ...]:
    return (
        sa.Column("origin", sa.String(length=16), server_default="PERSON", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def upgrade() -> None:
    for column in profile():
        op.add_column("user_careerforge", column, schema="careerforge")
    for table in ("experiences", "educations"):
        for column in entry():
            op.add_column(table, column, schema="careerforge")
        op.create_index(f"uq_{table}_request", table, ["user_id", "request_id"], unique=True, schema="careerforge")
    op.create_table(
        "profile_skills",
        *whose("profile_skills"),
        sa.Column("skill_id", sa.String(length=100), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.String(length=16), server_default="STATED", nullable=False),
        sa.Column("years", sa.Float(), server_default="0", nullable=False),
        *written(),
        schema="careerforge",
    )
    op.create_index(
        "uq_profile_skills_skill", "profile_skills", ["user_id", "skill_id"], unique=True, schema="careerforge"
    )
    op.create_table(
        "profile_languages",
        *whose("profile_languages"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=16), server_default="", nullable=False),
        sa.Column("place", sa.Integer()),
        *written(),
        schema="careerforge",
    )
    op.create_index(
        "uq_profile_languages_name", "profile_languages", ["user_id", "name"], unique=True, schema="careerforge"
    )
    op.create_table(
        "removed_entries",
        *whose("removed_entries"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("wordings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        schema="careerforge",
    )
    op.create_index("ix_removed_entries_user", "removed_entries", ["user_id", "kind"], schema="careerforge")
    protect()
    # Who was there before has entries too.
    op.execute(
        "insert into careerforge.jobs (id, kind, payload)"
        " select gen_random_uuid(), 'refresh_profile', jsonb_build_object('user_id', id, 'fill', true)"
        " from careerforge.user_careerforge where parsed_resume is not null"
    )


def protect() -> None:
    for table in ("profile_skills", "profile_languages", "removed_entries"):
        op.execute(f"alter table careerforge.{table} enable row level security, force row level security")
    for table in ("profile_skills", "profile_languages"):
        op.execute(f"create policy own on careerforge.{table} to careerforge using ({OWN}) with check ({OWN})")
    # The person adds to it, and nobody reads it but the platform, when it reads a resume.
    op.execute(f"create policy added on careerforge.removed_entries for insert to careerforge with check ({OWN})")
    op.execute(
        f"create policy platform on careerforge.removed_entries to careerforge using ({EVERYONE}) with check ({EVERYONE})"
    )


def downgrade() -> None:
    op.execute("delete from careerforge.jobs where kind = 'refresh_profile'")
    for table in ("removed_entries", "profile_languages", "profile_skills"):
        op.drop_table(table, schema="careerforge")
    for table in ("educations", "experiences"):
        op.drop_index(f"uq_{table}_request", table_name=table, schema="careerforge")
        for column in ("request_id", "place", "wordings", "end_year_only", "start_year_only"):
            op.drop_column(table, column, schema="careerforge")
    for column in reversed(profile()):
        op.drop_column("user_careerforge", column.name, schema="careerforge")
