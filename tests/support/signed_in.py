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
