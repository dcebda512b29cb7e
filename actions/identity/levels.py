"""Which task needs to know how surely who somebody is: staff set it in the knowledge."""

from datetime import timedelta
from typing import Callable

from actions.identity.model import Level, Need
from knowledge.model import Snapshot


class Levels:
    """The ladder in force.

    Args:
        knowledge: gives the present snapshot.
    """

    def __init__(self, knowledge: Callable[[], Snapshot]) -> None:
        self._knowledge = knowledge

    def need_of(self, task: str) -> Need:
        """What a task needs.

        Without a usable file everything needs the most: a slip of the pen opens no door.

        Args:
            task: an intent, or the id of a service. One that the file does not name needs nothing.
        """
        requirements = self._knowledge().requirements
        if not requirements:
            return Need(Level.SIGNING)
        requirement = requirements.get(task)
        if requirement is None:
            return Need(Level.ANONYMOUS)
        minutes = requirement.max_age
        return Need(
            Level(requirement.level), None if minutes is None else timedelta(minutes=minutes)
        )
