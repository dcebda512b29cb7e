"""A reply in the answer to the platform's own request, as XML or JSON, before it is encrypted."""

import json
import re
from datetime import datetime
from typing import Literal

#: What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def passive_reply(
    form: Literal["xml", "json"], to: str, ours: str, text: str, at: datetime
) -> bytes:
    """A text as a passive reply (“被动回复用户消息”).

    Args:
        to: the person's openid.
        ours: the account's own id, ``ToUserName`` of what is answered.
    """
    seconds = int(at.timestamp())
    if form == "json":
        names = {"ToUserName": to, "FromUserName": ours, "CreateTime": seconds}
        return json.dumps(
            {**names, "MsgType": "text", "Content": text}, ensure_ascii=False
        ).encode()
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(ours)}</FromUserName>"
        f"<CreateTime>{seconds}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{_cdata(text)}</Content></xml>"
    ).encode()


def _cdata(text: str) -> str:
    """A CDATA section; one that is ended inside goes on in a second one."""
    return f"<![CDATA[{_UNWRITABLE.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"
