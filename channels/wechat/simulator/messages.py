"""What people do in WeChat, as the fields of the pushes that tell of it (without the envelope)."""

from typing import Any, Dict, List, Mapping

Fields = Dict[str, Any]


def text(content: str) -> Fields:
    """Somebody writes."""
    return {"MsgType": "text", "Content": content}


def tap(content: str, menu_id: str) -> Fields:
    """Somebody taps an item of a menu in the conversation."""
    return {**text(content), "bizmsgmenuid": menu_id}


def image() -> Fields:
    return {"MsgType": "image", "PicUrl": "http://mmbiz.example/1", "MediaId": "media-1"}


def voice(recognition: str = "") -> Fields:
    """Somebody speaks; the platform may have written down what."""
    named = {"MediaId": "media-2", "Format": "amr", "MediaId16K": "media-3"}
    return {"MsgType": "voice", **named, "Recognition": recognition}


def video() -> Fields:
    return {"MsgType": "video", "MediaId": "media-4", "ThumbMediaId": "media-5"}


def location(label: str) -> Fields:
    place = {"Location_X": "22.528", "Location_Y": "114.113", "Scale": "15"}
    return {"MsgType": "location", **place, "Label": label}


def link(url: str) -> Fields:
    return {"MsgType": "link", "Title": "A page", "Description": "", "Url": url}


def card() -> Fields:
    """Somebody sends a card of a mini program."""
    page = {"Title": "A page", "AppId": "wx0000000000000000", "PagePath": "pages/index"}
    return {"MsgType": "miniprogrampage", **page, "ThumbUrl": "", "ThumbMediaId": "media-6"}


def event(name: str, key: str = "", **more: Any) -> Fields:
    """Somebody does something else: subscribe, unsubscribe, SCAN, CLICK, VIEW, …"""
    return {"MsgType": "event", "Event": name, "EventKey": key, **more}


def enter(session_from: str = "") -> Fields:
    """Somebody opens the conversation of a mini program."""
    return {
        "MsgType": "event",
        "Event": "user_enter_tempsession",
        "SessionFrom": session_from,
    }


def decided(templates: Mapping[str, str]) -> Fields:
    """Somebody accepts or refuses subscribe messages: template id to “accept” or “reject”."""
    decisions: List[Fields] = [
        {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"}
        for template, status in templates.items()
    ]
    return event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": decisions})
