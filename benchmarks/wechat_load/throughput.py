"""Turns a second at 1, 16 and 64 requests at once, in turns with stock Rasa."""

import asyncio
import time
from typing import Any, Dict, List, Protocol, Sequence

import aiohttp

QUESTIONS = ["羅湖口岸幾點閂門", "高才通申请费", "how long does a residence permit take",
             "良民證幾錢要幾耐", "港车北上一次能停留几天"]  # fmt: skip


class Bot(Protocol):
    """Something that answers over HTTP."""

    url: str

    def requests(self, lines: List[str], count: int) -> Sequence[Any]: ...


async def run(bot: Bot, at_once: int, count: int) -> "tuple[float, List[float]]":
    """Sends requests, always so many at once.

    Returns:
        The seconds that all took, and the milliseconds of each.
    """
    waiting = list(reversed(bot.requests(QUESTIONS, count)))
    times: List[float] = []
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def client() -> None:
            while waiting:
                push = waiting.pop()
                started = time.perf_counter()
                async with session.post(
                    bot.url, params=push.query, data=push.body, headers=push.headers
                ) as answer:
                    body = await answer.read()
                times.append((time.perf_counter() - started) * 1000)
                if answer.status != 200 or len(body) < 20:
                    raise RuntimeError(f"answered {answer.status}: {body[:80]!r}")

        started = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(at_once)))
        return time.perf_counter() - started, times


async def side_by_side(ours: Bot, stock: Bot, at_once: int, count: int) -> Dict[str, float]:
    """Both bots in rounds, one after the other, so that the machine's moods fall on both."""
    spent = {"ours": 0.0, "stock": 0.0}
    times: List[float] = []
    rounds = 5
    for number in range(-1, rounds):  # the first warms both up
        for name, bot in (("ours", ours), ("stock", stock)):
            seconds, each = await run(bot, at_once, count // rounds)
            if number >= 0:
                spent[name] += seconds
                times += each if name == "ours" else []
    done = count // rounds * rounds
    return {
        "ours": done / spent["ours"],
        "stock": done / spent["stock"],
        "ratio": spent["stock"] / spent["ours"],
        "p50": sorted(times)[len(times) // 2],
        "p99": sorted(times)[int(len(times) * 0.99)],
    }
