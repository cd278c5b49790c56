"""Bounces: who reads the mailbox, and which mails in it were dealt with.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "bounce_mailboxes",
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("held_by", sa.String(length=80), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_bounce_mailboxes")),
    )
    op.create_table(
        "bounce_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce_mails")),
        sa.UniqueConstraint(
            "mark", "validity", "uid", name=op.f("uq_bounce_mails_mark_validity_uid")
        ),
    )
    op.create_index(op.f("ix_bounce_mails_handled_at"), "bounce_mails", ["handled_at"])


def downgrade() -> None:
    """Change it back."""
    op.drop_table("bounce_mails")
    op.drop_table("bounce_mailboxes")
