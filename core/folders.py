"""Folders for what is nobody else's business: keys, appointments, conversations."""

from pathlib import Path


def make_private(folder: Path) -> Path:
    """Makes a folder, and those above it that are missing, for its owner alone; returns it.

    One that is there already stays as it is: who made it may have had reasons.
    """
    for one in (*reversed(folder.parents), folder):
        one.mkdir(mode=0o700, exist_ok=True)
    return folder
