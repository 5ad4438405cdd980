"""A schema for each service, owned by us, in which its role may read and write rows and nothing else."""

from collections.abc import Sequence

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMAS = ("user", "careerforge", "talenthub", "matching", "billing")


def upgrade() -> None:
    op.execute("revoke all on schema public from public")
    for name in SCHEMAS:
        op.execute(f'create schema "{name}"')
        op.execute(f'grant usage on schema "{name}" to "{name}"')
        # Types of extensions live in public; tables of ours do not.
        op.execute(f'grant usage on schema public to "{name}"')
        op.execute(
            f'alter default privileges in schema "{name}" grant select, insert, update, delete on tables to "{name}"'
        )
        op.execute(f'alter default privileges in schema "{name}" grant usage on sequences to "{name}"')


def downgrade() -> None:
    for name in reversed(SCHEMAS):
        op.execute(f'alter default privileges in schema "{name}" revoke all on tables from "{name}"')
        op.execute(f'alter default privileges in schema "{name}" revoke all on sequences from "{name}"')
        op.execute(f'revoke all on schema public from "{name}"')
        op.execute(f'drop schema "{name}"')
    op.execute("grant usage on schema public to public")
