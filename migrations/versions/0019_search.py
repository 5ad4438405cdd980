"""matching: what finds candidates and positions

Row security keeps `&&`, `@>` and `@@` from using an index: the planner must not show them a row that the policy has not let through. These
views are read as their owner, whose policy lets everything through, and give rows to the tenant `everyone` alone: that is asked once a
statement, before the first row.

Vectors' indexes with more neighbours: with pgvector's 16 and 64, of the 100 nearest too few are found at any cost that a search may have.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT = "(select current_setting('skillsync.tenant', true))"
NOBODY = "false"
# Who sees a row, and who may write it.
POLICIES = {
    "candidate_texts": (f"candidate_id::text = {TENANT}", NOBODY),
    "position_texts": ("position_id in (select id from matching.positions)", NOBODY),
    "words": (NOBODY, NOBODY),
    "skill_counts": (NOBODY, NOBODY),
}
READ_BY_VIEWS = (
    "candidates",
    "candidate_vectors",
    "candidate_texts",
    "positions",
    "position_vectors",
    "position_texts",
    "words",
)
EVERYONE = "current_setting('skillsync.tenant', true) = 'everyone'"
VIEWS = {
    "every_candidate": """
        select id, title, skill_ids, languages, education_level, years, countries, permits, modes, available, blocked_employers
        from matching.candidates""",
    "every_candidate_vector": "select candidate_id, vector from matching.candidate_vectors",
    "every_candidate_text": "select candidate_id, title, seniority, passages, words from matching.candidate_texts",
    "every_position": """
        select id, organization_id, organization_name, state, p.title, city, country, work_mode, p.seniority, skill_ids
        from matching.positions p left join matching.position_texts on position_id = id""",
    "every_position_vector": "select position_id, vector from matching.position_vectors",
    "every_position_text": "select position_id, title, seniority, passages, words from matching.position_texts",
    "every_word": "select corpus, word, lexeme, count from matching.words",
}
NEIGHBOURS = "with (m = 24, ef_construction = 128)"


def upgrade() -> None:
    index_vectors(NEIGHBOURS)
    create_texts("candidate_texts", "candidate_id", "candidates")
    skill_ids = sa.Column("skill_ids", sa.ARRAY(sa.Text()), server_default="{}", nullable=False)
    create_texts("position_texts", "position_id", "positions", skill_ids)
    op.create_index(
        "ix_position_texts_skill_ids", "position_texts", ["skill_ids"], schema="matching", postgresql_using="gin"
    )
    create_counts()
    for table, (seen, written) in POLICIES.items():
        protect(f"matching.{table}", seen, written)
    for table in READ_BY_VIEWS:
        op.execute(f"create policy searched on matching.{table} for select to current_user using (true)")
    for view, statement in VIEWS.items():
        op.execute(f"create view matching.{view} as {statement} where {EVERYONE}")
        op.execute(f"revoke insert, update, delete on matching.{view} from matching")


def create_texts(name: str, key: str, owner: str, *more: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column(key, sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seniority", sa.String(length=16), server_default="", nullable=False),
        sa.Column("passages", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        *more,
        sa.ForeignKeyConstraint([key], [f"matching.{owner}.id"], name=op.f(f"fk_{name}_{key}"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")),
        schema="matching",
    )
    # In the row itself: a search ranks thousands of them, and would fetch each from elsewhere.
    op.execute(f"alter table matching.{name} alter column words set storage main")
    op.create_index(f"ix_{name}_words", name, ["words"], schema="matching", postgresql_using="gin")


def create_counts() -> None:
    op.create_table(
        "words",
        sa.Column("corpus", sa.String(length=16), nullable=False),
        sa.Column("word", sa.String(length=100), nullable=False),
        sa.Column("lexeme", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("corpus", "word", name=op.f("pk_words")),
        schema="matching",
    )
    op.create_index(op.f("ix_words_lexeme"), "words", ["lexeme"], unique=False, schema="matching")
    op.create_index(
        "ix_words_word_trigrams",
        "words",
        ["word"],
        schema="matching",
        postgresql_using="gist",
        postgresql_ops={"word": "gist_trgm_ops"},
    )
    op.create_table(
        "skill_counts",
        sa.Column("corpus", sa.String(length=16), nullable=False),
        sa.Column("skill_id", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("corpus", "skill_id", name=op.f("pk_skill_counts")),
        schema="matching",
    )


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
    for view in VIEWS:
        op.execute(f"drop view matching.{view}")
    for table in POLICIES:
        op.drop_table(table, schema="matching")
    for table in READ_BY_VIEWS:
        if table not in POLICIES:
            op.execute(f"drop policy searched on matching.{table}")
    index_vectors("")


def index_vectors(options: str) -> None:
    for table in ("candidate_vectors", "position_vectors"):
        op.execute(f"drop index matching.ix_{table}_hnsw")
        op.execute(f"create index ix_{table}_hnsw on matching.{table} using hnsw (vector halfvec_ip_ops) {options}")
