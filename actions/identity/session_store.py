"""Who is signed in, in Redis alone and for a while: it forgets by itself.

Tokens and ids are sealed, and keys are fingerprints: who reads Redis learns neither who signed in
nor from which chat. Each session is found by its sender, and by the broker's session and person,
so that the broker can end it.
"""

import json
import logging
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any, List, Mapping, Optional, Tuple

import redis.asyncio

from actions.identity.model import Level, Login, SignedIn, Tokens, TokenSet
from core.clock import Clock
from core.sealing import seal, unseal
from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

_LIFETIME = timedelta(minutes=30)

# A session is a hash: "sealed", and "indexes", the keys of the sets that it is found by. All are
# derived from what is stored, so that replacing one and ending one are each a single step.
_LEAVE = """
local function leave(key)
  for index in string.gmatch(redis.call('HGET', key, 'indexes') or '', '%S+') do
    redis.call('SREM', index, key)
  end
end
"""
_SAVE = (
    _LEAVE
    + """
leave(KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'reference', ARGV[2], 'indexes', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
for index in string.gmatch(ARGV[3], '%S+') do
  redis.call('SADD', index, KEYS[1])
  redis.call('PEXPIRE', index, ARGV[4])
end
"""
)
_RENEW = """
if redis.call('HGET', KEYS[1], 'reference') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'sealed', ARGV[1])
return 1
"""
_END = (
    _LEAVE
    + """
local sealed = redis.call('HGET', KEYS[1], 'sealed')
leave(KEYS[1])
redis.call('DEL', KEYS[1])
return sealed
"""
)
_END_ALL = (
    _LEAVE
    + """
local ended = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local sealed = redis.call('HGET', key, 'sealed')
  leave(key)
  redis.call('DEL', key)
  if sealed then
    table.insert(ended, key)
    table.insert(ended, sealed)
  end
end
redis.call('DEL', KEYS[1])
return ended
"""
)


class SessionStore:
    """One session at most for each sender.

    Args:
        client: an asynchronous Redis client with text answers.
        lifetime: how long after signing in a session ends, used or not.
    """

    def __init__(
        self,
        client: "redis.asyncio.Redis[str]",
        vault: Vault,
        clock: Clock,
        lifetime: timedelta = _LIFETIME,
    ) -> None:
        self._client = client
        self._vault = vault
        self._clock = clock
        self._lifetime = lifetime

    async def save(self, sender: str, known: TokenSet) -> SignedIn:
        """Begins a session in place of the sender's last one."""
        login = known.login
        signed_in = SignedIn(
            reference=secrets.token_hex(16),
            person=self._vault.fingerprint("person", f"{login.issuer} {login.subject}"),
            level=login.level,
            auth_time=login.auth_time,
            expires_at=self._clock() + self._lifetime,
        )
        key, sealed = self._sealed(sender, signed_in, known)
        indexes = [self._index("subject", login.issuer, login.subject)]
        if login.sid:
            indexes.append(self._index("sid", login.issuer, login.sid))
        life_ms = int(self._lifetime.total_seconds() * 1000)
        await self._client.eval(
            _SAVE, 1, key, sealed, signed_in.reference, " ".join(indexes), life_ms
        )
        return signed_in

    async def of(self, sender: str) -> Optional[SignedIn]:
        """The sender's session, None when there is none or no longer."""
        found = await self._read(sender)
        return found[0] if found else None

    async def tokens(self, sender: str) -> Optional[TokenSet]:
        """The login and the tokens of the sender's session."""
        found = await self._read(sender)
        return found[1] if found else None

    async def renew(self, sender: str, reference: str, known: TokenSet) -> bool:
        """Keeps refreshed tokens in the session of that reference; its end stays where it was.

        Returns:
            False when that session has ended or another has begun meanwhile.
        """
        found = await self._read(sender)
        if not found or found[0].reference != reference:
            return False
        key, sealed = self._sealed(sender, found[0], known)
        return bool(await self._client.eval(_RENEW, 1, key, sealed, reference))

    async def end_of(self, sender: str) -> bool:
        """Ends the sender's session. Returns whether there was one."""
        return await self._client.eval(_END, 1, self._key(sender)) is not None

    async def end_by_sid(self, issuer: str, sid: str) -> List[str]:
        """Ends what began in a session at the broker. Returns the senders."""
        return await self._end_all(self._index("sid", issuer, sid))

    async def end_by_subject(self, issuer: str, subject: str) -> List[str]:
        """Ends all sessions of a person. Returns the senders."""
        return await self._end_all(self._index("subject", issuer, subject))

    async def delete_of(self, sender: str) -> int:
        """Deletes what is kept about a sender. Returns how many sessions that were: 0 or 1."""
        return int(await self.end_of(sender))

    async def export_of(self, sender: str) -> List[Mapping[str, Any]]:
        """What is kept about a sender, as JSON data; not the tokens, which open doors."""
        signed_in = await self.of(sender)
        if signed_in is None:
            return []
        return [
            {
                "level": signed_in.level.acr,
                "signed_in_at": signed_in.auth_time.isoformat(),
                "expires_at": signed_in.expires_at.isoformat(),
            }
        ]

    async def _end_all(self, index: str) -> List[str]:
        ended = iter(await self._client.eval(_END_ALL, 1, index))
        opened = [self._opened(key, sealed) for key, sealed in zip(ended, ended)]
        return sorted(content["sender"] for content in opened if content)

    async def _read(self, sender: str) -> Optional[Tuple[SignedIn, TokenSet]]:
        key = self._key(sender)
        sealed = await self._client.hget(key, "sealed")
        content = self._opened(key, sealed) if sealed else None
        if content is None or _moment(content["session"]["expires_at"]) <= self._clock():
            return None
        return _session(content["session"]), TokenSet(
            _login(content["login"]), _tokens(content["tokens"])
        )

    def _sealed(self, sender: str, signed_in: SignedIn, known: TokenSet) -> Tuple[str, str]:
        key = self._key(sender)
        content = {
            "sender": sender,
            "session": asdict(signed_in),
            "login": asdict(known.login),
            "tokens": asdict(known.tokens),
        }
        return key, seal(self._vault, json.dumps(content, default=datetime.isoformat), key)

    def _opened(self, key: str, sealed: str) -> Optional[Any]:
        try:
            return json.loads(unseal(self._vault, sealed, key))
        except VaultError:  # its key was taken out of use: the session has ended with it
            logger.exception("a signed-in session cannot be read")
            return None

    def _key(self, sender: str) -> str:
        return f"identity:session:{self._vault.fingerprint('identity sender', sender)}"

    def _index(self, kind: str, issuer: str, value: str) -> str:
        return f"identity:{kind}:{self._vault.fingerprint(f'identity {kind}', f'{issuer} {value}')}"


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(timezone.utc)


def _session(raw: Mapping[str, Any]) -> SignedIn:
    level, auth_time = Level(raw["level"]), _moment(raw["auth_time"])
    return SignedIn(raw["reference"], raw["person"], level, auth_time, _moment(raw["expires_at"]))


def _login(raw: Mapping[str, Any]) -> Login:
    return Login(
        raw["issuer"], raw["subject"], raw["sid"], Level(raw["level"]), _moment(raw["auth_time"])
    )


def _tokens(raw: Mapping[str, Any]) -> Tokens:
    return Tokens(
        raw["access_token"], raw["refresh_token"], raw["id_token"], _moment(raw["expires_at"])
    )
