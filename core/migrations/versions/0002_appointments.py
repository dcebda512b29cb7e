"""The local calendar: slots with their seats, and the appointments that people make."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.String(192), nullable=False),
        sa.Column("centre", sa.String(64), nullable=False),
        sa.Column("permit", sa.String(64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("opened", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.UniqueConstraint("centre", "permit", "starts_at", name="uq_slots_centre"),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name="ck_slots_seats"),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slot", sa.String(192), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("permit", sa.String(64), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("reference", sa.String(16)),
        sa.Column("payload", sa.LargeBinary),
        sa.Column("document", sa.String(64)),
        sa.Column("phone", sa.String(64)),
        sa.Column("person", sa.String(128)),
        sa.Column("sender", sa.String(128)),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("moved_by", sa.String(128)),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.ForeignKeyConstraint(["slot"], ["slots.id"], name="fk_appointments_slot_slots"),
        sa.UniqueConstraint("key", name="uq_appointments_key"),
        sa.UniqueConstraint("reference", name="uq_appointments_reference"),
    )
    for column in ("slot", "person", "sender"):
        op.create_index(f"ix_appointments_{column}", "appointments", [column])
    for name, columns, where, unique in (
        ("uq_appointments_active", ["permit", "document"], "status = 'booked'", True),
        ("ix_appointments_held", ["held_until"], "status = 'held'", False),
    ):
        op.create_index(
            name, "appointments", columns, unique=unique,
            sqlite_where=sa.text(where), postgresql_where=sa.text(where),
        )  # fmt: skip


def downgrade() -> None:
    op.drop_table("appointments")
    op.drop_table("slots")
