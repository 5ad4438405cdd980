"""careerforge: tests of skills, and introductions of people to each other"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
EVERYONE = f"{TENANT} = 'everyone'"
OWN = f"case when {EVERYONE} then true else user_id::text = {TENANT} end"

OWNED = ("assessments", "assessment_answers", "networking_settings")
# What would tell one person about another: the platform alone.
HIDDEN = ("introductions", "networking_blocks", "networking_reports")


def time(name: str, nullable: bool = False, now: bool = False) -> sa.Column[Any]:
    return sa.Column(
        name, sa.DateTime(timezone=True), nullable=nullable, server_default=sa.text("now()") if now else None
    )


def person(table: str, column: str = "user_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["careerforge.user_careerforge.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def keyed(table: str, *people: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(one, sa.Uuid(), nullable=False) for one in people),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(person(table, one) for one in people),
    )


def part_of(table: str, column: str, whole: str) -> tuple[Any, ...]:
    return (
        sa.Column(column, sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            [column], [f"careerforge.{whole}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
        ),
    )


def flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), server_default="false", nullable=False)


def index(name: str, table: str, columns: Sequence[str], unique: bool = False, where: str | None = None) -> None:
    op.create_index(
        name, table, columns, unique=unique, schema="careerforge", postgresql_where=sa.text(where) if where else None
    )


def upgrade() -> None:
    op.add_column("profile_skills", time("verified_time", nullable=True), schema="careerforge")
    assessments()
    networking()
    for table in (*OWNED, "introduction_views", *HIDDEN):
        op.execute(f"alter table careerforge.{table} enable row level security, force row level security")
    for table in OWNED:
        op.execute(f"create policy own on careerforge.{table} to careerforge using ({OWN}) with check ({OWN})")
    op.execute(f"create policy seen on careerforge.introduction_views for select to careerforge using ({OWN})")
    for table in ("introduction_views", *HIDDEN):
        op.execute(
            f"create policy platform on careerforge.{table} to careerforge using ({EVERYONE}) with check ({EVERYONE})"
        )


def assessments() -> None:
    op.create_table(
        "assessments",
        *keyed("assessments", "user_id"),
        sa.Column("skill_id", sa.String(length=100), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="RUNNING", nullable=False),
        sa.Column("answered_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ability", sa.Float(), server_default="0", nullable=False),
        sa.Column("standard_error", sa.Float(), server_default="1", nullable=False),
        sa.Column("bank_version", sa.String(length=16), server_default="", nullable=False),
        sa.Column("request_id", sa.Uuid()),
        time("end_time", nullable=True),
        time("create_time", now=True),
        time("update_time", now=True),
        schema="careerforge",
    )
    index("uq_assessments_request", "assessments", ["user_id", "request_id"], unique=True)
    index("uq_assessments_running", "assessments", ["user_id", "skill_id"], unique=True, where="state = 'RUNNING'")
    index("ix_assessments_state", "assessments", ["state", "create_time"])
    op.create_table(
        "assessment_answers",
        *keyed("assessment_answers", "user_id"),
        *part_of("assessment_answers", "assessment_id", "assessments"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        time("ask_time"),
        time("expire_time"),
        time("answer_time", nullable=True),
        sa.Column("choice", sa.Integer()),
        sa.Column("correct", sa.Boolean()),
        sa.Column("request_id", sa.Uuid()),
        schema="careerforge",
    )
    index("ix_assessment_answers_user_id", "assessment_answers", ["user_id"])
    index("uq_assessment_answers_number", "assessment_answers", ["assessment_id", "number"], unique=True)
    index("uq_assessment_answers_item", "assessment_answers", ["assessment_id", "item_id"], unique=True)
    index("uq_assessment_answers_request", "assessment_answers", ["user_id", "request_id"], unique=True)


def networking() -> None:
    op.create_table(
        "networking_settings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        flag("enabled"),
        time("enable_time", nullable=True),
        time("look_time", nullable=True),
        time("create_time", now=True),
        time("update_time", now=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_networking_settings")),
        person("networking_settings"),
        schema="careerforge",
    )
    index("ix_networking_settings_look", "networking_settings", ["enabled", "look_time"])
    op.create_table(
        "introductions",
        *keyed("introductions", "first_id", "second_id"),
        time("create_time", now=True),
        time("expire_time"),
        *map(flag, ("first_agreed", "second_agreed", "closed")),
        schema="careerforge",
    )
    index("ix_introductions_second_id", "introductions", ["second_id"])
    index("uq_introductions_pair", "introductions", ["first_id", "second_id"], unique=True)
    op.create_table(
        "introduction_views",
        *keyed("introduction_views", "user_id"),
        *part_of("introduction_views", "introduction_id", "introductions"),
        sa.Column("common_ground", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="PROPOSED", nullable=False),
        flag("agreed"),
        sa.Column("other_id", sa.Uuid()),
        time("create_time", now=True),
        time("expire_time"),
        sa.Column("request_id", sa.Uuid()),
        schema="careerforge",
    )
    index("ix_introduction_views_user_id", "introduction_views", ["user_id"])
    index("ix_introduction_views_introduction_id", "introduction_views", ["introduction_id"])
    op.create_table(
        "networking_blocks",
        *keyed("networking_blocks", "user_id", "blocked_id"),
        time("create_time", now=True),
        schema="careerforge",
    )
    index("ix_networking_blocks_blocked_id", "networking_blocks", ["blocked_id"])
    index("uq_networking_blocks_pair", "networking_blocks", ["user_id", "blocked_id"], unique=True)
    op.create_table(
        "networking_reports",
        *keyed("networking_reports", "user_id", "reported_id"),
        sa.Column("text", sa.String(length=2000), nullable=False),
        time("create_time", now=True),
        schema="careerforge",
    )
    index("ix_networking_reports_user_id", "networking_reports", ["user_id"])
    index("ix_networking_reports_reported_id", "networking_reports", ["reported_id"])
    # Skills and employers are looked up by what others share.
    index("ix_profile_skills_skill_id", "profile_skills", ["skill_id"])
    op.execute("create index ix_experiences_employer on careerforge.experiences (lower(employer) text_pattern_ops)")


def downgrade() -> None:
    op.execute("drop index careerforge.ix_experiences_employer")
    op.drop_index("ix_profile_skills_skill_id", table_name="profile_skills", schema="careerforge")
    for table in (
        "networking_reports", "networking_blocks", "introduction_views", "introductions", "networking_settings",
        "assessment_answers", "assessments",
    ):  # fmt: skip
        op.drop_table(table, schema="careerforge")
    op.drop_column("profile_skills", "verified_time", schema="careerforge")
