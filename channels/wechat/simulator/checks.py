"""What the played platform refuses in a message: the error code that the real one answers."""

import re
from typing import Any, Mapping, Tuple

_TYPES = {
    "service_account": ("text", "image", "voice", "msgmenu", "miniprogrampage"),
    "miniprogram": ("text", "image", "link", "miniprogrampage"),
}
#: The texts that each type must have, and those that it may have besides.
_FIELDS: Mapping[str, Tuple[Tuple[str, ...], Tuple[str, ...]]] = {
    "text": (("content",), ()),
    "image": (("media_id",), ()),
    "voice": (("media_id",), ()),
    "link": (("title", "description", "url", "thumb_url"), ()),
    "msgmenu": (("head_content",), ("tail_content",)),
    "miniprogrampage": (("title", "pagepath", "thumb_media_id"), ("appid",)),
}
_TEXT_BYTES = 2048
_FIELD = re.compile(r"([a-z_]+)\d+")
#: A day with the signs for year, month and day.
_DAY = r"\d{4}\u5e74\d{1,2}\u6708\d{1,2}\u65e5"
#: What the value of a template's field may be (subscribe messages, “参数说明”).
_VALUES = {
    "thing": r".{1,20}",
    "number": r"[\d.]{1,32}",
    "character_string": r"[!-~ ]{1,32}",
    "time": rf"({_DAY} )?\d{{1,2}}:\d{{2}}",
    "date": rf"{_DAY}( \d{{1,2}}:\d{{2}})?",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "name": r"[\u4e00-\u9fff]{1,10}|[^\d\u4e00-\u9fff]{1,20}",
}


def message_fault(message: Mapping[str, Any], kind: str, media: Any) -> int:
    """The error code of a customer-service message, 0 when it has none.

    Args:
        kind: of the account.
        media: has the media ids that there are.
    """
    form = message.get("msgtype")
    if form not in _TYPES[kind]:
        return 40008
    content = message.get(form)
    if not isinstance(content, dict):
        return 47001
    must, may = _FIELDS[form]
    texts = {key: value for key, value in content.items() if key != "list"}
    if any(not isinstance(value, str) for value in texts.values()) or not set(must) <= set(texts):
        return 47001
    if set(texts) - {*must, *may}:
        return 47001
    if form == "text" and not content["content"]:
        return 44004
    if _bytes(message, form) > _TEXT_BYTES:
        return 45002
    ids = [texts[key] for key in ("media_id", "thumb_media_id") if key in texts]
    if any(one not in media for one in ids):
        return 40007
    return _menu_fault(content) if form == "msgmenu" else 0


def _bytes(message: Mapping[str, Any], form: str) -> int:
    if form == "msgmenu":
        items = message[form].get("list") or []
        shown = [message[form].get(key, "") for key in ("head_content", "tail_content")]
        shown += [str(item.get("content", "")) for item in items if isinstance(item, dict)]
        return len("".join(shown).encode())
    return len(message[form].get("content", "").encode())


def _menu_fault(menu: Mapping[str, Any]) -> int:
    items = menu.get("list")
    if not isinstance(items, list) or not items:
        return 47001
    for item in items:
        if not isinstance(item, dict) or set(item) != {"id", "content"}:
            return 47001
        if not all(isinstance(value, str) and value for value in item.values()):
            return 47001
        if len(item["id"]) > 128:
            return 45002
    return 0


def template_fault(data: Any, fields: Tuple[str, ...]) -> int:
    """The error code of a subscribe message's data for a template with these fields."""
    if not isinstance(data, dict) or set(data) != set(fields):
        return 47003
    for name, value in data.items():
        form = _FIELD.fullmatch(name)
        words = value.get("value") if isinstance(value, dict) else None
        if not form or not isinstance(words, str):
            return 47003
        if not re.fullmatch(_VALUES.get(form[1], ".+"), words):
            return 47003
    return 0
