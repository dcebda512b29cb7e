import os
import subprocess
import sys

from core import metrics
from core.settings import ROOT


def counted(text, name):
    return [line for line in text.splitlines() if line.startswith(name + '{channel="test"')]


def test_what_is_counted_is_told():
    metrics.received.labels("test", "hologram").inc()
    metrics.received.labels("test", "hologram").inc()
    told = metrics.exposition().decode()
    assert counted(told, "onestop_channel_received_total") == [
        'onestop_channel_received_total{channel="test",kind="hologram"} 2.0'
    ]


def test_what_several_processes_count_is_added_up(tmp_path):
    code = "from core import metrics; metrics.refused.labels('test', 'replay').inc(%d)%s"
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def run(program):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(code % (2, ""))
    told = run(code % (3, "; print(metrics.exposition().decode())"))
    assert counted(told, "onestop_channel_refused_total") == [
        'onestop_channel_refused_total{channel="test",reason="replay"} 5.0'
    ]
