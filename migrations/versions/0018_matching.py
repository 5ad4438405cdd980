"""matching: what explained, two-way, editable rankings need

The copies of candidates and positions are forgotten: the watch streams bring them again, in the new shape.
"""

from collections.abc import Sequence

import pgvector.sqlalchemy
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
OWN_ORGANIZATION = "organization_id = any ((select matching.organizations_of_tenant())::uuid[])"
OF_VISIBLE = "{} in (select id from matching.{})"
NOBODY = "false"
# Who sees a row, and who may write it.
POLICIES = {
    "position_vectors": (OF_VISIBLE.format("position_id", "positions"), NOBODY),
    "requirement_edits": (OF_VISIBLE.format("position_id", "positions"),) * 2,
    "embeddings": (NOBODY, NOBODY),
    "former_inputs": (NOBODY, NOBODY),
    "rankings": (f"id::text = {TENANT} or " + OF_VISIBLE.format("id", "positions"), NOBODY),
    "ranking_changes": (OF_VISIBLE.format("ranking_id", "rankings"), NOBODY),
    "feedback": (OF_VISIBLE.format("position_id", "positions"),) * 2,
    "audit_records": (OWN_ORGANIZATION, OWN_ORGANIZATION),
}


def upgrade() -> None:
    tables = ("matches", "candidate_vectors", "candidates", "positions", "follows")
    op.execute(f"truncate {', '.join(f'matching.{table}' for table in tables)}")
    op.create_table(
        "audit_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("viewer_id", sa.Uuid(), nullable=False),
        sa.Column("engine_version", sa.String(length=200), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_audit_records_organization_id")),
        schema="matching",
    )
    op.create_index(
        op.f("ix_audit_records_organization_id"), "audit_records", ["organization_id"], unique=False, schema="matching"
    )
    op.create_index(
        op.f("ix_audit_records_position_id"), "audit_records", ["position_id"], unique=False, schema="matching"
    )
    op.create_table(
        "embeddings",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "hash", name=op.f("pk_embeddings")),
        schema="matching",
    )
    op.create_table(
        "former_inputs",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("features", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("weights", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "version", name=op.f("pk_former_inputs")),
        schema="matching",
    )
    op.create_table(
        "rankings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("item_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("scores", sa.ARRAY(sa.Double()), server_default="{}", nullable=False),
        sa.Column("watch_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_date", sa.Date(), nullable=True),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
        schema="matching",
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("engine_version", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["matching.candidates.id"], name=op.f("fk_feedback_candidate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["matching.positions.id"], name=op.f("fk_feedback_position_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("request_id", name=op.f("uq_feedback_request_id")),
        schema="matching",
    )
    op.create_index(op.f("ix_feedback_candidate_id"), "feedback", ["candidate_id"], unique=False, schema="matching")
    op.create_index(op.f("ix_feedback_position_id"), "feedback", ["position_id"], unique=False, schema="matching")
    op.create_table(
        "position_vectors",
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("vector", pgvector.sqlalchemy.halfvec.HALFVEC(dim=384), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"], ["matching.positions.id"], name=op.f("fk_position_vectors_position_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("position_id", name=op.f("pk_position_vectors")),
        schema="matching",
    )
    op.create_index(
        "ix_position_vectors_hnsw",
        "position_vectors",
        ["vector"],
        unique=False,
        schema="matching",
        postgresql_using="hnsw",
        postgresql_ops={"vector": "halfvec_ip_ops"},
    )
    op.create_table(
        "ranking_changes",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("old_rank", sa.Integer(), nullable=False),
        sa.Column("new_rank", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["matching.rankings.id"], name=op.f("fk_ranking_changes_ranking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ranking_id", "revision", "seq", name=op.f("pk_ranking_changes")),
        schema="matching",
    )
    op.create_index(
        op.f("ix_ranking_changes_create_time"), "ranking_changes", ["create_time"], unique=False, schema="matching"
    )
    op.create_table(
        "requirement_edits",
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("requirement_id", sa.String(length=100), nullable=False),
        sa.Column("requirement", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["matching.positions.id"],
            name=op.f("fk_requirement_edits_position_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position_id", "requirement_id", name=op.f("pk_requirement_edits")),
        schema="matching",
    )
    op.add_column(
        "candidates", sa.Column("version", sa.String(length=64), server_default="", nullable=False), schema="matching"
    )
    op.add_column(
        "candidates",
        sa.Column("embedded_version", sa.String(length=100), server_default="", nullable=False),
        schema="matching",
    )
    op.add_column("candidates", sa.Column("title", sa.Text(), server_default="", nullable=False), schema="matching")
    op.add_column(
        "candidates",
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="matching",
    )
    op.add_column(
        "candidates",
        sa.Column("education_level", sa.SmallInteger(), server_default="0", nullable=False),
        schema="matching",
    )
    op.add_column("candidates", sa.Column("years", sa.Double(), server_default="0", nullable=False), schema="matching")
    op.add_column(
        "candidates",
        sa.Column("countries", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="matching",
    )
    op.add_column(
        "candidates", sa.Column("permits", sa.ARRAY(sa.Text()), server_default="{}", nullable=False), schema="matching"
    )
    op.add_column(
        "candidates", sa.Column("modes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False), schema="matching"
    )
    op.add_column("candidates", sa.Column("available", sa.Date(), nullable=True), schema="matching")
    op.add_column(
        "candidates",
        sa.Column("blocked_employers", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="matching",
    )
    op.add_column(
        "matches", sa.Column("candidate_fit", sa.Double(), server_default="0", nullable=False), schema="matching"
    )
    op.add_column(
        "matches",
        sa.Column(
            "candidate_reasons",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        schema="matching",
    )
    op.add_column(
        "matches",
        sa.Column("candidate_version", sa.String(length=64), server_default="", nullable=False),
        schema="matching",
    )
    op.add_column(
        "matches",
        sa.Column("position_version", sa.String(length=64), server_default="", nullable=False),
        schema="matching",
    )
    op.alter_column(
        "matches",
        "engine_version",
        existing_type=sa.VARCHAR(length=64),
        type_=sa.String(length=200),
        existing_nullable=False,
        schema="matching",
    )
    op.add_column(
        "positions", sa.Column("organization_name", sa.Text(), server_default="", nullable=False), schema="matching"
    )
    op.add_column("positions", sa.Column("city", sa.Text(), server_default="", nullable=False), schema="matching")
    op.add_column("positions", sa.Column("region", sa.Text(), server_default="", nullable=False), schema="matching")
    op.add_column(
        "positions", sa.Column("country", sa.String(length=2), server_default="", nullable=False), schema="matching"
    )
    op.add_column(
        "positions", sa.Column("work_mode", sa.String(length=16), server_default="", nullable=False), schema="matching"
    )
    op.add_column(
        "positions", sa.Column("seniority", sa.String(length=16), server_default="", nullable=False), schema="matching"
    )
    op.add_column(
        "positions",
        sa.Column("pay", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        schema="matching",
    )
    op.add_column(
        "positions",
        sa.Column("weights", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        schema="matching",
    )
    op.add_column(
        "positions", sa.Column("version", sa.String(length=64), server_default="", nullable=False), schema="matching"
    )
    op.add_column(
        "positions",
        sa.Column("ranked_version", sa.String(length=200), server_default="", nullable=False),
        schema="matching",
    )
    op.add_column(
        "positions",
        sa.Column("embedded_version", sa.String(length=100), server_default="", nullable=False),
        schema="matching",
    )
    for table, (seen, written) in POLICIES.items():
        protect(f"matching.{table}", seen, written)


def protect(table: str, seen: str, written: str) -> None:
    """Forced: for the owner too. `everyone` comes first, and ends the question."""
    op.execute(f"alter table {table} enable row level security, force row level security")
    for name, command, condition in (
        ("seen", "select", f"using ({platform_or(seen)})"),
        ("added", "insert", f"with check ({platform_or(written)})"),
        ("changed", "update", f"using ({platform_or(written)}) with check ({platform_or(written)})"),
        ("removed", "delete", f"using ({platform_or(written)})"),
    ):
        op.execute(f"create policy {name} on {table} for {command} to matching {condition}")


def platform_or(condition: str) -> str:
    return f"case when {TENANT} = 'everyone' then true else {condition} end"


def downgrade() -> None:
    op.drop_column("positions", "ranked_version", schema="matching")
    op.drop_column("positions", "embedded_version", schema="matching")
    op.drop_column("positions", "version", schema="matching")
    op.drop_column("positions", "weights", schema="matching")
    op.drop_column("positions", "pay", schema="matching")
    op.drop_column("positions", "seniority", schema="matching")
    op.drop_column("positions", "work_mode", schema="matching")
    op.drop_column("positions", "country", schema="matching")
    op.drop_column("positions", "region", schema="matching")
    op.drop_column("positions", "city", schema="matching")
    op.drop_column("positions", "organization_name", schema="matching")
    op.alter_column(
        "matches",
        "engine_version",
        existing_type=sa.String(length=200),
        type_=sa.VARCHAR(length=64),
        existing_nullable=False,
        schema="matching",
    )
    op.drop_column("matches", "position_version", schema="matching")
    op.drop_column("matches", "candidate_version", schema="matching")
    op.drop_column("matches", "candidate_reasons", schema="matching")
    op.drop_column("matches", "candidate_fit", schema="matching")
    op.drop_column("candidates", "blocked_employers", schema="matching")
    op.drop_column("candidates", "available", schema="matching")
    op.drop_column("candidates", "modes", schema="matching")
    op.drop_column("candidates", "permits", schema="matching")
    op.drop_column("candidates", "countries", schema="matching")
    op.drop_column("candidates", "years", schema="matching")
    op.drop_column("candidates", "education_level", schema="matching")
    op.drop_column("candidates", "languages", schema="matching")
    op.drop_column("candidates", "title", schema="matching")
    op.drop_column("candidates", "embedded_version", schema="matching")
    op.drop_column("candidates", "version", schema="matching")
    op.drop_table("requirement_edits", schema="matching")
    op.drop_index(op.f("ix_ranking_changes_create_time"), table_name="ranking_changes", schema="matching")
    op.drop_table("ranking_changes", schema="matching")
    op.drop_index(
        "ix_position_vectors_hnsw",
        table_name="position_vectors",
        schema="matching",
        postgresql_using="hnsw",
        postgresql_ops={"vector": "halfvec_ip_ops"},
    )
    op.drop_table("position_vectors", schema="matching")
    op.drop_index(op.f("ix_feedback_position_id"), table_name="feedback", schema="matching")
    op.drop_index(op.f("ix_feedback_candidate_id"), table_name="feedback", schema="matching")
    op.drop_table("feedback", schema="matching")
    op.drop_table("rankings", schema="matching")
    op.drop_table("former_inputs", schema="matching")
    op.drop_table("embeddings", schema="matching")
    op.drop_index(op.f("ix_audit_records_position_id"), table_name="audit_records", schema="matching")
    op.drop_index(op.f("ix_audit_records_organization_id"), table_name="audit_records", schema="matching")
    op.drop_table("audit_records", schema="matching")
