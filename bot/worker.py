"""The process that does what nobody waits for: reminders, sweeps, purges.

It may be killed at any moment and run several times at once: every job claims what it does. It
stays small, so that it never imports Rasa or TensorFlow.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Sequence

from bot.environment import prepare
from bot.job import Job
from core.cache import RedisServer
from core.settings import Settings

logger = logging.getLogger(__name__)

#: Seconds for the jobs to come to their end, and after which the process ends whatever they do.
_GRACE_S, _LAST_S = 1.0, 1.6


def run(settings: Settings, tied: bool = False) -> None:
    """Works until SIGTERM or SIGINT.

    Args:
        tied: until standard input ends, too: a parent that is killed takes its worker along.
    """
    prepare()
    from bot import worker_wiring

    async def main() -> None:
        stop = _stop_event(tied)
        worker = worker_wiring.build(settings, redis.url)
        try:
            await asyncio.gather(work(worker.jobs, stop), worker.post.courier.run(stop))
        finally:
            await worker.close()

    with RedisServer(settings) as redis:
        asyncio.run(main())


async def work(jobs: Sequence[Job], stop: asyncio.Event) -> None:
    """Runs the jobs side by side until ``stop`` is set; those that take long are then cancelled."""
    running = [asyncio.create_task(_repeat(job, stop), name=job.name) for job in jobs]
    await stop.wait()
    _, late = await asyncio.wait(running, timeout=_GRACE_S)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def _repeat(job: Job, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await job.run()
        except Exception:
            logger.exception("the job %s failed", job.name)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), job.every_s)


def _stop_event(tied: bool) -> asyncio.Event:
    """An event that is set when the process is to end."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def end() -> None:
        if tied:
            loop.remove_reader(sys.stdin)
        if not stop.is_set():
            stop.set()
            # A job may be inside a database call that no cancellation ends.
            last = threading.Timer(_LAST_S, os._exit, (0,))
            last.daemon = True
            last.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if tied:
        loop.add_reader(sys.stdin, end)
    return stop
