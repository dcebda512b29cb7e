"""The demo broker's key."""

from channels.identity.demo.keys import signing_key


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path):
    folder = tmp_path / "data"
    first, second = signing_key(folder), signing_key(folder)
    assert first.kid == second.kid
    assert first.as_dict(private=True) == second.as_dict(private=True)
    assert (folder / "demo_broker_key").stat().st_mode & 0o077 == 0
    assert signing_key(tmp_path / "other").kid != first.kid
