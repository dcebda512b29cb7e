"""What it costs to lose no message: the inbox beside a bare Redis list, and order beside streams.

Example: python -m benchmarks.post_office --messages 2000
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections import defaultdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List

from rich.console import Console
from rich.table import Table

from channels.common.courier import SENT, Courier, Verdict
from channels.common.envelope import Incoming, Outgoing
from channels.common.inbox import Inbox
from channels.common.outbox import Outbox
from core.cache import RedisServer, connect
from core.settings import Settings
from core.vault import Vault, make_keys

ROUNDS, AT_ONCE, CONSUMERS, PEOPLE = 5, 16, 8, 20

Way = Callable[[str], Awaitable[Any]]


def incoming(key: str) -> Incoming:
    at, person = datetime.now(timezone.utc), f"wechat-{key:0>40}"
    return Incoming("wechat", "app", person, "o" * 28, key, "羅湖幾點閂門", None, "message", at)


def outgoing(message: Incoming) -> Outgoing:
    body = {"content": "羅湖口岸每日 06:30 至 24:00 開放。" * 4}
    return Outgoing(
        "wechat", "app", message.sender, message.address, "text", body, False, f"o{message.key}"
    )


class Platform:
    """Takes every message at once (see ``channels.common.courier.Sender``)."""

    async def send(self, outgoing: Outgoing) -> Verdict:
        return SENT


def ways(client: Any) -> Dict[str, Way]:
    """What is measured, by name; each takes one message from beginning to end."""
    vault = Vault(make_keys(), "f" * 43)
    inbox, outbox = Inbox(client, vault), Outbox(client, vault)
    courier = Courier(outbox, {"wechat": Platform()})

    async def bare(key: str) -> None:
        await client.rpush("bare", incoming(key).to_json())
        await client.lpop("bare")

    async def passive(key: str) -> None:
        message = incoming(key)
        ticket = (await inbox.accept(message, wait_s=3.5)).ticket
        assert ticket
        await inbox.finish(ticket, message, "<xml>…</xml>", [outgoing(message)])

    async def whole(key: str) -> None:
        message = incoming(key)
        ticket = (await inbox.accept(message)).ticket
        assert ticket and await inbox.next(ticket)
        await inbox.finish(ticket, message, None, [outgoing(message)])
        await courier.look()
        await courier.settle()

    return {
        "RPUSH, LPOP (nothing kept, nothing sealed)": bare,
        "accept, finish": passive,
        "accept, next, finish, outbox, courier": whole,
    }


async def cpu_s(client: Any) -> float:
    """The seconds that this process and Redis have computed: what others do does not count."""
    found = await client.info("cpu")
    return time.process_time() + found["used_cpu_user"] + found["used_cpu_sys"]


async def per_second(way: Way, prefix: str, count: int, at_once: int) -> float:
    keys = iter([f"{prefix}{number}" for number in range(count)])

    async def one() -> None:
        for key in keys:
            await way(key)

    began = time.perf_counter()
    await asyncio.gather(*[one() for _ in range(at_once)])
    return count / (time.perf_counter() - began)


async def out_of_order(client: Any, count: int) -> int:
    """How many messages a group's consumers begin before the person's earlier one is done."""
    await client.xgroup_create("stream", "group", id="0", mkstream=True)
    for number in range(count):  # everybody writes twice in a row
        await client.xadd("stream", {"person": number // 2 % PEOPLE, "number": number})
    begun: Dict[str, List[int]] = defaultdict(list)
    wrong = 0

    async def consume(name: str) -> None:
        nonlocal wrong
        while found := await client.xreadgroup("group", name, {"stream": ">"}, count=1):
            [[_, [[event, fields]]]] = found
            wrong += bool(begun[fields["person"]])
            begun[fields["person"]].append(fields["number"])
            await asyncio.sleep(random.uniform(0.005, 0.05))  # a turn
            begun[fields["person"]].remove(fields["number"])
            await client.xack("stream", "group", event)

    await asyncio.gather(*[consume(str(number)) for number in range(CONSUMERS)])
    return wrong


async def measure(url: str, count: int) -> None:
    client, console = connect(url), Console()
    table = Table("way of a message", "one after another", f"{AT_ONCE} at once", "CPU of each")
    figures: Dict[str, Dict[int, List[float]]] = defaultdict(lambda: defaultdict(list))
    computed: Dict[str, List[float]] = defaultdict(list)
    for number in range(-1, ROUNDS):  # the first round warms up
        for place, (name, way) in enumerate(ways(client).items()):
            before = await cpu_s(client)
            for at_once in (1, AT_ONCE):
                rate = await per_second(way, f"{number}-{place}-{at_once}-", count, at_once)
                if number >= 0:
                    figures[name][at_once].append(rate)
            if number >= 0:
                computed[name].append((await cpu_s(client) - before) / count / 2)
    for name, rates in figures.items():
        per = [f"{statistics.median(rates[at_once]):,.0f} /s" for at_once in (1, AT_ONCE)]
        table.add_row(name, *per, f"{statistics.median(computed[name]) * 1000:.2f} ms")
    console.print(table)
    wrong = await out_of_order(client, 1000)
    console.print(
        f"a stream with {CONSUMERS} consumers: {wrong} of 1,000 messages were begun while"
    )
    console.print(f"an earlier one of the same person ({PEOPLE} people) was not done")
    await client.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000, help="messages of each round")
    count = parser.parse_args().messages
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer(Settings(data_dir=Path(folder))) as server,
    ):
        asyncio.run(measure(server.url, count))


if __name__ == "__main__":
    main()
