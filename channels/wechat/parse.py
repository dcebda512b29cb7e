"""What a push says: each of WeChat's message types and events as one ``Incoming``.

developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html and
…/Receiving_event_pushes.html; for mini programs …/miniprogram/dev/framework/server-ability.
"""

import re
from datetime import datetime, timezone
from typing import Iterable, Tuple

from channels.common.envelope import Incoming
from channels.common.guard import MAX_TEXT
from channels.wechat.account import CHANNEL, Account
from channels.wechat.markup import Fields, text_of
from channels.wechat.refused import Refused
from core.vault import Vault

_OPENID = _TEMPLATE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_ID = 128
_NUMBER = re.compile(r"[0-9]{1,20}")
#: Seconds since 1970; beyond the year 2242 a time is nonsense.
_LATEST = 2**33

_MEDIA = {
    "image": "image", "voice": "voice", "video": "video", "shortvideo": "video",
    "location": "location", "link": "link", "miniprogrampage": "card",
}  # fmt: skip
#: What may stand for the message in words.
_WORDS = {"voice": "Recognition", "location": "Label"}
_EVENTS = {
    "subscribe": "follow", "unsubscribe": "leave", "scan": "scan", "click": "menu",
    "user_enter_tempsession": "enter",
}  # fmt: skip
_DECISIONS = ("accept", "reject", "ban")  # “filter” is the platform's own doing
_SUBSCRIPTIONS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
}


def sender_of(account: Account, openid: str, vault: Vault) -> str:
    """The pseudonym of a person at an account; nobody without the vault's key can make it."""
    return "wechat-" + vault.fingerprint("wechat person", f"{account.app_id}/{openid}")[:40]


def incoming(account: Account, fields: Fields, vault: Vault) -> Incoming:
    """The message or event that a push brings.

    Unknown types come out too, to be answered politely: ``media`` is “unknown” then.

    Raises:
        Refused: what every push has is missing or malformed.
    """
    openid, sent = text_of(fields, "FromUserName"), text_of(fields, "CreateTime")
    kind = text_of(fields, "MsgType").lower()
    if not _OPENID.fullmatch(openid) or not _NUMBER.fullmatch(sent) or int(sent) > _LATEST:
        raise Refused("malformed")
    if not kind:
        raise Refused("malformed")
    sender = sender_of(account, openid, vault)
    name = text_of(fields, "Event").lower() if kind == "event" else ""
    if kind == "event":
        event, media = _EVENTS.get(name, "other"), None
        # The key of a menu item is what our own staff wrote there: a question.
        text, choice = text_of(fields, "EventKey") if name == "click" else "", None
    else:
        event, media = "message", None if kind == "text" else _MEDIA.get(kind, "unknown")
        text = text_of(fields, "Content" if kind == "text" else _WORDS.get(kind, ""))
        choice = text_of(fields, "bizmsgmenuid")[:_LONGEST_ID] or None if kind == "text" else None
    return Incoming(
        channel=CHANNEL,
        account=account.app_id,
        sender=sender,
        address=openid,
        key=_key(fields, sender, vault),
        # what is longer than the longest is refused, whatever its end; it need not be kept
        text=text[: MAX_TEXT + 1],
        choice=choice,
        event=event,
        at=datetime.fromtimestamp(int(sent), timezone.utc),
        media=media,
        subscriptions=dict(_subscriptions(fields, name)),
    )


def _key(fields: Fields, sender: str, vault: Vault) -> str:
    """What WeChat's repeats of a push have in common: the id; of an event, all that tells it.

    Two events of one person in one second are told apart by what they are.
    """
    message_id = text_of(fields, "MsgId")
    if text_of(fields, "MsgType").lower() != "event" and message_id:
        if not _NUMBER.fullmatch(message_id):
            raise Refused("malformed")
        return f"message-{message_id}"
    names = ("CreateTime", "MsgType", "Event", "EventKey", "Content")
    parts = [sender, *(text_of(fields, name) for name in names)]
    written = "".join(f"{len(part)}:{part}" for part in parts)
    return "event-" + vault.fingerprint("wechat event", written)[:40]


def _subscriptions(fields: Fields, event: str) -> Iterable[Tuple[str, str]]:
    """The templates that a person accepted or refused in the mini program or the settings."""
    if event not in _SUBSCRIPTIONS:
        return
    inner = fields.get(_SUBSCRIPTIONS[event], fields)  # in JSON the list stands at the top
    lists = inner.get("List", []) if isinstance(inner, dict) else []
    for one in [lists] if isinstance(lists, dict) else lists:
        if not isinstance(one, dict):
            raise Refused("malformed")
        template, decision = text_of(one, "TemplateId"), text_of(one, "SubscribeStatusString")
        if _TEMPLATE.fullmatch(template) and decision.lower() in _DECISIONS:
            yield template, decision.lower()
