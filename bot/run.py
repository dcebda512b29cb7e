"""The verbs that run for a while: train and serve."""

import contextlib
import io
import logging
import os
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import ContextManager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.companion import Companion
from bot.environment import prepare, share_metrics
from core.cache import RedisServer
from core.errors import ModelMissingError, OneStopError
from core.folders import make_private
from core.settings import Settings
from nlu import model as models

console = Console()
_STEPS = 3


def train(settings: Settings, force: bool = False) -> models.Model:
    """Trains with a progress bar; says so when there is nothing to do."""
    if not force:
        try:
            model = models.current_model(settings)
            console.print("The model is up to date.")
            return model
        except ModelMissingError:
            pass
    prepare()
    make_private(settings.data_dir)
    from bot.rasa_glue.training import train_rasa

    started = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, redirect_stdout=False) as progress:
        task = progress.add_task("Training", total=_STEPS)
        done = -1

        def step(name: str) -> None:
            nonlocal done
            done += 1
            progress.update(task, completed=done, description=f"Training: {name}")

        # Rasa prints and draws bars of its own; ours says it already.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            model = models.train(settings, step, train_rasa, force)
        progress.update(task, completed=_STEPS, description="Training: done")
    console.print(f"Trained in {time.monotonic() - started:.0f} s.")
    return model


def serve(settings: Settings, whole: bool = True) -> None:
    """Runs the assistant until it is told to stop.

    Args:
        whole: with the worker as a process beside it; else the bot alone.
    """
    _check_port(settings)
    with tempfile.TemporaryDirectory(prefix="onestop-metrics-") as folder:
        share_metrics(Path(folder))
        _serve(settings, whole)


def _serve(settings: Settings, whole: bool) -> None:
    model = train(settings)
    prepare()
    with console.status("Loading the assistant …"):
        from bot import wiring
        from bot.server import create_app

        redis = RedisServer(settings)
        try:
            assistant = wiring.build(settings, redis.url, model)
        except BaseException:
            redis.close()
            raise
    if settings.workers > 1:
        # Sanic's workers inherit their parent's way with the signal, which is to pass it on: one
        # that is told to end while it starts would tell its siblings and go on itself.
        os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    app = create_app(assistant, lambda: _announce(settings))
    worker: ContextManager[object] = contextlib.nullcontext()
    if whole:
        worker = Companion("worker", [sys.executable, "-m", "bot.cli", "serve", "worker", "--tied"])
    try:
        with worker:
            app.run(
                host=settings.host,
                port=settings.port,
                workers=settings.workers,
                access_log=False,
                debug=False,
            )
    finally:
        redis.close()
        logging.shutdown()


def _check_port(settings: Settings) -> None:
    """Sanic logs a port that is taken and ends as if all were well; this says so first."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise OneStopError(f"Cannot listen on {where}: {error.strerror}.") from None


def _announce(settings: Settings) -> None:
    console.print(
        f"\n  Web chat  [bold]http://{settings.host}:{settings.port}/[/bold]\n\n  Ctrl-C stops."
    )
