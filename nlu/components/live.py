"""The live objects that the components read at each message; set once by bot.wiring."""

from typing import Callable, Optional

from core.clock import Clock, system_clock
from core.errors import OneStopError
from nlu.retrieval.search import KnowledgeSearch
from nlu.text.language import LanguageIdentifier

_identifier: Optional[LanguageIdentifier] = None
_search: Optional[Callable[[], KnowledgeSearch]] = None
_clock: Clock = system_clock


def use(
    identifier: LanguageIdentifier,
    search: Callable[[], KnowledgeSearch],
    clock: Clock = system_clock,
) -> None:
    """Sets what the components work with. ``search`` returns the search of the present moment."""
    global _identifier, _search, _clock
    _identifier, _search, _clock = identifier, search, clock


def identifier() -> LanguageIdentifier:
    if _identifier is None:
        raise OneStopError("The language identifier is not wired.")
    return _identifier


def search() -> KnowledgeSearch:
    if _search is None:
        raise OneStopError("The knowledge search is not wired.")
    return _search()


def clock() -> Clock:
    return _clock
