"""Where the stand-in of the platform answers, so that a running server finds it by itself.

The simulator is another process, started when the server runs already. It leaves its address in the
data folder, which nobody else can read or write, and takes it away when it ends.
"""

import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Optional

from core.folders import make_private

# Only ever on this machine, whatever the file says.
_WRITTEN = re.compile(r"([0-9]{1,10}) (http://127\.0\.0\.1:[0-9]{1,5})\n")


def _file(data_dir: Path) -> Path:
    return data_dir / "simulator" / "wechat"


@contextmanager
def announced(data_dir: Path, base: str) -> Iterator[None]:
    """Tells servers of this data folder where the stand-in answers, while it does.

    Args:
        base: ``http://127.0.0.1:PORT``.
    """
    file = _file(data_dir)
    make_private(file.parent)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(f"{os.getpid()} {base}\n")
    draft.replace(file)
    try:
        yield
    finally:
        if _read(file) == (os.getpid(), base):  # none that was started after this one
            file.unlink(missing_ok=True)


def simulator_base(data_dir: Path) -> Optional[str]:
    """The address of the stand-in, or None when none runs. For demonstrations only."""
    found = _read(_file(data_dir))
    return found[1] if found and _is_running(found[0]) else None


def _read(file: Path) -> "Optional[tuple[int, str]]":
    try:
        written = _WRITTEN.fullmatch(file.read_text())
    except (OSError, UnicodeDecodeError):
        return None
    return (int(written[1]), written[2]) if written else None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (OSError, OverflowError):
        return False
    return True
