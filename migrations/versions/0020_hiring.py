"""talenthub: what teams that hire need beside positions"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
OWN_ORGANIZATION = "organization_id = any ((select talenthub.organizations_of_tenant())::uuid[])"
OF_OWN_POSITION = f"position_id in (select id from talenthub.positions where {OWN_ORGANIZATION})"  # noqa: S608
# One look-up for each row: as a set, PostgreSQL would first gather all that somebody sees, and of applications there may be a million.
BOTH_SIDES = "(select true from talenthub.applications where id = application_id) is not null"
# Of applications to own positions: the people who applied see neither notes nor what is said among colleagues.
AMONG_COLLEAGUES = (
    "(select position_id from talenthub.applications where id = application_id) in "  # noqa: S608
    f"(select id from talenthub.positions where {OWN_ORGANIZATION})"
)
OWN = f"account_id::text = {TENANT}"
NOBODY = "false"
# Who sees a row, and may write it.
POLICIES = {
    "invitations": OWN_ORGANIZATION,
    "domain_codes": NOBODY,
    "position_versions": OF_OWN_POSITION,
    "position_templates": OWN_ORGANIZATION,
    "position_skills": NOBODY,
    "stage_moves": OF_OWN_POSITION,
    "notes": AMONG_COLLEAGUES,
    "ratings": AMONG_COLLEAGUES,
    "interviews": BOTH_SIDES,
    "offers": BOTH_SIDES,
    "disputes": BOTH_SIDES,
    "decisions": OWN_ORGANIZATION,
    "bias_audits": OWN_ORGANIZATION,
    "self_identifications": OWN,
}


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_after", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("dispatch_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        schema="talenthub",
    )
    op.create_index(
        "ix_jobs_due",
        "jobs",
        ["run_after"],
        unique=False,
        schema="talenthub",
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "self_identifications",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sex", sa.String(length=32), server_default="", nullable=False),
        sa.Column("race", sa.String(length=64), server_default="", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_self_identifications")),
        schema="talenthub",
    )
    op.create_table(
        "bias_audits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("groups", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unknown_count", sa.Integer(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["talenthub.organizations.id"],
            name=op.f("fk_bias_audits_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bias_audits")),
        schema="talenthub",
    )
    op.create_index(
        op.f("ix_bias_audits_organization_id"), "bias_audits", ["organization_id"], unique=False, schema="talenthub"
    )
    op.create_index(
        "uq_bias_audits_request", "bias_audits", ["organization_id", "request_id"], unique=True, schema="talenthub"
    )
    op.create_table(
        "decisions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["talenthub.organizations.id"],
            name=op.f("fk_decisions_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "sequence", name=op.f("pk_decisions")),
        schema="talenthub",
    )
    op.create_table(
        "domain_codes",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["talenthub.organizations.id"],
            name=op.f("fk_domain_codes_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_domain_codes")),
        schema="talenthub",
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="PENDING", nullable=False),
        sa.Column("inviter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["talenthub.organizations.id"],
            name=op.f("fk_invitations_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        schema="talenthub",
    )
    op.create_index("ix_invitations_email", "invitations", ["email"], unique=False, schema="talenthub")
    op.create_index(
        "ix_invitations_organization", "invitations", ["organization_id", "id"], unique=False, schema="talenthub"
    )
    op.create_index(
        "uq_invitations_request", "invitations", ["organization_id", "request_id"], unique=True, schema="talenthub"
    )
    op.create_table(
        "position_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("position", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["talenthub.organizations.id"],
            name=op.f("fk_position_templates_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_templates")),
        schema="talenthub",
    )
    op.create_index(
        "ix_position_templates_organization",
        "position_templates",
        ["organization_id", "id"],
        unique=False,
        schema="talenthub",
    )
    op.create_index(
        "uq_position_templates_request",
        "position_templates",
        ["organization_id", "request_id"],
        unique=True,
        schema="talenthub",
    )
    op.create_table(
        "position_skills",
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"], ["talenthub.positions.id"], name=op.f("fk_position_skills_position_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("position_id", "skill_id", name=op.f("pk_position_skills")),
        schema="talenthub",
    )
    op.create_index(
        op.f("ix_position_skills_skill_id"), "position_skills", ["skill_id"], unique=False, schema="talenthub"
    )
    op.create_table(
        "position_versions",
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_fields", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["talenthub.positions.id"],
            name=op.f("fk_position_versions_position_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position_id", "number", name=op.f("pk_position_versions")),
        schema="talenthub",
    )
    op.create_index(
        "uq_position_versions_request",
        "position_versions",
        ["position_id", "request_id"],
        unique=True,
        schema="talenthub",
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answerer_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="OPEN", nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["talenthub.applications.id"],
            name=op.f("fk_disputes_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        schema="talenthub",
    )
    op.create_index("ix_disputes_application", "disputes", ["application_id", "id"], unique=False, schema="talenthub")
    op.create_index(
        "uq_disputes_request", "disputes", ["application_id", "request_id"], unique=True, schema="talenthub"
    )
    op.create_table(
        "interviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("interviewer_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=500), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="SCHEDULED", nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["talenthub.applications.id"],
            name=op.f("fk_interviews_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
        schema="talenthub",
    )
    op.create_index(
        "ix_interviews_application",
        "interviews",
        ["application_id", "start_time", "id"],
        unique=False,
        schema="talenthub",
    )
    op.create_index(
        "uq_interviews_request", "interviews", ["application_id", "request_id"], unique=True, schema="talenthub"
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["talenthub.applications.id"], name=op.f("fk_notes_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        schema="talenthub",
    )
    op.create_index("ix_notes_application", "notes", ["application_id", "id"], unique=False, schema="talenthub")
    op.create_index("uq_notes_request", "notes", ["application_id", "request_id"], unique=True, schema="talenthub")
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="OPEN", nullable=False),
        sa.Column("answer_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["talenthub.applications.id"], name=op.f("fk_offers_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        schema="talenthub",
    )
    op.create_index("ix_offers_application", "offers", ["application_id", "id"], unique=False, schema="talenthub")
    op.create_index("uq_offers_request", "offers", ["application_id", "request_id"], unique=True, schema="talenthub")
    op.create_table(
        "ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("requirement_id", sa.String(length=100), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["talenthub.applications.id"],
            name=op.f("fk_ratings_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        schema="talenthub",
    )
    op.create_index("ix_ratings_application", "ratings", ["application_id", "id"], unique=False, schema="talenthub")
    op.create_index(
        "uq_ratings_author",
        "ratings",
        ["application_id", "author_id", "requirement_id"],
        unique=True,
        schema="talenthub",
    )
    op.create_table(
        "stage_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("from_stage", sa.String(length=16), nullable=False),
        sa.Column("to_stage", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["talenthub.applications.id"],
            name=op.f("fk_stage_moves_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_moves")),
        schema="talenthub",
    )
    op.create_index(
        "ix_stage_moves_application", "stage_moves", ["application_id", "id"], unique=False, schema="talenthub"
    )
    op.create_index("ix_stage_moves_position", "stage_moves", ["position_id"], unique=False, schema="talenthub")
    op.create_index(
        "uq_stage_moves_request", "stage_moves", ["application_id", "request_id"], unique=True, schema="talenthub"
    )
    op.add_column(
        "applications",
        sa.Column("profile", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        schema="talenthub",
    )
    op.add_column("applications", sa.Column("merged_into_id", sa.Uuid(), nullable=True), schema="talenthub")
    op.add_column(
        "applications", sa.Column("merge_time", sa.DateTime(timezone=True), nullable=True), schema="talenthub"
    )
    op.add_column("applications", sa.Column("request_id", sa.Uuid(), nullable=True), schema="talenthub")
    op.drop_index(op.f("ix_applications_candidate_id"), table_name="applications", schema="talenthub")
    op.create_index(
        "ix_applications_candidate", "applications", ["candidate_id", "id"], unique=False, schema="talenthub"
    )
    op.create_index("ix_applications_merged", "applications", ["merged_into_id"], unique=False, schema="talenthub")
    op.create_index("ix_applications_position", "applications", ["position_id", "id"], unique=False, schema="talenthub")
    op.create_index(
        "ix_applications_stage", "applications", ["position_id", "stage", "id"], unique=False, schema="talenthub"
    )
    op.create_foreign_key(
        op.f("fk_applications_merged_into_id"),
        "applications",
        "applications",
        ["merged_into_id"],
        ["id"],
        source_schema="talenthub",
        referent_schema="talenthub",
        ondelete="SET NULL",
    )
    op.add_column(
        "organizations", sa.Column("close_time", sa.DateTime(timezone=True), nullable=True), schema="talenthub"
    )
    op.add_column(
        "organizations",
        sa.Column("stages", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        schema="talenthub",
    )
    op.add_column("organizations", sa.Column("request_id", sa.Uuid(), nullable=True), schema="talenthub")
    op.create_unique_constraint(
        op.f("uq_organizations_request_id"), "organizations", ["request_id"], schema="talenthub"
    )
    op.add_column(
        "positions", sa.Column("team", sa.String(length=100), server_default="", nullable=False), schema="talenthub"
    )
    op.create_index(
        "ix_positions_open",
        "positions",
        ["id"],
        unique=False,
        schema="talenthub",
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_index(
        "ix_positions_open_country",
        "positions",
        ["country_code", "id"],
        unique=False,
        schema="talenthub",
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    # What came in before steps were kept.
    op.execute(
        "insert into talenthub.stage_moves (id, application_id, position_id, from_stage, to_stage, actor_id, create_time)"
        " select gen_random_uuid(), id, position_id, '', stage, candidate_id, stage_time from talenthub.applications"
    )
    for table, whose in POLICIES.items():
        protect(f"talenthub.{table}", whose)


def protect(table: str, whose: str) -> None:
    """Forced: for the owner too. `everyone` comes first, and ends the question."""
    condition = f"case when {TENANT} = 'everyone' then true else {whose} end"
    op.execute(f"alter table {table} enable row level security, force row level security")
    for name, command, check in (
        ("seen", "select", f"using ({condition})"),
        ("added", "insert", f"with check ({condition})"),
        ("changed", "update", f"using ({condition}) with check ({condition})"),
        ("removed", "delete", f"using ({condition})"),
    ):
        op.execute(f"create policy {name} on {table} for {command} to talenthub {check}")


def downgrade() -> None:
    op.drop_index("ix_positions_open_country", table_name="positions", schema="talenthub")
    op.drop_index("ix_positions_open", table_name="positions", schema="talenthub")
    op.drop_column("positions", "team", schema="talenthub")
    op.drop_constraint(op.f("uq_organizations_request_id"), "organizations", schema="talenthub", type_="unique")
    op.drop_column("organizations", "request_id", schema="talenthub")
    op.drop_column("organizations", "stages", schema="talenthub")
    op.drop_column("organizations", "close_time", schema="talenthub")
    op.drop_constraint(op.f("fk_applications_merged_into_id"), "applications", schema="talenthub", type_="foreignkey")
    op.drop_index("ix_applications_stage", table_name="applications", schema="talenthub")
    op.drop_index("ix_applications_position", table_name="applications", schema="talenthub")
    op.drop_index("ix_applications_merged", table_name="applications", schema="talenthub")
    op.drop_index("ix_applications_candidate", table_name="applications", schema="talenthub")
    op.create_index(
        op.f("ix_applications_candidate_id"), "applications", ["candidate_id"], unique=False, schema="talenthub"
    )
    op.drop_column("applications", "request_id", schema="talenthub")
    op.drop_column("applications", "merge_time", schema="talenthub")
    op.drop_column("applications", "merged_into_id", schema="talenthub")
    op.drop_column("applications", "profile", schema="talenthub")
    op.drop_index("uq_stage_moves_request", table_name="stage_moves", schema="talenthub")
    op.drop_index("ix_stage_moves_position", table_name="stage_moves", schema="talenthub")
    op.drop_index("ix_stage_moves_application", table_name="stage_moves", schema="talenthub")
    op.drop_table("stage_moves", schema="talenthub")
    op.drop_index("uq_ratings_author", table_name="ratings", schema="talenthub")
    op.drop_index("ix_ratings_application", table_name="ratings", schema="talenthub")
    op.drop_table("ratings", schema="talenthub")
    op.drop_index("uq_offers_request", table_name="offers", schema="talenthub")
    op.drop_index("ix_offers_application", table_name="offers", schema="talenthub")
    op.drop_table("offers", schema="talenthub")
    op.drop_index("uq_notes_request", table_name="notes", schema="talenthub")
    op.drop_index("ix_notes_application", table_name="notes", schema="talenthub")
    op.drop_table("notes", schema="talenthub")
    op.drop_index("uq_interviews_request", table_name="interviews", schema="talenthub")
    op.drop_index("ix_interviews_application", table_name="interviews", schema="talenthub")
    op.drop_table("interviews", schema="talenthub")
    op.drop_index("uq_disputes_request", table_name="disputes", schema="talenthub")
    op.drop_index("ix_disputes_application", table_name="disputes", schema="talenthub")
    op.drop_table("disputes", schema="talenthub")
    op.drop_index("uq_position_versions_request", table_name="position_versions", schema="talenthub")
    op.drop_table("position_versions", schema="talenthub")
    op.drop_index(op.f("ix_position_skills_skill_id"), table_name="position_skills", schema="talenthub")
    op.drop_table("position_skills", schema="talenthub")
    op.drop_index("uq_position_templates_request", table_name="position_templates", schema="talenthub")
    op.drop_index("ix_position_templates_organization", table_name="position_templates", schema="talenthub")
    op.drop_table("position_templates", schema="talenthub")
    op.drop_index("uq_invitations_request", table_name="invitations", schema="talenthub")
    op.drop_index("ix_invitations_organization", table_name="invitations", schema="talenthub")
    op.drop_index("ix_invitations_email", table_name="invitations", schema="talenthub")
    op.drop_table("invitations", schema="talenthub")
    op.drop_table("domain_codes", schema="talenthub")
    op.drop_table("decisions", schema="talenthub")
    op.drop_index("uq_bias_audits_request", table_name="bias_audits", schema="talenthub")
    op.drop_index(op.f("ix_bias_audits_organization_id"), table_name="bias_audits", schema="talenthub")
    op.drop_table("bias_audits", schema="talenthub")
    op.drop_table("self_identifications", schema="talenthub")
    op.drop_index(
        "ix_jobs_due", table_name="jobs", schema="talenthub", postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.drop_table("jobs", schema="talenthub")
