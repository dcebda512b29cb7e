"""Other people's code for Node.js, from tests/interop/node_modules."""

import os
import shutil

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
