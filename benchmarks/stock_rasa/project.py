"""Lays out the stock bot as the usual Rasa project, and trains it."""

import shutil
import time
from pathlib import Path

from benchmarks.stock_rasa.process import end, environment, spawn, tail

HERE = Path(__file__).resolve().parent


def prepare(folder, timeout=1800):
    """Lays out the project in FOLDER and trains it.

    Returns the seconds that `rasa train` took. In a folder that has been trained before they are
    fewer, as Rasa keeps a cache in it.
    """
    folder = Path(folder).resolve()
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "actions.py"):
        shutil.copyfile(HERE / name, folder / name)
    shutil.copyfile(HERE / "rules.yml", data / "rules.yml")
    _command(folder, "data", [str(HERE / "data.py"), str(data)], timeout=120)
    train = ["-m", "rasa", "train", "--fixed-model-name", "stock"]
    return _command(folder, "train", train, timeout)


def _command(folder, name, arguments, timeout):
    """Runs a command in the folder to its end; returns the seconds that it took."""
    begin = time.perf_counter()
    process = spawn(folder, name, arguments, environment())
    try:
        code = process.wait(timeout=timeout)
    finally:
        if process.poll() is None:
            end([process])
    if code:
        raise RuntimeError(f"{name} ended with {code}" + tail(folder, name))
    return time.perf_counter() - begin
