"""careerforge: documents that are scanned, previews of links, proofs of milestones"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def json(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()))


def columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "documents": (
            sa.Column("request_id", sa.Uuid()),
            sa.Column("failure_reason", sa.String(length=40), server_default="", nullable=False),
            sa.Column("failure_message", sa.Text(), server_default="", nullable=False),
        ),
        "portfolios": (
            sa.Column("request_id", sa.Uuid()),
            sa.Column("last_request_id", sa.Uuid()),
            json("link_preview"),
            json("github_preview"),
        ),
        "milestones": (
            sa.Column("request_id", sa.Uuid()),
            sa.Column("last_request_id", sa.Uuid()),
            sa.Column("proof_document_id", sa.Uuid()),
            sa.Column("verification", sa.String(length=16), server_default="NONE", nullable=False),
            sa.Column("verification_message", sa.String(length=1000), server_default="", nullable=False),
            sa.Column("send_time", sa.DateTime(timezone=True)),
            sa.Column("verify_time", sa.DateTime(timezone=True)),
            json("badge"),
            sa.Column("badge_key", sa.String(length=64)),
            sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        ),
    }


def upgrade() -> None:
    for table, added in columns().items():
        for column in added:
            op.add_column(table, column, schema="careerforge")
        op.create_index(f"uq_{table}_request", table, ["user_id", "request_id"], unique=True, schema="careerforge")
    op.create_foreign_key(
        "fk_milestones_proof_document_id",
        "milestones",
        "documents",
        ["proof_document_id"],
        ["id"],
        source_schema="careerforge",
        referent_schema="careerforge",
        ondelete="SET NULL",
    )
    op.create_index("ix_milestones_proof_document_id", "milestones", ["proof_document_id"], schema="careerforge")
    op.create_index("uq_milestones_badge", "milestones", ["user_id", "badge_key"], unique=True, schema="careerforge")
    op.create_index(
        "ix_milestones_in_review",
        "milestones",
        ["id"],
        schema="careerforge",
        postgresql_where=sa.text("verification = 'IN_REVIEW'"),
    )
    op.execute("update careerforge.milestones set verification = 'ACCEPTED' where verified")


def downgrade() -> None:
    for index in ("ix_milestones_in_review", "uq_milestones_badge", "ix_milestones_proof_document_id"):
        op.drop_index(index, table_name="milestones", schema="careerforge")
    op.drop_constraint("fk_milestones_proof_document_id", "milestones", schema="careerforge", type_="foreignkey")
    for table, added in columns().items():
        op.drop_index(f"uq_{table}_request", table_name=table, schema="careerforge")
        for column in reversed(added):
            op.drop_column(table, column.name, schema="careerforge")
