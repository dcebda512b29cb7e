"""The pages of a sign-in, as HTML: one sheet, its words from the knowledge, no data of anybody."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Callable, Mapping, Optional, Sequence

from core.reader import Reader
from core.script import cantonese_in_simplified
from knowledge.answers import words
from knowledge.model import Snapshot

ASSETS = Path(__file__).parent / "assets"
_SHEET = Template((ASSETS / "page.html").read_text())
_LANG = {"yue": "zh-HK", "zh_hant": "zh-Hant-HK", "zh_hans": "zh-Hans-CN", "en": "en-HK"}


@dataclass(frozen=True)
class _Button:
    """One way out of a form: its name and value, its title, its look."""

    name: str
    value: str
    title: str
    look: str = ""


class Pages:
    """Words the pages. Each method returns a whole HTML document.

    Args:
        snapshot: returns the present knowledge.
    """

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot

    def start(self, reader: Reader, token: str) -> str:
        """What a link is for, and that whoever got it from others should not go on."""
        buttons = [
            _Button("do", "go", self._plain(reader, "identity.go"), "button--first"),
            _Button("do", "cancel", self._plain(reader, "identity.cancel")),
        ]
        return self._page(
            reader,
            "identity.start",
            self._text(reader, "identity.start_text"),
            self._warning(reader, "identity.start_warning"),
            _form("/identity/start", {"t": token}, buttons),
        )

    def numbers(self, reader: Reader, token: str, offered: Sequence[str]) -> str:
        """Which of three numbers is the one in the chat?"""
        buttons = [_Button("number", number, number, "button--number") for number in offered]
        cancel = _Button("do", "cancel", self._plain(reader, "identity.cancel"), "button--wide")
        return self._page(
            reader,
            "identity.number",
            self._text(reader, "identity.number_text"),
            self._warning(reader, "identity.number_warning"),
            _form("/identity/start", {"t": token}, [*buttons, cancel]),
        )

    def leaving(self, reader: Reader, url: str) -> str:
        """Sends the browser on.

        A page, not a redirect: the browser holds the answer to a form, and all that follows it,
        against the page's ``form-action``, and where a broker leads to is not ours to know.
        """
        return self._page(
            reader,
            "identity.leaving",
            self._link(reader, "identity.leaving_link", url),
            refresh=f'<meta http-equiv="refresh" content="0; url={escape(url)}">',
        )

    def linked(self, reader: Reader, channel: str, undo: str) -> str:
        """Which chat is signed in now, and how to take it back."""
        wrong = _Button("ticket", undo, self._plain(reader, "identity.undo"))
        back = self._link(reader, "identity.back", "/") if channel == "web" else ""
        return self._page(
            reader,
            "identity.linked",
            self._text(reader, f"identity.linked_{channel}"),
            back,
            self._text(reader, "identity.undo_text"),
            _form("/identity/undo", {"reader": str(reader)}, [wrong]),
        )

    def waiting(self, reader: Reader, channel: str, code: str, undo: str) -> str:
        """The code that the chat asks for."""
        cancel = _Button("ticket", undo, self._plain(reader, "identity.cancel"))
        return self._page(
            reader,
            "identity.waiting",
            self._text(reader, f"identity.waiting_{channel}"),
            f'<p class="sheet__code">{escape(code)}</p>',
            self._text(reader, "identity.waiting_text"),
            self._warning(reader, "identity.waiting_warning"),
            _form("/identity/undo", {"reader": str(reader)}, [cancel]),
        )

    def undone(self, reader: Reader, broker_url: Optional[str]) -> str:
        """Signed out here; at the broker as well, if the person wants."""
        link = self._link(reader, "identity.undone_broker", broker_url) if broker_url else ""
        return self._page(
            reader, "identity.undone", self._text(reader, "identity.undone_text"), link
        )

    def cancelled(self, reader: Reader) -> str:
        return self._page(
            reader, "identity.cancelled", self._text(reader, "identity.cancelled_text")
        )

    def refused(self, reader: Reader, reason: str) -> str:
        """Why it cannot go on, and what to do instead."""
        return self._page(reader, "identity.refused", self._text(reader, _sentence(reason)))

    def refusal(self, reader: Reader, reason: str) -> str:
        """The sentence of ``refused`` alone, for who asks without a browser."""
        return self._plain(reader, _sentence(reason))

    def _page(self, reader: Reader, heading: str, *parts: str, refresh: str = "") -> str:
        simplified = reader.wants_simplified_cantonese
        return _SHEET.substitute(
            lang="zh-Hans-CN" if simplified else _LANG[reader.variant],
            brand=self._say(reader, "web.title"),
            large=self._say(reader, "web.large_text"),
            heading=self._say(reader, heading),
            refresh=refresh,
            body="\n".join(f"    {part}" for part in parts if part),
        )

    def _plain(self, reader: Reader, key: str) -> str:
        text = words(self._snapshot(), key, reader.variant)
        return cantonese_in_simplified(text) if reader.wants_simplified_cantonese else text

    def _say(self, reader: Reader, key: str) -> str:
        return escape(self._plain(reader, key))

    def _text(self, reader: Reader, key: str) -> str:
        return f"<p>{self._say(reader, key)}</p>"

    def _warning(self, reader: Reader, key: str) -> str:
        return f'<p class="sheet__warning">{self._say(reader, key)}</p>'

    def _link(self, reader: Reader, key: str, url: str) -> str:
        look = "button button--first"
        return f'<a class="{look}" href="{escape(url)}">{self._say(reader, key)}</a>'


def _sentence(reason: str) -> str:
    return f"identity.refused_{reason}"


def _form(action: str, hidden: Mapping[str, str], buttons: Sequence[_Button]) -> str:
    fields = [
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in hidden.items()
    ]
    fields += [
        f'<button class="{" ".join(filter(None, ["button", button.look]))}" name="{button.name}"'
        f' value="{escape(button.value)}">{escape(button.title)}</button>'
        for button in buttons
    ]
    return f'<form class="sheet__form" method="post" action="{action}">{"".join(fields)}</form>'
