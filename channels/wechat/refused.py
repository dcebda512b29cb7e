"""One exception for every push that is not taken: the client learns nothing of the reason."""


class Refused(Exception):
    """A push is not what it claims to be, or cannot be read.

    Args:
        reason: a code for the log and the metrics; nothing of the request stands in it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
