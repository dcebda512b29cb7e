"""A fault in a knowledge file, said so that a person who is no programmer can mend it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: ``line`` counts from 1."""

    path: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"
