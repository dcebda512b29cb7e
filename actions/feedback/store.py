"""Where opinions are kept. The only SQL of this capability."""

from datetime import datetime

from sqlalchemy import Column, DateTime, Integer, String, Table, Text, delete, insert
from sqlalchemy.engine import Engine

from core.database import METADATA, transaction

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sender", String(128), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
)


class FeedbackStore:
    """Opinions by the sender who left them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, sender: str, text: str, said_at: datetime) -> None:
        with transaction(self._engine) as connection:
            connection.execute(insert(FEEDBACK).values(sender=sender, text=text, said_at=said_at))

    def delete_of(self, sender: str) -> int:
        """Deletes what a sender left. Returns how many opinions that were."""
        with transaction(self._engine) as connection:
            return connection.execute(delete(FEEDBACK).where(FEEDBACK.c.sender == sender)).rowcount
