"""What is done at the door as rows of its own; arrivals so far are taken over.

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with an action for each arrival."""
    op.create_table(
        "door_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("refers_to_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_door_actions_event_id")),
        sa.ForeignKeyConstraint(
            ["attendee_id"],
            ["attendees.id"],
            name=op.f("fk_door_actions_attendee_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_door_actions_user_id")),
        sa.ForeignKeyConstraint(
            ["refers_to_id"], ["door_actions.id"], name=op.f("fk_door_actions_refers_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_actions")),
        sa.UniqueConstraint("client_id", name=op.f("uq_door_actions_client_id")),
    )
    with op.batch_alter_table("door_actions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_door_actions_event_id_received_at", ["event_id", "received_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_door_actions_attendee_id"), ["attendee_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_door_actions_refers_to_id"), ["refers_to_id"], unique=False
        )
    # No arrival is lost, and none is counted twice: the identity is the attendee's.
    op.execute(
        "INSERT INTO door_actions (client_id, kind, event_id, attendee_id, scanned_at, received_at,"
        " device, sequence)"
        " SELECT 'arrival-' || CAST(id AS VARCHAR(20)), 'in', event_id, id, checked_in_at,"
        " checked_in_at, '', 0 FROM attendees WHERE checked_in_at IS NOT NULL ORDER BY id"
    )


def downgrade() -> None:
    """Take the table away; the arrivals themselves stand with the attendees."""
    op.drop_table("door_actions")
