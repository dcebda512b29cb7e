import pytest

from channels.wechat.account import PLATFORM, accounts_of
from channels.wechat.http import NotSent
from channels.wechat.simulator.address import announced
from core.settings import load_settings
from tests.core.test_settings import PRODUCTION
from tests.core.test_wechat_settings import FOUR


def test_an_account_of_the_settings():
    (one,) = accounts_of(load_settings({**FOUR, "ONESTOP_WECHAT_KIND": "miniprogram"}))
    assert (one.app_id, one.kind, one.mode, one.format) == (
        "wx49f0ab532d5d035a", "miniprogram", "safe", "xml",
    )  # fmt: skip
    assert (one.secret, one.tokens) == ("hidden-secret", ("hiddenToken",))
    assert "hidden" not in repr(one) and one.aes_keys[0] not in repr(one)


def test_no_account_when_the_channel_is_off():
    assert accounts_of(load_settings({})) == ()


def test_a_demonstration_speaks_to_the_simulator_and_to_nobody_else(tmp_path):
    (one,) = accounts_of(load_settings({**FOUR, "ONESTOP_DATA_DIR": str(tmp_path)}))
    for _ in range(2):
        assert not one.is_reachable
        with pytest.raises(NotSent):
            one.base  # noqa: B018 it is a property
        with announced(tmp_path, "http://127.0.0.1:1"):
            assert one.is_reachable
            assert one.base == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    "more, base",
    [({"ONESTOP_WECHAT_API_BASE": "https://wx.example"}, "https://wx.example"),
     (PRODUCTION, PLATFORM)],
    ids=["an address that is set", "production"],
)  # fmt: skip
def test_the_simulator_is_for_demonstrations_where_nothing_else_is_said(tmp_path, more, base):
    (one,) = accounts_of(load_settings({**FOUR, **more, "ONESTOP_DATA_DIR": str(tmp_path)}))
    with announced(tmp_path, "http://127.0.0.1:1"):
        assert one.is_reachable and one.base == base
