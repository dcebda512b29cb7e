"""Signing in with a broker in memory, on a real Redis."""

from dataclasses import replace
from datetime import timedelta
from typing import Dict, List, Optional
from urllib.parse import urlencode

from actions.identity.errors import BrokerError
from actions.identity.handoff_store import HandOffStore
from actions.identity.links import Links
from actions.identity.model import Level, Login, Logout, Need, Profile, Tokens, TokenSet
from actions.identity.service import IdentityService
from actions.identity.session_store import SessionStore
from core.vault import Vault, make_keys
from tests.support.clock import SettableClock

BASE = "http://127.0.0.1:8080"
BROKER = "http://broker.test/authorize"
CODE, ID_TOKEN, ACCESS = "code-of-the-broker", "id.token.signed", "access-token-of-the-broker"
SUBJECT = "subject-of-chan"
PROFILE = Profile("CHAN TAI MAN", "1988-03-12", "hkid", "Q000001(5)", "+85251739468")


class FakeBroker:
    """Believes the right code once, for the verifier, nonce and address that it was asked with."""

    issuer = "http://broker.test"

    def __init__(self, clock) -> None:
        self._clock = clock
        self.asked: List[dict] = []
        self.exchanged: List[dict] = []
        self.fails: Optional[BrokerError] = None
        self.down: Optional[BrokerError] = None
        self.out: Dict[str, Logout] = {}
        self.refreshed = 0

    async def authorize_url(self, **asked) -> str:
        if self.down:
            raise self.down
        self.asked.append(asked)
        return f"{BROKER}?{urlencode({'state': asked['state'], 'response_type': 'code'})}"

    async def exchange(self, **given) -> TokenSet:
        if self.fails:
            raise self.fails
        self.exchanged.append(given)
        begun = self.asked[-1]
        same = ("verifier", "nonce", "redirect_uri", "need")
        if given["code"] != CODE or any(given[name] != begun[name] for name in same):
            raise BrokerError("refused", "no")
        now = self._clock()
        login = Login(self.issuer, SUBJECT, "sid-1", Level.LOGIN, now)
        return TokenSet(login, Tokens(ACCESS, None, ID_TOKEN, now + timedelta(minutes=5)))

    async def end_session_url(
        self, known: TokenSet, back_to: str, hint: bool = True
    ) -> Optional[str]:
        if self.down:
            raise self.down
        asked = {**({"hint": known.tokens.id_token} if hint else {}), "to": back_to}
        return f"http://broker.test/logout?{urlencode(asked)}"

    async def refresh(self, known: TokenSet) -> TokenSet:
        if self.down:
            raise self.down
        self.refreshed += 1
        renewed = replace(known.tokens, access_token=f"{ACCESS}-{self.refreshed}",
                          expires_at=self._clock() + timedelta(minutes=5))  # fmt: skip
        return replace(known, tokens=renewed)

    async def userinfo(self, known: TokenSet) -> Profile:
        if self.down:
            raise self.down
        return replace(PROFILE, phone=None) if known.tokens.access_token == ACCESS else PROFILE

    async def verify_logout_token(self, token: str) -> Logout:
        if token not in self.out:
            raise BrokerError("signature", "no")
        return self.out.pop(token)


class Identity:
    """The service as it is wired, but for the broker."""

    def __init__(self, redis, base: str = BASE, broker=None) -> None:
        self.redis, self.base = redis, base
        self.clock = SettableClock()
        self.vault = Vault(make_keys(), "f")
        self.broker = broker or FakeBroker(self.clock)
        self.sessions = SessionStore(redis, self.vault, self.clock)
        self.store = HandOffStore(redis, self.vault)
        self.links = Links(
            self.store, self.broker, self.need_of, {"wechat"}, self.vault.fingerprint, base,
            self.clock,
        )  # fmt: skip
        self.service = IdentityService(
            self.links, self.store, self.broker, self.sessions, base, self.clock
        )

    def need_of(self, task: str) -> Need:
        fresh = timedelta(minutes=5) if task == "cancel_appointment" else None
        return Need(Level.ANONYMOUS if task == "sign_in" else Level.LOGIN, fresh)

    async def token(self, sender="web-a", channel="web", reader="en", account="") -> str:
        """The token of a new link."""
        made = await self.links.hand_off(sender, channel, account, "view_appointment", reader)
        return token_of(made.url)


def token_of(url: str) -> str:
    return url.partition("?t=")[2]


class Chats:
    """What the chats were told."""

    def __init__(self) -> None:
        self.resumed_with: list = []
        self.asked_with: list = []
        self.fails = False

    async def resumed(self, linked) -> None:
        if self.fails:
            raise RuntimeError("the chat is away")
        self.resumed_with.append(linked)

    async def asked(self, sender, channel, account, reader) -> None:
        self.asked_with.append((sender, channel, account, reader))


async def everything(redis) -> str:
    """All that Redis holds, keys and values."""
    read = {
        "string": redis.get, "hash": redis.hgetall, "set": redis.smembers, "stream": redis.xrange,
        "list": lambda key: redis.lrange(key, 0, -1), "zset": lambda key: redis.zrange(key, 0, -1),
    }  # fmt: skip
    found = []
    for key in sorted(await redis.keys("*")):
        kind = await redis.type(key)
        if kind != "none":  # it has just expired
            found.append(f"{key} {await read[kind](key)}")
    return "\n".join(found)
