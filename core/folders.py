"""Folders for what is nobody else's business: keys, appointments, conversations."""

import os
from pathlib import Path
from typing import Callable


def make_private(folder: Path) -> Path:
    """Makes a folder, and those above it that are missing, for its owner alone; returns it.

    One that is there already stays as it is: who made it may have had reasons.
    """
    for one in (*reversed(folder.parents), folder):
        one.mkdir(mode=0o700, exist_ok=True)
    return folder


def keep_secret(path: Path, make: Callable[[], str]) -> str:
    """What a file of the owner's alone says; ``make`` makes it where there is none."""
    if not path.exists():
        make_private(path.parent)
        # Written beside and linked into place, so that two processes agree on one secret.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
