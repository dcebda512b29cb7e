"""Sends what stands in the outbox for WeChat, and keeps the ledger of the quota beside it."""

import logging
from typing import Mapping, Sequence

from channels.common.courier import Verdict
from channels.common.envelope import Outgoing
from channels.common.people import People
from channels.common.quota import Quota
from channels.wechat.account import Account, Kind
from channels.wechat.client import WeChatClient
from channels.wechat.errors import OPTED_OUT, OVER_QUOTA

logger = logging.getLogger(__name__)

SUBSCRIBE = "subscribe"
#: What the platform calls each kind of message that the quota counts.
MSGTYPES: Mapping[str, str] = {
    "text": "text", "menu": "msgmenu", "card": "miniprogrampage", "link": "link",
    "image": "image", "voice": "voice",
}  # fmt: skip
#: An account that is not set here may be so in another process, or after the next start.
_OFF = Verdict("later", 60.0, "account_off")
#: In a demonstration nobody is there between two runs of the simulator: who writes in the next one
#: gets what waits.
_NOBODY = Verdict("park", reason="no_simulator")


class WeChatSender:
    """One try of one message (see ``channels.common.courier.Sender``).

    Args:
        quotas: the ledger of each kind of account (``limits.RULES``).
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        client: WeChatClient,
        quotas: Mapping[Kind, Quota],
        people: People,
    ) -> None:
        self._accounts = {account.app_id: account for account in accounts}
        self._client, self._quotas, self._people = client, quotas, people

    async def send(self, outgoing: Outgoing) -> Verdict:
        """Hands a message to the platform, when the quota allows."""
        account = self._accounts.get(outgoing.account)
        if account is None:
            return _OFF
        if not account.is_reachable:
            return _NOBODY
        if outgoing.kind == SUBSCRIBE:
            return await self._notify(account, outgoing)
        form = MSGTYPES.get(outgoing.kind)
        if form is None:
            logger.error("WeChat has no message of the kind %s", outgoing.kind)
            return Verdict("dead", reason="unknown_kind")
        quota, sender = self._quotas[account.kind], outgoing.sender
        if not await quota.spend(sender):
            return Verdict("park", reason=OVER_QUOTA)
        body = {"msgtype": form, form: dict(outgoing.body)}
        verdict = await self._client.send(account, outgoing.address, body)
        if verdict.fate == "park":  # by the platform's count
            await quota.exhausted(sender)
        elif verdict.fate in ("later", "dead"):
            await quota.refund(sender)
        return verdict

    async def _notify(self, account: Account, outgoing: Outgoing) -> Verdict:
        """A subscribe message: the quota does not count it, what the person agreed to does."""
        verdict = await self._client.subscribe(account, outgoing.address, outgoing.body)
        template = str(outgoing.body["template_id"])
        if verdict.fate == "sent":
            await self._people.use(outgoing.sender, template)
        elif verdict.reason == OPTED_OUT:
            await self._people.refuse(outgoing.sender, template)
        return verdict
