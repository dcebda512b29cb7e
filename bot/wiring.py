"""Puts the parts together. The only place that knows which implementation stands behind a port."""

from dataclasses import dataclass
from typing import Any, List, Optional

from rasa.core.agent import Agent
from rasa_sdk import Action
from sqlalchemy.engine import Engine

from actions.appointments.actions import ActionAppointment
from actions.appointments.http_book import HttpBook
from actions.conversation.actions import (
    ActionChangeLanguage,
    ActionOutOfScope,
    ActionRepeatLast,
    ActionSimplifyLast,
    ActionUnusableInput,
)
from actions.enquiry.actions import ActionAnswer, ActionChoose
from actions.feedback.actions import ActionGiveFeedback
from actions.feedback.service import FeedbackService
from actions.feedback.store import FeedbackStore
from actions.identity.access import Access
from actions.identity.actions import (
    ActionCheckApplicationStatus,
    ActionConfirmSignIn,
    ActionSignedIn,
    ActionSignIn,
    ActionSignOut,
)
from actions.identity.levels import Levels
from actions.privacy.actions import ActionDeleteMyData
from actions.privacy.service import Place, PrivacyService
from bot.office import Office, off_loop, open_office
from bot.post import Post, open_post
from bot.rasa_glue.action_endpoint import InProcessActions
from bot.rasa_glue.lock_store import AsyncRedisLockStore
from bot.rasa_glue.nlg import KnowledgeNLG
from bot.rasa_glue.patches import apply_patches
from bot.rasa_glue.tracker_store import SessionTrackerStore
from bot.sign_in import SignIn, open_sign_in
from channels.common.choices import Choices
from channels.common.conversation import Conversation
from channels.common.resume import ChatResume
from channels.common.turns import Turns
from channels.web.history import History
from channels.web.input import NAME as WEB
from channels.web.speaker import WebSpeaker
from channels.wechat.account import CHANNEL as WECHAT
from channels.wechat.exchange import Exchange
from core.cache import connect
from core.clock import Clock, system_clock
from core.database import open_database
from core.settings import Environment, Settings
from core.vault import Vault
from knowledge.store import KnowledgeStore
from nlu.components import live
from nlu.model import Model
from nlu.retrieval.search import KnowledgeSearch


@dataclass
class Assistant:
    """The parts that the server and the command line use."""

    settings: Settings
    knowledge: KnowledgeStore
    database: Engine
    redis: Any
    conversation: Conversation
    history: History
    office: Office
    post: Post
    turns: Turns
    privacy: PrivacyService
    vault: Vault
    sign_in: Optional[SignIn]
    resume: ChatResume

    async def close(self) -> None:
        self.knowledge.close()
        await self.turns.close()
        await self.office.close()
        await self.post.close()
        if self.sign_in:
            await self.sign_in.close()
        await self.redis.close()
        await self.redis.connection_pool.disconnect()
        self.database.dispose()


class LiveSearch:
    """The search over the present snapshot; built anew before a new snapshot comes into force."""

    def __init__(self, store: KnowledgeStore, model: Model) -> None:
        self._ranker = model.ranker()
        self._search = KnowledgeSearch(store.current, self._ranker)
        store.on_change(self._renew)

    def _renew(self, snapshot: Any) -> None:
        self._search = KnowledgeSearch(snapshot, self._ranker, self._search)

    def __call__(self) -> KnowledgeSearch:
        return self._search


def build(
    settings: Settings, redis_url: str, model: Model, clock: Clock = system_clock
) -> Assistant:
    """Wires an assistant.

    Args:
        redis_url: the Redis in use, embedded or not.
        model: the trained model to load.

    Raises:
        OneStopError: the knowledge or the encryption keys cannot be used.
    """
    apply_patches()
    vault = Vault(settings.encryption_keys(), settings.fingerprinting_key())
    knowledge = KnowledgeStore(
        settings.knowledge_dir, model.files, demo=settings.env is Environment.DEMO
    )
    live.use(model.identifier(), LiveSearch(knowledge, model), clock)
    client = connect(redis_url)
    database = open_database(settings.database_address)
    choices, history = Choices(client), History(client, vault)
    opinions = FeedbackStore(database)
    levels = Levels(lambda: knowledge.current)
    signing = open_sign_in(
        settings, client, redis_url, vault, levels, lambda: knowledge.current, clock
    )
    access = Access(signing.service if signing else None, levels.need_of, clock)
    post = open_post(
        settings, database, client, vault, lambda: knowledge.current, clock,
        (signing.service,) if signing else (),
    )  # fmt: skip
    office = open_office(
        settings, database, client, vault, post.deliveries, access, lambda: knowledge.current, clock
    )

    async def account_of(sender: str) -> str:
        person = await post.people.address_of(sender)
        return person.account if person else ""

    accounts = signing.accounts(access, account_of, lambda: knowledge.current) if signing else None
    places = [
        *([signing.place] if signing else []),
        Place("choices", choices.forget),
        Place("files", office.handouts.forget),
        Place("opinions", off_loop(opinions.delete_of), off_loop(opinions.export_of)),
        *office.places,
        Place("conversation", history.forget, history.export_of),
        Place("people", post.people.delete_of, post.people.export_of),
    ]
    elsewhere = isinstance(office.book, HttpBook)
    privacy = PrivacyService(places, office.own.booked, office.handouts, clock, elsewhere)
    actions: List[Action] = [
        ActionAnswer(lambda: knowledge.current),
        ActionChoose(lambda: knowledge.current),
        ActionRepeatLast(),
        ActionSimplifyLast(),
        ActionChangeLanguage(),
        ActionOutOfScope(),
        ActionUnusableInput(),
        ActionGiveFeedback(FeedbackService(opinions, clock)),
        ActionDeleteMyData(privacy),
        ActionAppointment(office.service, lambda: office.has_centres),
        ActionSignIn(accounts, office.service.task_of),
        ActionSignOut(accounts),
        ActionCheckApplicationStatus(accounts),
        ActionSignedIn(accounts),
        ActionConfirmSignIn(accounts),
    ]
    trackers = SessionTrackerStore(client, vault)
    agent = Agent.load(
        str(model.rasa_archive),
        generator=KnowledgeNLG(lambda: knowledge.current),
        tracker_store=trackers,
        lock_store=AsyncRedisLockStore(client, settings.workers > 1 or bool(settings.redis_url)),
        action_endpoint=InProcessActions(actions),
    )
    conversation = Conversation(agent, choices, trackers, signing.service if signing else None)
    wechat = post.wechat
    exchange = Exchange(
        wechat.accounts, wechat.quotas, post.people, post.outbox, wechat.client,
        lambda: knowledge.current,
    )  # fmt: skip
    resume = ChatResume(conversation, {WEB: WebSpeaker(history, clock), WECHAT: exchange})
    turns = Turns(post.inbox, conversation, {WECHAT: exchange})
    database.dispose()  # workers are forked from here and open their own connections
    return Assistant(
        settings, knowledge, database, client, conversation, history, office, post, turns, privacy,
        vault, signing, resume,
    )  # fmt: skip
