"""The appointments as they are wired, with a page to deliver to and nobody signed in."""

from actions.identity.access import Access
from actions.identity.model import Level, Need
from bot.office import Office, open_office
from channels.common.delivery import Deliveries
from channels.web.delivery import WebDelivery


def open_quiet_office(settings, engine, redis, vault, snapshot, clock) -> Office:
    """``bot.office.open_office`` with the web's delivery alone."""
    deliveries = Deliveries({"web": WebDelivery(redis, vault, clock)})
    nobody = Access(None, lambda _task: Need(Level.LOGIN), clock)
    return open_office(settings, engine, redis, vault, deliveries, nobody, snapshot, clock)
