"""What became of a message that was handed to a platform, and so what to do with it."""

from dataclasses import dataclass
from typing import Literal, Optional


@dataclass(frozen=True)
class Verdict:
    """The end, or not yet, of one attempt to send.

    Attributes:
        kind: ``sent``; ``later`` certainly not sent, try again; ``park`` until the person writes
            again; ``dead`` never to be sent; ``ambiguous`` nobody knows whether it was sent.
        reason: a word for logs and for staff, without personal data.
        seconds: for ``later``: not before so many, when the platform or we know.
    """

    kind: Literal["sent", "later", "park", "dead", "ambiguous"]
    reason: str = ""
    seconds: Optional[float] = None


SENT = Verdict("sent")
