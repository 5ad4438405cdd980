"""careerforge: learning paths and preparations of interviews"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
EVERYONE = f"{TENANT} = 'everyone'"
OWN = f"case when {EVERYONE} then true else user_id::text = {TENANT} end"
TABLES = ("learning_paths", "learning_steps", "interview_preparations", "interview_questions")


def whose(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid()),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["careerforge.user_careerforge.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
        ),
    )


def part_of(table: str, column: str, whole: str) -> Any:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"careerforge.{whole}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "learning_paths",
        *whose("learning_paths"),
        sa.Column("goal", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        schema="careerforge",
    )
    op.create_table(
        "learning_steps",
        sa.Column("path_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.String(length=100), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("named_gain", sa.Float(), server_default="0", nullable=False),
        sa.Column("shown_gain", sa.Float(), server_default="0", nullable=False),
        sa.Column("position_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("effort_hours", sa.Integer(), nullable=False),
        sa.Column("prerequisites", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("done", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("path_id", "number", name=op.f("pk_learning_steps")),
        part_of("learning_steps", "path_id", "learning_paths"),
        schema="careerforge",
    )
    op.create_table(
        "interview_preparations",
        *whose("interview_preparations"),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        schema="careerforge",
    )
    op.create_table(
        "interview_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("preparation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("feedback", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("answer_time", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_questions")),
        part_of("interview_questions", "preparation_id", "interview_preparations"),
        schema="careerforge",
    )
    for table in ("learning_paths", "interview_preparations"):
        op.create_index(f"uq_{table}_request", table, ["user_id", "request_id"], unique=True, schema="careerforge")
    for table, column in (
        ("learning_steps", "user_id"),
        ("interview_questions", "user_id"),
        ("interview_questions", "preparation_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column], schema="careerforge")
    for table in TABLES:
        op.execute(f"alter table careerforge.{table} enable row level security, force row level security")
        op.execute(f"create policy own on careerforge.{table} to careerforge using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema="careerforge")
