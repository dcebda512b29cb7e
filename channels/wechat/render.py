"""The replies of one turn as the fewest messages that WeChat allows for. Pure.

A person may be sent a few messages only until they write again, so that a turn is one text with
its choices where that fits. What does not fit into what is left of the quota is parked: the end of
what is told or, where a question is asked, what is told before it; the question is always sent.
"""

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from channels.common.choices import digest
from channels.wechat.account import Kind
from channels.wechat.mini_program import MiniProgram
from channels.wechat.split import split

#: Bytes of a text, and of all that a menu shows.
MOST = 2048
#: A longer menu is written as a list: how many items WeChat shows is nowhere written down.
_MOST_ITEMS = 10

ReplyData = Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """A message to send: the kind of an ``Outgoing``, and the platform's JSON for that kind."""

    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Rendered:
    """What to send now, and what must wait until the person writes again."""

    messages: Tuple[Message, ...]
    parked: Tuple[Message, ...] = ()


def render(
    replies: Sequence[ReplyData],
    kind: Kind,
    quota: int,
    more: str,
    asks: Optional[str] = None,
    mini_program: Optional[MiniProgram] = None,
) -> Rendered:
    """The messages of a turn.

    Args:
        replies: ``Reply.as_dict`` data, in order; at least one.
        quota: messages that the person may still be sent.
        more: the sentence that says that more follows when the person writes again.
        asks: the slot that the last reply asks for, if it asks for one.
    """
    for rich in (True, False):  # a card is a message of its own: a line where there is none left
        texts, cards = _parts(replies, kind, mini_program, rich)
        messages = _texts("\n\n".join(texts), replies[-1], kind) + cards
        if len(messages) <= quota:
            return Rendered(tuple(messages))
    if quota < 1:
        return Rendered((), tuple(messages))
    room = MOST - len(more.encode()) - 2
    if not asks and not replies[-1]["buttons"]:
        told = [_text(piece) for piece in split("\n\n".join(texts), room)]
        return _announced(told[:quota], told[quota:], "{said}\n\n{more}", more)
    question = _texts(texts[-1], replies[-1], kind, room)
    told = [_text(piece) for piece in split("\n\n".join(texts[:-1]), MOST)] if texts[:-1] else []
    fit = max(quota - len(question), 0)
    sent, parked = told[:fit] + question[-quota:], told[fit:] + question[:-quota]
    return _announced(sent, parked, "{more}\n\n{said}", more)


def passive_text(replies: Sequence[ReplyData]) -> Optional[str]:
    """A turn as the one text of a passive reply, or None when it is too long for one."""
    text = "\n\n".join(_parts(replies, "service_account", None, False)[0])
    text = _listed(text, replies[-1]["buttons"])
    return text if len(text.encode()) <= MOST else None


def _parts(
    replies: Sequence[ReplyData], kind: Kind, mini_program: Optional[MiniProgram], rich: bool
) -> "tuple[List[str], List[Message]]":
    """The text of each reply, and the messages that its links are where they are not lines."""
    texts, cards = [], []
    for reply in replies:
        text, link = reply["text"], reply.get("link")
        card = _card(link, kind, mini_program) if link and rich else None
        if card:
            cards.append(card)
        elif link:
            text += f"\n\n{link['title']}\n{link['url']}"
        texts.append(text)
    return texts, cards


def _card(
    link: Mapping[str, str], kind: Kind, mini_program: Optional[MiniProgram]
) -> Optional[Message]:
    """A link that people tap as a picture; None where the channel has none for it."""
    page = mini_program.path_of(link["url"]) if mini_program else None
    if page and mini_program:
        own = {} if kind == "miniprogram" else {"appid": mini_program.app_id}
        thumb = mini_program.thumb_media_id
        body = {"title": link["title"], **own, "pagepath": page, "thumb_media_id": thumb}
        return Message("card", body)
    if kind == "miniprogram":
        shown = {"title": link["title"], "description": urlsplit(link["url"]).hostname or ""}
        return Message("link", {**shown, "url": link["url"], "thumb_url": ""})
    return None


def _texts(text: str, last: ReplyData, kind: Kind, room: int = MOST) -> List[Message]:
    """A text and the choices under it as messages: the choices stand in the last one."""
    buttons = last["buttons"]
    if not buttons or kind == "miniprogram" or len(buttons) > _MOST_ITEMS:
        return [_text(piece) for piece in split(_listed(text, buttons), room)]
    contents = [_numbered(place, button) for place, button in enumerate(buttons, 1)]
    left = room - sum(len(content.encode()) for content in contents)
    pieces = split(text, room)
    if len(pieces[-1].encode()) > left:
        if left < room // 4:  # choices as long as letters are a text
            return [_text(piece) for piece in split(_listed(text, buttons), room)]
        pieces[-1:] = split(pieces[-1], left)
    items = [
        {"id": digest(button["payload"]), "content": content}
        for button, content in zip(buttons, contents)
    ]
    menu = Message("menu", {"head_content": pieces[-1], "list": items, "tail_content": ""})
    return [*map(_text, pieces[:-1]), menu]


def _numbered(place: int, button: Mapping[str, str]) -> str:
    """A choice with the number by which it is chosen in writing, and read aloud."""
    return f"{place}. {button['title']}"


def _listed(text: str, buttons: Sequence[Mapping[str, str]]) -> str:
    """A text with its choices as lines."""
    lines = [_numbered(place, button) for place, button in enumerate(buttons, 1)]
    return "\n\n".join([text, "\n".join(lines)]) if lines else text


def _announced(
    sent: Sequence[Message], parked: Sequence[Message], form: str, more: str
) -> Rendered:
    """The last message that is sent says that more follows, if it does."""
    if not parked:
        return Rendered(tuple(sent))
    last = sent[-1]
    key = "content" if last.kind == "text" else "head_content"
    said = form.format(said=last.body[key], more=more)
    return Rendered((*sent[:-1], Message(last.kind, {**last.body, key: said})), tuple(parked))


def _text(content: str) -> Message:
    return Message("text", {"content": content})
