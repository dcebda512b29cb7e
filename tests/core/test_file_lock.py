"""The lock between processes."""

import subprocess
import sys

import pytest

from core.settings import ROOT


def test_processes_wait_for_each_other(tmp_path):
    held = "import sys; from pathlib import Path; from core.file_lock import file_lock\n" \
        "with file_lock(Path(sys.argv[1]) / 'lock'):\n    print('held', flush=True); sys.stdin.readline()\n" \
        "    print('free', flush=True)"  # fmt: skip

    def run():
        return subprocess.Popen(
            [sys.executable, "-c", held, str(tmp_path)], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    with run() as first:
        assert first.stdout.readline() == "held\n"
        with run() as second:
            with pytest.raises(subprocess.TimeoutExpired):
                second.wait(timeout=2)
            first.stdin.write("\n")
            first.stdin.flush()
            assert first.stdout.readline() == "free\n"
            assert second.stdout.readline() == "held\n"
            second.communicate("\n")
