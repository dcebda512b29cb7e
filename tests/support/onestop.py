"""The command line in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.settings import ROOT


def onestop(data: Path, *arguments: str, said: Any = "") -> "subprocess.CompletedProcess[bytes]":
    """Runs ``onestop`` with a data folder of its own that shares the project's trained models.

    Args:
        said: what it reads on standard input, text or bytes.
    """
    data.mkdir(exist_ok=True)
    if not (data / "models").exists():
        (data / "models").symlink_to(ROOT / "var" / "models")
    return subprocess.run(
        [str(Path(sys.executable).with_name("onestop")), *arguments],
        input=said.encode() if isinstance(said, str) else said,
        env={**os.environ, "ONESTOP_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)},
        cwd=ROOT, capture_output=True, timeout=180,
    )  # fmt: skip
