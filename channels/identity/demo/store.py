"""The demo broker's state, in Redis and short-lived. Secrets are kept as hashes alone.

A token is good for as long as its session is there: to end a session revokes all that came of it.
The client blocks, as Authlib's provider does; both run in a thread.
"""

import hashlib
import json
from dataclasses import asdict
from typing import Any, Optional, Type, TypeVar

from channels.identity.demo.model import Code, Session, Token, Visit

#: Seconds. A code has a minute, as RFC 9700 would have it short; the page has ten.
VISIT_S, CODE_S, ACCESS_S, SESSION_S = 600, 60, 600, 3600

_Kept = TypeVar("_Kept", Visit, Code, Session, Token)
_Once = TypeVar("_Once", Code, Token)


class DemoStore:
    """Keeps visits, sessions, codes and tokens.

    Args:
        client: a blocking Redis client with text answers.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def close(self) -> None:
        """Lets its connections go: while one is open, nobody stops an embedded Redis."""
        self._client.connection_pool.disconnect()

    def save_visit(self, visit_id: str, visit: Visit) -> None:
        self._save("visit", visit_id, visit, VISIT_S)

    def renew_visit(self, visit_id: str, visit: Visit) -> None:
        """Keeps what was chosen, unless the visit has ended meanwhile."""
        self._save("visit", visit_id, visit, VISIT_S, xx=True)

    def visit(self, visit_id: str) -> Optional[Visit]:
        return self._of("visit", visit_id, Visit)

    def end_visit(self, visit_id: str) -> bool:
        """Ends a visit; whether it was this call that did, so that it ends once."""
        return bool(self._client.delete(_key("visit", visit_id)))

    def save_session(self, session: Session) -> None:
        self._save("session", session.sid, session, SESSION_S)

    def session(self, sid: str) -> Optional[Session]:
        return self._of("session", sid, Session)

    def end_session(self, sid: str) -> Optional[Session]:
        """Ends a session and with it its tokens; returns it if it was there until now."""
        kept = self._client.getdel(_key("session", sid))
        return Session(**json.loads(kept)) if kept else None

    def save_code(self, code: str, kept: Code) -> None:
        self._save("code", code, kept, CODE_S)

    def use_code(self, code: str) -> Optional[Code]:
        """What a code stands for, the first time; a second time ends its session (RFC 6749 4.1.2).

        It is used by the first request that brings it, even by one that is then refused.
        """
        return self._use("code", code, Code, CODE_S)

    def save_access(self, token: str, kept: Token) -> None:
        self._save("access", token, kept, ACCESS_S)

    def access(self, token: str) -> Optional[Token]:
        """What an access token stands for while its session lasts."""
        kept = self._of("access", token, Token)
        return kept if kept and self.session(kept.sid) else None

    def save_refresh(self, token: str, kept: Token) -> None:
        self._save("refresh", token, kept, SESSION_S)

    def use_refresh(self, token: str) -> Optional[Token]:
        """What a refresh token stands for, the first time, as for a code (RFC 9700 4.14.2)."""
        return self._use("refresh", token, Token, SESSION_S)

    def _save(self, kind: str, secret: str, kept: Any, seconds: int, xx: bool = False) -> None:
        self._client.set(_key(kind, secret), json.dumps(asdict(kept)), ex=seconds, xx=xx)

    def _of(self, kind: str, secret: str, cls: Type[_Kept]) -> Optional[_Kept]:
        kept = self._client.get(_key(kind, secret))
        return cls(**json.loads(kept)) if kept else None

    def _use(self, kind: str, secret: str, cls: Type[_Once], seconds: int) -> Optional[_Once]:
        kept = self._of(kind, secret, cls)
        if kept and not self._client.set(_key(f"{kind}-used", secret), 1, ex=seconds, nx=True):
            self.end_session(kept.sid)
            return None
        return kept


def _key(kind: str, secret: str) -> str:
    return f"demo-broker:{kind}:{hashlib.sha256(secret.encode('utf-8', 'replace')).hexdigest()}"
