"""The waiting list of appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment_waiting",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("sender", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("reader", sa.String(16), nullable=False),
        sa.Column("permit", sa.String(64), nullable=False),
        sa.Column("centre", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("offers", sa.Integer, nullable=False),
        sa.Column("slot", sa.String(192), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appointment_waiting"),
    )
    op.create_index("ix_appointment_waiting_sender", "appointment_waiting", ["sender"])
    op.create_index(
        "ix_appointment_waiting_queue",
        "appointment_waiting",
        ["state", "centre", "permit", "day", "joined_at"],
    )
    for name, columns, where in (
        (
            "uq_appointment_waiting_live",
            ["sender", "permit", "centre", "day"],
            "state IN ('waiting', 'offering', 'offered')",
        ),
        ("uq_appointment_waiting_offering", ["centre", "permit", "day"], "state = 'offering'"),
    ):
        op.create_index(
            name, "appointment_waiting", columns, unique=True,
            sqlite_where=sa.text(where), postgresql_where=sa.text(where),
        )  # fmt: skip


def downgrade() -> None:
    op.drop_table("appointment_waiting")
