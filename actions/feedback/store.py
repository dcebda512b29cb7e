"""Where opinions are kept. The only SQL of this capability."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, Text, delete, insert, select
from sqlalchemy.engine import Engine

from core.database import METADATA, Instant, transaction

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sender", String(128), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
)


class FeedbackStore:
    """Opinions by the sender who left them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, sender: str, text: str, said_at: datetime) -> None:
        with transaction(self._engine) as connection:
            connection.execute(insert(FEEDBACK).values(sender=sender, text=text, said_at=said_at))

    def export_of(self, sender: str) -> "list[dict[str, Any]]":
        """What a sender left, as plain data, the oldest first."""
        of_sender = select(FEEDBACK.c.text, FEEDBACK.c.said_at).where(FEEDBACK.c.sender == sender)
        with self._engine.connect() as connection:
            rows = connection.execute(of_sender.order_by(FEEDBACK.c.id)).mappings()
            return [{"text": row["text"], "said_at": row["said_at"].isoformat()} for row in rows]

    def delete_of(self, sender: str) -> int:
        """Deletes what a sender left. Returns how many opinions that were."""
        with transaction(self._engine) as connection:
            return connection.execute(delete(FEEDBACK).where(FEEDBACK.c.sender == sender)).rowcount
