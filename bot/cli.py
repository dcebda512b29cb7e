"""The command line. Each verb imports what it needs when it runs, so that ``--help`` is instant."""

import json
import sys
from pathlib import Path
from typing import Any, Iterator, Optional

import click
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot.appointments_cli import appointments
from bot.outbox_cli import outbox
from bot.simulate_cli import simulate
from core.errors import OneStopError, SettingsError
from core.settings import load_settings


class _Group(click.Group):
    """Turns faults that explain themselves into one sentence and a non-zero exit."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OneStopError as error:
            click.secho(f"onestop: {error}", fg="red", err=True)
            ctx.exit(2 if isinstance(error, SettingsError) else 1)
        except (SQLAlchemyError, RedisError, OSError) as error:
            said = str(getattr(error, "orig", None) or error).splitlines()[0]
            click.secho(f"onestop: {type(error).__name__}: {said}", fg="red", err=True)
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """OneStop Assistant: public services across the boundary, in three languages."""


@main.command()
@click.argument("part", type=click.Choice(["bot", "worker", "admin"]), required=False)
@click.option("--tied", is_flag=True, hidden=True, help="End with standard input (worker).")
def serve(part: Optional[str], tied: bool) -> None:
    """Run the assistant: everything, or one part.

    bot: the web chat and its interface. worker: reminders, and what else nobody waits for.

    \b
    Example: onestop serve
             onestop serve worker
    """
    if part == "admin":
        raise click.UsageError("The staff console is not there yet.")
    if part == "worker":
        from bot.worker import run as work

        return work(load_settings(), tied)
    from bot.run import serve as run

    return run(load_settings(), whole=part is None)


@main.command()
@click.option("--force", is_flag=True, help="Train even when nothing has changed.")
def train(force: bool) -> None:
    """Train the model, if anything that it depends on has changed.

    Example: onestop train --force
    """
    from bot.run import train as run

    run(load_settings(), force)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a turn.")
@click.option("--jsonl", is_flag=True, help='Read {"user", "text", "language"?} objects as well.')
@click.option("--user", default="terminal", show_default=True, help="Who speaks.")
@click.option("--language", type=click.Choice(["yue", "cmn", "en"]), help="Reply in this language.")
def chat(as_json: bool, jsonl: bool, user: str, language: Optional[str]) -> None:
    """Talk to the assistant here, one line a turn.

    \b
    Example: onestop chat
             echo 羅湖幾點閂門 | onestop chat --json
    """
    from bot.terminal import run

    run(load_settings(), as_json or jsonl, jsonl, user, language)


@main.command()
@click.option("--jsonl", is_flag=True, help='Read objects with "text" from standard input.')
@click.argument("text", nargs=-1)
def understand(jsonl: bool, text: "tuple[str, ...]") -> None:
    """Show what is understood of a text: language, intent, knowledge.

    Example: onestop understand 回鄉證幾錢
    """
    from bot.understanding import run

    lines = [" ".join(text)] if text else (line.rstrip("\n") for line in sys.stdin)
    run(load_settings(), _texts(lines) if jsonl else lines, jsonl)


def _texts(lines: Any) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield str(json.loads(line)["text"])
            except (ValueError, KeyError, TypeError, RecursionError):
                raise OneStopError(f'Line {number} is not an object with "text".') from None


@main.group()
def knowledge() -> None:
    """Check and search the knowledge files."""


@knowledge.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))
def check(folder: Optional[str]) -> None:
    """Look for faults in the knowledge files; exits with 1 when there are any.

    Example: onestop knowledge check
    """
    from knowledge.lint import check as lint

    place = Path(folder) if folder else load_settings().knowledge_dir
    if not any(place.rglob("*.yml")):
        raise OneStopError(f"There are no knowledge files in {place}.")
    faults = lint(place)
    for fault in faults:
        click.echo(str(fault))
    click.secho(f"{len(faults)} faults." if faults else "No faults.", err=True)
    sys.exit(1 if faults else 0)


@knowledge.command()
def contested() -> None:
    """List the questions that lead to another entry than the one in whose file they stand.

    Example: onestop knowledge contested
    """
    from bot.understanding import contested as run

    run(load_settings())


@knowledge.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
def search(text: "tuple[str, ...]", as_json: bool) -> None:
    """Show the entries that would answer a question, with scores.

    Example: onestop knowledge search 長者醫療券喺中山邊度用到
    """
    from bot.understanding import search as run

    run(load_settings(), " ".join(text), as_json)


main.add_command(appointments)
main.add_command(outbox)
main.add_command(simulate)


if __name__ == "__main__":
    main()
