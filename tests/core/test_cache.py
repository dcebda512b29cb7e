import os
import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest
import redis as sync_redis

from core.cache import RedisServer, connect
from core.settings import ROOT, Settings


@pytest.fixture
def client():
    """Opens clients that are closed at the end, or by ``client.close()``: a server that is in use
    does not stop."""
    with ExitStack() as stack:

        def opened(url):
            made = sync_redis.Redis.from_url(url, decode_responses=True)
            stack.callback(made.connection_pool.disconnect)
            return made

        opened.close = stack.close
        yield opened


def test_a_given_server_is_used_as_it_is(tmp_path):
    settings = Settings(redis_url="redis://:word@somewhere:6379/2", data_dir=tmp_path)
    with RedisServer(settings) as server:
        assert server.url == "redis://:word@somewhere:6379/2"
    assert list(tmp_path.iterdir()) == []


def test_an_embedded_server_starts_and_listens_on_no_port(tmp_path, client):
    with RedisServer(Settings(data_dir=tmp_path)) as server:
        assert server.url.startswith("unix://")
        assert client(server.url).ping()
        assert client(server.url).config_get("port") == {"port": "0"}
        client.close()


def test_it_stops_with_its_user(tmp_path, client):
    with RedisServer(Settings(data_dir=tmp_path)) as server:
        process = client(server.url).info("server")["process_id"]
        client.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_it_never_drops_what_it_was_given(tmp_path, client):
    with RedisServer(Settings(data_dir=tmp_path)) as server:
        kept = client(server.url).config_get("*")
        assert kept["maxmemory-policy"] == "noeviction"
        assert kept["appendonly"] == "yes"
        client.close()


def test_the_data_survives_a_restart(tmp_path, client):
    settings = Settings(data_dir=tmp_path)
    with RedisServer(settings) as server:
        client(server.url).set("said", "你好")
        client(server.url).xadd("inbox", {"text": "hello"})
        process = client(server.url).info("server")["process_id"]
        client.close()
    with RedisServer(settings) as server:
        assert client(server.url).get("said") == "你好"
        assert client(server.url).xlen("inbox") == 1
        assert client(server.url).info("server")["process_id"] != process
        client.close()


def test_the_data_survives_a_killed_server(tmp_path, client):
    settings = Settings(data_dir=tmp_path)
    server = RedisServer(settings)
    opened = client(server.url)
    opened.set("said", "你好")
    os.kill(opened.info("server")["process_id"], signal.SIGKILL)
    server.close()
    with RedisServer(settings) as again:
        assert client(again.url).get("said") == "你好"
        client.close()


def test_two_users_share_one_server(tmp_path, client):
    settings = Settings(data_dir=tmp_path)
    with RedisServer(settings) as first:
        client(first.url).set("said", "first")
        with RedisServer(settings) as second:
            assert client(second.url).get("said") == "first"
            assert second.url == first.url
        assert client(first.url).get("said") == "first"
        client.close()


def test_two_processes_share_one_server(tmp_path, client):
    settings = Settings(data_dir=tmp_path)
    code = (
        "import redis; from core.cache import RedisServer; from core.settings import Settings\n"
        f"with RedisServer(Settings(data_dir={str(tmp_path)!r})) as server:\n"
        "    opened = redis.Redis.from_url(server.url)\n"
        "    print(opened.get('said').decode()); opened.set('said', 'second')"
    )
    with RedisServer(settings) as first:
        client(first.url).set("said", "first")
        other = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30
        )
        assert (other.returncode, other.stdout) == (0, "first\n"), other.stderr
        assert client(first.url).get("said") == "second"
        client.close()


def test_processes_that_start_and_end_together_share_one_server(tmp_path, client):
    code = (
        "import sys; from core.cache import RedisServer; from core.settings import Settings\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        f"with RedisServer(Settings(data_dir={str(tmp_path)!r})) as server:\n"
        "    print(server.url, flush=True); sys.stdin.readline()"
    )
    several = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip

    def everyone(say):
        for process in several:
            process.stdin.write(say)
            process.stdin.flush()

    assert [process.stdout.readline() for process in several] == ["ready\n"] * 4
    everyone("go\n")
    (url,) = {process.stdout.readline().strip() for process in several}
    assert client(url).ping()
    client.close()
    everyone("end\n")
    for process in several:
        process.communicate(timeout=30)
    with pytest.raises(sync_redis.exceptions.ConnectionError):
        client(url).ping()


def test_closing_twice_is_harmless(tmp_path):
    server = RedisServer(Settings(data_dir=tmp_path))
    server.close()
    server.close()


async def test_the_asynchronous_client_answers_in_text(redis_url):
    opened = connect(redis_url)
    await opened.set("test_cache", "口岸")
    assert await opened.get("test_cache") == "口岸"
    await opened.close()
    await opened.connection_pool.disconnect()
