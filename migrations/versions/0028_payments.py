"""billing: payments, periods of allowances, and an inbox for what Stripe tells"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
EVERYONE = f"{TENANT} = 'everyone'"
OWN = f"case when {EVERYONE} then true else user_id::text = {TENANT} end"
JSON = postgresql.JSONB(astext_type=sa.Text())
# Columns of what is left, by feature.
COLUMNS = {
    "resume_analysis": "resume_analysis_count",
    "cover_letter": "cover_letter_credits",
    "job_match_search": "job_match_searches",
    "ai_insight": "ai_insights_used",
    "export": "export_credits",
}
FREE = {"resume_analysis": 5, "cover_letter": 10, "job_match_search": 50, "ai_insight": 3, "export": 2}


def moment(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), **options)


def stamps() -> tuple[sa.Column[Any], ...]:
    now = sa.text("now()")
    return (
        moment("create_time", server_default=now, nullable=False),
        moment("update_time", server_default=now, nullable=False),
    )


NEW: dict[str, tuple[sa.Column[Any], ...]] = {
    "subscriptions": (
        sa.Column("stripe_subscription_id", sa.Text()),
        moment("start_time"),
        moment("trial_end"),
        moment("grace_until"),
    ),
    "feature_usage": (
        sa.Column("plan_tier", sa.String(length=32), server_default="free", nullable=False),
        moment("anchor", server_default=sa.text("now()"), nullable=False),
        sa.Column("period", sa.Integer(), server_default="0", nullable=False),
        sa.Column("used", JSON, server_default="{}", nullable=False),
        sa.Column("bought", JSON, server_default="{}", nullable=False),
        sa.Column("plan_changes", sa.Integer(), server_default="0", nullable=False),
    ),
    "reservations": (
        sa.Column("bought", sa.Integer(), server_default="0", nullable=False),
        sa.Column("period", sa.Integer(), server_default="0", nullable=False),
        sa.Column("object", sa.String(length=200), server_default="", nullable=False),
        moment("expire_time"),
    ),
    "ledger": (sa.Column("object", sa.String(length=200), server_default="", nullable=False),),
}


def upgrade() -> None:
    for table, columns in NEW.items():
        for column in columns:
            op.add_column(table, column, schema="billing")
    op.create_index(
        "ix_reservations_expiring",
        "reservations",
        ["expire_time"],
        schema="billing",
        postgresql_where=sa.text("state = 'RESERVED' and expire_time is not null"),
    )
    create_tables()
    protect()
    begin_ledgers()
    op.execute("drop trigger tell_entitlements on billing.feature_usage")


def create_tables() -> None:
    op.create_table(
        "checkouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid()),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("wanted", JSON, nullable=False),
        sa.Column("session_id", sa.Text()),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="OPEN", nullable=False),
        *stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkouts")),
        sa.UniqueConstraint("session_id", name=op.f("uq_checkouts_session_id")),
        schema="billing",
    )
    op.create_index("uq_checkouts_request", "checkouts", ["user_id", "request_id"], unique=True, schema="billing")
    op.create_index(
        "uq_checkouts_open",
        "checkouts",
        ["user_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("kind = 'plan' and state = 'OPEN'"),
    )
    op.create_table(
        "stripe_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("thing", JSON, nullable=False),
        moment("handled_time"),
        *stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_events")),
        schema="billing",
    )
    op.create_index("ix_stripe_events_user", "stripe_events", ["user_id", "type"], schema="billing")
    op.create_index(
        "ix_stripe_events_open",
        "stripe_events",
        ["create_time"],
        schema="billing",
        postgresql_where=sa.text("handled_time is null"),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        moment("time", nullable=False),
        sa.Column("hosted_url", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_invoices_stripe_id")),
        schema="billing",
    )
    op.create_index("ix_invoices_user", "invoices", ["user_id", "id"], schema="billing")
    op.create_table(
        "reconciliations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("through", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
        schema="billing",
    )


def protect() -> None:
    for table in ("checkouts", "stripe_events", "invoices", "reconciliations"):
        op.execute(f"alter table billing.{table} enable row level security, force row level security")
    for table in ("checkouts", "stripe_events", "invoices"):
        op.execute(f"create policy own on billing.{table} to billing using ({OWN}) with check ({OWN})")
    op.execute(
        f"create policy platform on billing.reconciliations to billing using ({EVERYONE}) with check ({EVERYONE})"
    )


def begin_ledgers() -> None:
    """Who was there before has a balance that no entry of the ledger began; and of the first allowance, what is gone was used."""
    for feature, column in COLUMNS.items():
        op.execute(
            "insert into billing.ledger (id, user_id, feature, kind, amount, operation_id, time)"  # noqa: S608
            f" select gen_random_uuid(), u.user_id, '{feature}', 'grant', u.{column} - coalesce(sum(l.amount), 0),"
            " gen_random_uuid(), u.create_time from billing.feature_usage u left join billing.ledger l"
            f" on l.user_id = u.user_id and l.feature = '{feature}' group by u.user_id, u.{column}, u.create_time"
            f" having u.{column} <> coalesce(sum(l.amount), 0)"
        )
    used = ", ".join(f"'{feature}', greatest(0, {FREE[feature]} - {column})" for feature, column in COLUMNS.items())
    bought = ", ".join(f"'{feature}', greatest(0, {column} - {FREE[feature]})" for feature, column in COLUMNS.items())
    op.execute(
        f"update billing.feature_usage set anchor = create_time, used = jsonb_build_object({used}),"  # noqa: S608
        f" bought = jsonb_build_object({bought})"
    )


def downgrade() -> None:
    op.execute(
        "create trigger tell_entitlements after insert or update or delete on billing.feature_usage"
        " for each row execute function billing.tell_entitlements()"
    )
    for table in ("reconciliations", "invoices", "stripe_events", "checkouts"):
        op.drop_table(table, schema="billing")
    for table, columns in NEW.items():
        for column in columns:
            op.drop_column(table, column.name, schema="billing")
