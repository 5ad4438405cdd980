"""careerforge: where text stands, what read it, analyses again, uploads by link"""

from collections.abc import Sequence

import pgvector.sqlalchemy
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
OWN = f"case when {TENANT} = 'everyone' then true else user_id::text = {TENANT} end"


def upgrade() -> None:
    op.add_column("resumes", sa.Column("layout", postgresql.JSONB(none_as_null=True)), schema="careerforge")
    op.add_column("resumes", sa.Column("vector", pgvector.sqlalchemy.Vector(384)), schema="careerforge")
    op.add_column(
        "resumes", sa.Column("engine_version", sa.Text(), server_default="", nullable=False), schema="careerforge"
    )
    op.add_column("resumes", sa.Column("as_of", sa.Date()), schema="careerforge")
    op.create_index("ix_resumes_known", "resumes", ["user_id", "sha256"], schema="careerforge")
    op.create_index("ix_resumes_blob_key", "resumes", ["blob_key"], schema="careerforge")
    op.alter_column("resume_analyses", "engine_version", type_=sa.Text(), schema="careerforge")
    for column in (
        sa.Column("wait_message", sa.Text(), server_default="", nullable=False),
        sa.Column("again", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("position_text", sa.Text(), server_default="", nullable=False),
        sa.Column("position_id", sa.Uuid()),
    ):
        op.add_column("resume_analyses", column, schema="careerforge")
    op.create_table(
        "resume_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=255), server_default="", nullable=False),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("analysis_id", sa.Uuid(), nullable=True),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resume_uploads")),
        schema="careerforge",
    )
    op.create_index("ix_resume_uploads_expire_time", "resume_uploads", ["expire_time"], schema="careerforge")
    op.create_index(
        "uq_resume_uploads_request", "resume_uploads", ["user_id", "request_id"], unique=True, schema="careerforge"
    )
    op.execute("alter table careerforge.resume_uploads enable row level security, force row level security")
    op.execute(f"create policy own on careerforge.resume_uploads to careerforge using ({OWN}) with check ({OWN})")


def downgrade() -> None:
    op.drop_table("resume_uploads", schema="careerforge")
    for column in ("position_id", "position_text", "again", "wait_message"):
        op.drop_column("resume_analyses", column, schema="careerforge")
    op.execute("update careerforge.resume_analyses set engine_version = left(engine_version, 64)")
    op.alter_column("resume_analyses", "engine_version", type_=sa.String(length=64), schema="careerforge")
    op.drop_index("ix_resumes_blob_key", "resumes", schema="careerforge")
    op.drop_index("ix_resumes_known", "resumes", schema="careerforge")
    for column in ("as_of", "engine_version", "vector", "layout"):
        op.drop_column("resumes", column, schema="careerforge")
