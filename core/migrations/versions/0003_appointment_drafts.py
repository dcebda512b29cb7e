"""Unfinished bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment_drafts",
        sa.Column("sender", sa.String(128), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", name="pk_appointment_drafts"),
    )
    op.create_index("ix_appointment_drafts_updated_at", "appointment_drafts", ["updated_at"])


def downgrade() -> None:
    op.drop_table("appointment_drafts")
