"""People of the messaging platforms, and what they let us send unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_people",
        sa.Column("sender", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.LargeBinary),
        sa.Column("key_id", sa.String(32)),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("sender", name="pk_channel_people"),
    )
    op.create_table(
        "channel_subscriptions",
        sa.Column("sender", sa.String(128), nullable=False),
        sa.Column("template", sa.String(64), nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", "template", name="pk_channel_subscriptions"),
        sa.CheckConstraint("accepted >= 0", name="ck_channel_subscriptions_accepted"),
    )


def downgrade() -> None:
    op.drop_table("channel_subscriptions")
    op.drop_table("channel_people")
