"""Signs people in to the real assistant, without a broker: as the way back from one does."""

from datetime import datetime, timedelta
from typing import Any, Optional

from actions.identity.model import Level, Login, Profile, SignedIn, Tokens, TokenSet

ACCESS, ID_TOKEN, REFRESH = "access-7f3b91c2", "eyJhbGciOi.J9.c2ln", "refresh-91c27f3b"


def login(
    now: datetime, subject: str = "subject-of-chan", level: Level = Level.LOGIN,
    ago: timedelta = timedelta(),
) -> TokenSet:  # fmt: skip
    """What the broker gave: who signed in, and when."""
    who = Login("https://broker.test", subject, "sid-1", level, now - ago)
    return TokenSet(who, Tokens(ACCESS, REFRESH, ID_TOKEN, now + timedelta(hours=1)))


async def sign_in(assistant: Any, clock: Any, sender: str, **more: Any) -> SignedIn:
    """Signs a sender in."""
    return await assistant.sign_in.sessions.save(sender, login(clock(), **more))


def tell_profile(monkeypatch: Any, assistant: Any, profile: Optional[Profile]) -> None:
    """What the broker tells about whoever is signed in."""

    async def userinfo(known: TokenSet) -> Any:
        assert known.tokens.access_token == ACCESS
        return profile or Profile()

    monkeypatch.setattr(assistant.sign_in.broker, "userinfo", userinfo)


PROFILE = Profile("CHAN TAI MAN", "1988-03-12", "hkid", "Q000001(5)", "+85251739468")


async def come_back(assistant: Any, talk: Any, task: Optional[str] = None) -> None:
    """What comes after the way back from the broker: the chat is told, and the task goes on."""
    for intent in ("signed_in", *([task] if task else [])):
        talk.turn = await assistant.conversation.prompt(talk.sender, intent, "web")


def link_of(talk: Any) -> str:
    """The link in the last reply."""
    return str(talk.turn.replies[-1]["link"]["url"])


async def task_behind(assistant: Any, talk: Any) -> str:
    """The task that goes on after the sign-in that was offered last."""
    hand_off = await assistant.sign_in.service.links.page(link_of(talk).partition("?t=")[2])
    return str(hand_off.task)
