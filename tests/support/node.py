"""Other people's code for Node.js, from tests/interop/node_modules."""

import asyncio
import json
import os
import shutil
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator

import pytest

from core.settings import ROOT

INTEROP = ROOT / "tests" / "interop"


def require_node(package: str) -> None:
    """Skips the test where Node.js or the package is missing; in CI that is a failure."""
    missing = None
    if not shutil.which("node"):
        missing = "there is no Node.js"
    elif not (INTEROP / "node_modules" / package).is_dir():
        missing = f"tests/interop has no node_modules/{package}: npm ci --ignore-scripts"
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


@asynccontextmanager
async def node(script: str, *arguments: str) -> AsyncIterator["NodeProcess"]:
    """A script of tests/interop, running."""
    process = await asyncio.create_subprocess_exec(
        "node", "--no-deprecation", str(INTEROP / script), *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield NodeProcess(process)
    finally:
        process.stdin.close()
        await process.wait()


class NodeProcess:
    """Talks with a script, a line of JSON each way."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, question: Any) -> Any:
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        return await self.answer()

    async def answer(self) -> Any:
        return json.loads(await asyncio.wait_for(self._process.stdout.readline(), 20))
