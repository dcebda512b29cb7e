"""Puts the parts of the worker together: what bot.wiring is for the bot, without Rasa."""

from dataclasses import dataclass
from typing import Any, List

from sqlalchemy.engine import Engine

from actions.appointments.reminder_store import ReminderStore
from actions.appointments.reminders import Reminders
from bot.worker import Job
from channels.common.delivery import Deliveries
from channels.web.delivery import WebDelivery
from core.cache import connect
from core.clock import system_clock
from core.database import open_database
from core.settings import Settings
from knowledge.store import KnowledgeStore


@dataclass
class Worker:
    """What the worker does, and on what."""

    knowledge: KnowledgeStore
    database: Engine
    redis: Any
    jobs: List[Job]

    async def close(self) -> None:
        self.knowledge.close()
        await self.redis.close()
        await self.redis.connection_pool.disconnect()
        self.database.dispose()


def build(settings: Settings, redis_url: str) -> Worker:
    """Wires a worker.

    Args:
        redis_url: the Redis in use, embedded or not.

    Raises:
        OneStopError: the knowledge cannot be used.
    """
    knowledge = KnowledgeStore(settings.knowledge_dir)
    knowledge.watch()
    client = connect(redis_url)
    database = open_database(settings.database_address)
    deliveries = Deliveries({"web": WebDelivery(client, system_clock)})
    reminders = Reminders(
        ReminderStore(database), deliveries.deliver, lambda: knowledge.current, system_clock
    )
    jobs = [
        Job("reminders", 5, reminders.send_due),
        Job("purge of reminders", 3600, reminders.purge),
    ]
    return Worker(knowledge, database, client, jobs)
