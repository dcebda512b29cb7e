"""Puts the parts of the worker together: what bot.wiring is for the bot, without Rasa."""

from dataclasses import dataclass
from typing import Any, List

from sqlalchemy.engine import Engine

from actions.identity.access import Access
from actions.identity.levels import Levels
from bot.office import Office, open_office
from bot.post import Post, open_post
from bot.worker import Job
from core.cache import connect
from core.clock import system_clock
from core.database import open_database
from core.settings import Environment, Settings
from core.vault import Vault
from knowledge.store import KnowledgeStore


@dataclass
class Worker:
    """What the worker does, and on what."""

    knowledge: KnowledgeStore
    database: Engine
    redis: Any
    office: Office
    post: Post
    jobs: List[Job]

    async def close(self) -> None:
        self.knowledge.close()
        await self.office.close()
        await self.post.close()
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
    knowledge = KnowledgeStore(settings.knowledge_dir, demo=settings.env is Environment.DEMO)
    knowledge.watch()
    client = connect(redis_url)
    database = open_database(settings.database_address)
    vault = Vault(settings.encryption_keys(), settings.fingerprinting_key())
    post = open_post(settings, database, client, vault, lambda: knowledge.current, system_clock)
    levels = Levels(lambda: knowledge.current)
    nobody = Access(None, levels.need_of, system_clock)  # a worker talks with nobody
    office = open_office(
        settings, database, client, vault, post.deliveries, nobody, lambda: knowledge.current,
        system_clock,
    )  # fmt: skip
    jobs = [
        Job("reminders", 5, office.reminders.send_due),
        Job("waiting list", 5, office.waiting.sweep),
        Job("messages that nobody fetched", 3600, post.outbox.expire),
        Job("purge of reminders", 3600, office.reminders.purge),
        Job("purge of the waiting list", 3600, office.waiting.purge),
        Job("purge of drafts", 3600, office.purge_drafts),
        Job("purge of appointments", 3600, office.purge_appointments),
    ]
    return Worker(knowledge, database, client, office, post, jobs)
