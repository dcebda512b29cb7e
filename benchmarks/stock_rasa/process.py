"""Starts and ends the processes of the stock bot: training, action server, Rasa."""

import os
import subprocess
import sys

import psutil

LOOPBACK = "127.0.0.1"


def spawn(folder, name, arguments, env):
    """Starts Python with ARGUMENTS in FOLDER, with its output in <name>.log; returns its Popen."""
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def end(processes, patience=10):
    """Ends processes (Popen) and whatever they started: asks, and kills those that do not."""
    family = []
    for process in processes:
        try:
            parent = psutil.Process(process.pid)
            family += [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            pass
    for signal_them in (psutil.Process.terminate, psutil.Process.kill):
        for process in family:
            try:
                signal_them(process)
            except psutil.NoSuchProcess:
                pass
        _, family = psutil.wait_procs(family, timeout=patience)
    for process in processes:
        process.wait(timeout=10)


def tail(folder, name, size=2000):
    """The end of a process's output, for an error message."""
    text = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    return f"\n--- end of {name}.log ---\n{text[-size:]}"


def environment(action_port=None):
    """The environment of the children: this one, without what would change the measurement."""
    env = dict(os.environ)
    for name in (
        "PYTHONPATH",  # could bring in another package named `actions`
        "PYTHONDONTWRITEBYTECODE",  # compiles every module anew at each start: over ten seconds
        "SANIC_WORKERS",
        "ACTION_SERVER_SANIC_WORKERS",
        "LOG_LEVEL",
    ):
        env.pop(name, None)
    env.update(
        RASA_TELEMETRY_ENABLED="false",
        CUDA_VISIBLE_DEVICES="",
        TF_CPP_MIN_LOG_LEVEL="2",
        TF_INTER_OP_PARALLELISM_THREADS="1",
        TF_INTRA_OP_PARALLELISM_THREADS="1",
        SANIC_HOST=LOOPBACK,  # the action server has no option for its address
        NO_PROXY=LOOPBACK,
        no_proxy=LOOPBACK,
        PYTHONUTF8="1",
    )
    if action_port is not None:
        env["STOCK_ACTION_PORT"] = str(action_port)
    return env
