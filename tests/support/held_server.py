"""The real command line with three doors in it, which a test closes to one person and so stops the
server at exactly that step. It also writes down each turn, and logs all that it can say.

Run as ``python -m tests.support.held_server serve``; ``HOLDS`` names the folder of the doors.
"""

import asyncio
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any, Awaitable, Callable, List

import core.log

_FOLDER = "HOLDS"
MODULE = "tests.support.held_server"


class Holds:
    """The doors, seen from the test.

    Args:
        folder: where they stand; the server is given it as ``HOLDS``.
    """

    #: Before a turn; after it, before the conversation's state is kept; before its answer is.
    STEPS = ("turn", "save", "finish")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def close(self, step: str, sender: str) -> None:
        _door(self.folder, step, sender).touch()

    def open(self, step: str, sender: str) -> None:
        for door in self.folder.glob(f"{step}.{sender}*"):
            door.unlink()

    async def reached(self, step: str, sender: str) -> None:
        """Waits until somebody stands before a closed door."""
        for _ in range(1000):
            if _knock(_door(self.folder, step, sender)).exists():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"nobody came to the step “{step}”")

    def turns(self, sender: str) -> "List[Any]":
        """What this person's turns asked for, in order."""
        file = self.folder / "turns"
        lines = file.read_text().splitlines() if file.exists() else []
        return [asks for one, asks in map(json.loads, lines) if one == sender]


def _door(folder: Path, step: str, sender: str) -> Path:
    return folder / f"{step}.{sender}"


def _knock(door: Path) -> Path:
    return door.with_name(f"{door.name}.reached")


def _held(folder: Path, step: str, owner: Any, name: str, sender: Callable[..., str]) -> None:
    work: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def wait_and_work(*given: Any, **named: Any) -> Any:
        door = _door(folder, step, sender(*given))
        while door.exists():
            _knock(door).touch()
            await asyncio.sleep(0.02)
        return await work(*given, **named)

    setattr(owner, name, wait_and_work)


def _witnessed(folder: Path, owner: Any) -> None:
    work = owner.turn

    async def turn(self: Any, sender: str, *given: Any, **named: Any) -> Any:
        made = await work(self, sender, *given, **named)
        with (folder / "turns").open("a") as file:
            file.write(json.dumps([sender, made.asks]) + "\n")
        return made

    owner.turn = turn


def _install(folder: Path) -> None:
    from bot import run
    from bot.rasa_glue.tracker_store import SessionTrackerStore
    from channels.common.conversation import Conversation
    from channels.common.inbox import Inbox

    _witnessed(folder, Conversation)
    _held(folder, "turn", Conversation, "turn", lambda _self, sender, *_: sender)
    _held(folder, "save", SessionTrackerStore, "save", lambda _self, tracker: tracker.sender_id)
    _held(folder, "finish", Inbox, "finish", lambda _self, _ticket, message, *_: message.sender)
    companion = run.Companion

    def start(name: str, command: List[str]) -> Any:  # the worker is to log as much
        return companion(name, [MODULE if word == "bot.cli" else word for word in command])

    run.Companion = start


def main() -> None:
    configure = core.log.configure_logging
    core.log.configure_logging = lambda level=0: configure(logging.INFO)
    from bot.environment import prepare

    prepare()
    if "--tied" not in sys.argv:  # the worker has no doors
        _install(Path(os.environ[_FOLDER]))
    from bot.cli import main as onestop

    onestop()


if __name__ == "__main__":
    main()
