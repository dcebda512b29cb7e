"""``onestop outbox``: what could not be sent, for staff to look at, to send again or to drop.

Nobody's words, and of people only the beginning of their pseudonym, are shown.
"""

import asyncio
from typing import Any, Awaitable, Callable, Sequence, Tuple, TypeVar

import click

from core.clock import LOCAL
from core.errors import OneStopError
from core.settings import load_settings

T = TypeVar("T")
#: So many signs of an id are shown, and are enough to name a letter.
_SHOWN = 8


@click.group()
def outbox() -> None:
    """Look at messages that could not be sent.

    \b
    Example: onestop outbox list
             onestop outbox retry 3f2a9c01
             onestop outbox drop --all
    """


@outbox.command("list")
def list_() -> None:
    """List the dead letters, and count what waits.

    Reasons: “possibly delivered” when the platform did not answer, “too many tries” when it was
    away for too long, else what the platform said.

    \b
    Example: onestop outbox list
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    letters, size, parked = _with_redis(_look)
    console = Console()
    if letters:
        table = Table(box=box.SIMPLE)
        for name in ("Letter", "Given up", "Channel", "Person", "Kind", "Tries", "Reason"):
            table.add_column(name, no_wrap=name == "Letter")
        for letter in letters:
            given_up = letter.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
            person = letter.sender[: letter.sender.find("-") + 1 + _SHOWN] + "…"
            facts = letter.id[:_SHOWN], given_up, letter.channel, person, letter.kind
            table.add_row(*facts, str(letter.tries), letter.reason)
        console.print(table)
    console.print(f"{len(letters)} dead letters; {size} messages wait, {parked} lines of them")
    console.print("until their person writes again.")


@outbox.command()
@click.argument("letter", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All of them.")
def retry(letter: Tuple[str, ...], all_: bool) -> None:
    """Put dead letters back into their lines, to be sent again.

    \b
    Example: onestop outbox retry 3f2a9c01
             onestop outbox retry --all
    """
    count = _each(letter, all_, lambda letters, item_id: letters.retry(item_id))
    click.echo(f"To be sent again: {count}")


@outbox.command()
@click.argument("letter", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All of them.")
def drop(letter: Tuple[str, ...], all_: bool) -> None:
    """Delete dead letters.

    \b
    Example: onestop outbox drop 3f2a9c01
             onestop outbox drop --all
    """
    count = _each(letter, all_, lambda letters, item_id: letters.drop(item_id))
    click.echo(f"Deleted: {count}")


def _each(named: Sequence[str], all_: bool, work: Callable[[Any, str], Awaitable[bool]]) -> int:
    """Does ``work`` to each letter that was named by the beginning of its id."""
    if bool(named) == all_:
        raise click.UsageError("Name letters, or --all.")

    async def run(client: Any) -> int:
        from channels.common.dead_letters import DeadLetters

        letters = DeadLetters(client)
        ids = [letter.id for letter in await letters.list()]
        for name in named:
            matching = [item_id for item_id in ids if item_id.startswith(name)]
            if len(matching) != 1:
                number = "more than one" if matching else "no"
                raise OneStopError(f"There is {number} dead letter “{name}”.")
        chosen = [i for i in ids if all_ or any(i.startswith(name) for name in named)]
        return sum([await work(letters, item_id) for item_id in chosen])

    return _with_redis(run)


async def _look(client: Any) -> Any:
    from channels.common.dead_letters import DeadLetters
    from channels.common.outbox import waiting

    return await DeadLetters(client).list(), *await waiting(client)


def _with_redis(work: Callable[[Any], Awaitable[T]]) -> T:
    """Runs ``work`` on the Redis in use: that of the running assistant, where one runs."""
    from core.cache import RedisServer, connect

    async def run(url: str) -> T:
        client = connect(url)
        try:
            return await work(client)
        finally:
            await client.close()
            await client.connection_pool.disconnect()

    with RedisServer(load_settings()) as server:
        return asyncio.run(run(server.url))
