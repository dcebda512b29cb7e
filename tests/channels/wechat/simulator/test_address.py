import subprocess
import sys

from channels.wechat.simulator.address import announced, simulator_base

BASE, OTHER = "http://127.0.0.1:1234", "http://127.0.0.1:5678"


def test_it_is_found_while_it_runs(tmp_path):
    assert simulator_base(tmp_path) is None
    with announced(tmp_path, BASE):
        assert simulator_base(tmp_path) == BASE
        (file,) = (tmp_path / "simulator").iterdir()
        assert file.stat().st_mode & 0o077 == 0
    assert simulator_base(tmp_path) is None


def test_the_last_one_counts_and_is_not_taken_away_by_another(tmp_path):
    with announced(tmp_path, BASE):
        with announced(tmp_path, OTHER):
            assert simulator_base(tmp_path) == OTHER
        with announced(tmp_path, OTHER):
            pass
    first, second = announced(tmp_path, BASE), announced(tmp_path, OTHER)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert simulator_base(tmp_path) == OTHER


def test_one_that_was_killed_is_not_there(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with announced(tmp_path, BASE):
        file = tmp_path / "simulator" / "wechat"
        file.write_text(f"{dead.pid} {BASE}\n")
        assert simulator_base(tmp_path) is None


def test_a_file_that_says_something_else_is_not_believed(tmp_path):
    with announced(tmp_path, BASE):
        file = tmp_path / "simulator" / "wechat"
        good = file.read_text()
        for wrong in (
            good.replace("127.0.0.1", "example.com"), good.replace("http:", "https:"), good + "x",
            good.replace("1234", "1234@example.com"), "", "\xff", good.split()[0],
            "9999999999 " + BASE + "\n",
        ):  # fmt: skip
            file.write_bytes(wrong.encode("latin-1"))
            assert simulator_base(tmp_path) is None
        file.write_text(good)
        assert simulator_base(tmp_path) == BASE
