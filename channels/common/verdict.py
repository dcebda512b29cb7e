"""What became of a message that was handed to a platform, and so what to do with it."""

from dataclasses import dataclass
from typing import Literal, Optional


@dataclass(frozen=True)
class Verdict:
    """The end, or not yet, of one attempt to send.

    Attributes:
        fate: ``sent``: the platform has it. ``later``: it certainly has not; worth another try.
            ``park``: not before the person writes again. ``dead``: never. ``ambiguous``: nothing
            was answered, so that it may have arrived.
        seconds: with ``later``, when that is known; else a backoff is counted.
        reason: a word for logs and for staff; names no person.
    """

    fate: Literal["sent", "later", "park", "dead", "ambiguous"]
    seconds: Optional[float] = None
    reason: str = ""


SENT = Verdict("sent")
