"""What a person gets back, before any channel gives it a shape."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Callable, Mapping, Optional, Union

#: A word of a reply, or a moment in it, for channels that fill in a form of the platform's.
Fact = Union[str, datetime]


@dataclass(frozen=True)
class Button:
    """Something to tap or to choose by number. ``payload`` is what comes back to the assistant."""

    title: str
    payload: str


@dataclass(frozen=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True)
class Detail:
    """One labelled line, or a labelled short list."""

    label: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """One message: at most two sentences first, then details, caution, source, next steps.

    Attributes:
        facts: what a reminder tells, by name, for channels whose reminders are forms to fill in.
    """

    lead: str
    details: tuple[Detail, ...] = ()
    note: str = ""
    source: str = ""
    source_url: Optional[str] = None
    buttons: tuple[Button, ...] = ()
    link: Optional[Link] = None
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """The whole message as plain text, without its buttons."""
        lines = [self.lead]
        for detail in self.details:
            if len(detail.items) == 1 and detail.label:
                lines.append(f"• {detail.label}: {detail.items[0]}")
            elif detail.label:
                lines += [f"• {detail.label}:", *(f"  – {item}" for item in detail.items)]
            else:
                lines += [f"• {item}" for item in detail.items]
        return "\n".join([*lines, *(part for part in (self.note, self.source) if part)])

    def map(self, change: Callable[[str], str]) -> "Reply":
        """The same reply with every word that a person reads changed, for another script."""
        return replace(
            self,
            lead=change(self.lead),
            details=tuple(
                Detail(change(d.label), tuple(map(change, d.items))) for d in self.details
            ),
            note=change(self.note),
            source=change(self.source),
            buttons=tuple(Button(change(b.title), b.payload) for b in self.buttons),
            link=self.link and Link(change(self.link.title), self.link.url),
            facts={k: change(f) if isinstance(f, str) else f for k, f in self.facts.items()},
        )

    def as_dict(self) -> "dict[str, Any]":
        """The reply as JSON data, as the web channel and the terminal hand it on."""
        return {
            "text": self.text,
            "lead": self.lead,
            "details": [{"label": d.label, "items": list(d.items)} for d in self.details],
            "note": self.note or None,
            "source": self.source or None,
            "source_url": self.source_url,
            "buttons": [{"title": b.title, "payload": b.payload} for b in self.buttons],
            "link": self.link and {"title": self.link.title, "url": self.link.url},
        }
