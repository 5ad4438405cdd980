"""user: attempts by address, mails that went out, registrations without password"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


PLATFORM = "(select current_setting('skillsync.tenant', true)) = 'everyone'"


def upgrade() -> None:
    # Nobody knows any more which address they were about.
    op.execute('delete from "user".sign_in_attempts')
    op.add_column("sign_in_attempts", sa.Column("address", sa.LargeBinary(length=32), nullable=False), schema="user")
    op.create_index("ix_sign_in_attempts_address", "sign_in_attempts", ["address"], schema="user")
    op.create_table(
        "sent_mails",
        sa.Column("address", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", "kind", name="pk_sent_mails"),
        schema="user",
    )
    op.create_index("ix_sent_mails_time", "sent_mails", ["time"], schema="user")
    op.execute('alter table "user".sent_mails enable row level security, force row level security')
    op.execute(f'create policy platform on "user".sent_mails to "user" using ({PLATFORM}) with check ({PLATFORM})')
    op.drop_column("registrations", "password_hash", schema="user")
    op.create_index("ix_registrations_email", "registrations", ["email"], schema="user")


def downgrade() -> None:
    op.drop_index("ix_registrations_email", "registrations", schema="user")
    # Without password they can be completed by nobody.
    op.execute('delete from "user".registrations')
    op.add_column("registrations", sa.Column("password_hash", sa.Text(), nullable=False), schema="user")
    op.drop_table("sent_mails", schema="user")
    op.drop_index("ix_sign_in_attempts_address", "sign_in_attempts", schema="user")
    op.drop_column("sign_in_attempts", "address", schema="user")
