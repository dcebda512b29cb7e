"""The pages of the demo broker as HTML: forms and links alone, so that they work without a script.

Each says that it is a demo. Words come from knowledge/content/ui/identity_demo.yml; whatever goes
into a page is escaped, in ``_fill``.
"""

from html import escape
from pathlib import Path
from string import Template
from typing import Any, Mapping

from channels.identity.demo.model import AGAIN_LEVEL, Visit
from channels.identity.demo.people import LOGINS, people_of
from knowledge.answers import words
from knowledge.model import Snapshot, Variant

ASSETS = Path(__file__).parent / "assets"
_FRAME = Template((ASSETS / "page.html").read_text())
_LANG = {"yue": "zh-HK", "zh_hant": "zh-Hant-HK", "zh_hans": "zh-Hans-CN", "en": "en-HK"}
_CHOICE = Template('<button class="demo-choice" name="$name" value="$value">$title$about</button>')
_ABOUT = Template("<small>$about</small>")
_FORM = Template('<form method="post">$buttons</form>')
_BUTTON = Template('<button class="button" name="$name" value="1">$title</button>')
_TEXT = Template("<p>$text</p>")
_MISTAKEN = Template('<p class="demo-mistaken" role="alert">$text</p>')
_PHONE = Template('<div class="demo-phone"><p>$label</p><strong>$number</strong></div>')
_NUMBERS = Template('<div class="demo-numbers">$buttons</div>')
_TOLD = Template('<div class="demo-told"><p>$tells</p><dl>$rows</dl></div>')
_ROW = Template("<dt>$label</dt><dd>$value</dd>")


class Html(str):
    """Markup; any other text is escaped before it goes into a page."""


class DemoPages:
    """The pages in one language.

    Args:
        base: the path under which the demo broker stands.
    """

    def __init__(self, snapshot: Snapshot, variant: Variant, base: str) -> None:
        self._snapshot = snapshot
        self._variant = variant
        self._base = base

    def step(self, visit: Visit, profile: Mapping[str, Any]) -> str:
        """The page of a visit's present step.

        Args:
            profile: what the client would be told of the person, once one is chosen.
        """
        if visit.person:
            return self._match(visit, profile)
        return self._people(visit) if visit.login else self._logins()

    def ended(self) -> str:
        """The visit was finished, or left alone for too long."""
        return self._page("title_ended", _fill(_TEXT, text=self._say("ended_text")))

    def refused(self, reason: str) -> str:
        """The client's request is wrong and the client cannot be told; ``reason`` is OAuth's."""
        return self._page(
            "title_refused", _fill(_TEXT, text=self._say("refused_text", reason=reason))
        )

    def sign_out(self) -> str:
        """Asks whether to sign out."""
        asked = _fill(_TEXT, text=self._say("out_text"))
        return self._page("title_out", asked + self._form(self._button("out", "out_yes")))

    def signed_out(self) -> str:
        return self._page("title_signed_out", _fill(_TEXT, text=self._say("signed_out_text")))

    def _logins(self) -> str:
        choices = [
            self._choice("login", login, f"login_{login}", f"login_{login}_for") for login in LOGINS
        ]
        return self._page("title_login", self._form(*choices, self._button("cancel")))

    def _people(self, visit: Visit) -> str:
        assert visit.login
        choices = [
            self._choice("person", person.id, f"person_{person.id}", f"person_{person.id}_about")
            for person in people_of(visit.login)
        ]
        form = self._form(*choices, self._button("back"), self._button("cancel"))
        return self._page("title_person", _fill(_TEXT, text=self._say("invented")) + form)

    def _match(self, visit: Visit, profile: Mapping[str, Any]) -> str:
        numbers = "".join(
            _fill(_CHOICE, name="number", value=str(n), title=str(n), about="")
            for n in visit.numbers
        )
        mistaken = _fill(_MISTAKEN, text=self._say("mistaken")) if visit.mistaken else Html()
        parts = [
            self._told(profile),
            mistaken,
            _fill(_PHONE, label=self._say("phone"), number=str(visit.shown)),
            _fill(_TEXT, text=self._say("choose_number")),
            self._form(
                _fill(_NUMBERS, buttons=Html(numbers)),
                self._button("back"), self._button("cancel"),
            ),
        ]  # fmt: skip
        again = visit.acr == AGAIN_LEVEL
        return self._page("title_again" if again else "title_match", Html("".join(parts)))

    def _told(self, profile: Mapping[str, Any]) -> Html:
        """What the client would be told, where it asks for more than who it is."""
        labels = {
            "name": "told_name",
            "birthdate": "told_birthdate",
            "document_number": f"told_{profile.get('document_type')}",
        }
        rows = "".join(
            _fill(_ROW, label=self._say(label), value=profile[claim])
            for claim, label in labels.items()
            if claim in profile
        )
        return _fill(_TOLD, tells=self._say("tells"), rows=Html(rows)) if rows else Html()

    def _choice(self, name: str, value: str, title: str, about: str) -> Html:
        described = _fill(_ABOUT, about=self._say(about))
        return _fill(_CHOICE, name=name, value=value, title=self._say(title), about=described)

    def _button(self, name: str, title: str = "") -> Html:
        return _fill(_BUTTON, name=name, title=self._say(title or name))

    def _form(self, *buttons: Html) -> Html:
        return _fill(_FORM, buttons=Html("".join(buttons)))

    def _page(self, title: str, content: str) -> str:
        return _fill(
            _FRAME,
            lang=_LANG[self._variant],
            base=self._base,
            title=self._say(title),
            badge=self._say("badge"),
            banner=self._say("banner"),
            large_text=words(self._snapshot, "web.large_text", self._variant),
            content=Html(content),
        )

    def _say(self, key: str, **values: str) -> str:
        return words(self._snapshot, f"identity_demo.{key}", self._variant, **values)


def _fill(template: Template, **values: str) -> Html:
    """A template with its places filled; what is no markup is escaped."""
    escaped = {
        name: value if isinstance(value, Html) else escape(value) for name, value in values.items()
    }
    return Html(template.substitute(escaped))
