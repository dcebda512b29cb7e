"""The data folder is its owner's alone, whoever makes it first."""

import os
import stat

import pytest

from core.cache import RedisServer
from core.database import open_database
from core.folders import keep_secret, make_private
from core.settings import Settings


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_it_and_those_above_it_are_private(tmp_path):
    made = make_private(tmp_path / "a" / "b")
    assert made == tmp_path / "a" / "b"
    assert [mode(tmp_path / "a"), mode(made)] == [0o700, 0o700]
    assert make_private(made) == made


def test_one_that_is_there_stays_as_it_is(tmp_path):
    (tmp_path / "a").mkdir(mode=0o755)
    make_private(tmp_path / "a" / "b")
    assert mode(tmp_path / "a") == 0o755


def test_a_relative_one_is_made_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert mode(make_private(tmp_path.joinpath("x").relative_to(tmp_path))) == 0o700


def _redis(settings):
    RedisServer(settings).close()


@pytest.mark.parametrize(
    "first",
    [lambda s: s.signing_key(), lambda s: open_database(s.database_address).dispose(), _redis],
    ids=["keys", "database", "redis"],
)
def test_whatever_comes_first_makes_the_data_folder_private(tmp_path, first):
    before = os.umask(0o022)
    try:
        settings = Settings(data_dir=tmp_path / "x" / "data")
        first(settings)
    finally:
        os.umask(before)
    assert mode(settings.data_dir) == 0o700


def test_a_secret_is_made_once_for_the_owner_alone(tmp_path):
    path = tmp_path / "data" / "secret"
    assert [keep_secret(path, lambda: "first"), keep_secret(path, lambda: "second")] == [
        "first"
    ] * 2
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["secret"]
