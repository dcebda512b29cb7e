"""Each channel's messages go its own way; where there is none, nobody is reached."""

from channels.common.delivery import Deliveries
from knowledge.reply import Reply


class Recorder:
    """A channel that remembers what it was handed."""

    def __init__(self, reached):
        self.reached, self.handed = reached, []

    async def deliver(self, sender, reply, variant, key):
        self.handed.append((sender, reply.lead, variant, key))
        return self.reached


async def test_the_channel_by_its_name_takes_it():
    web, wechat = Recorder(True), Recorder(False)
    deliveries = Deliveries({"web": web, "wechat": wechat})
    assert await deliveries.deliver("web", "a", Reply("one"), "en", "1") is True
    assert await deliveries.deliver("wechat", "b", Reply("two"), "yue", "2") is False
    assert web.handed == [("a", "one", "en", "1")]
    assert wechat.handed == [("b", "two", "yue", "2")]


async def test_on_a_channel_that_is_off_nobody_is_reached():
    assert await Deliveries({}).deliver("terminal", "a", Reply("one"), "en", "1") is False
