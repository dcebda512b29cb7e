import json

import pytest

from core.errors import SettingsError
from core.settings import load_settings
from tests.core.test_settings import PRODUCTION

KEY, OTHER = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "a" * 43
FOUR = {
    "ONESTOP_WECHAT_APPID": "wx49f0ab532d5d035a",
    "ONESTOP_WECHAT_SECRET": "hidden-secret",
    "ONESTOP_WECHAT_TOKEN": "hiddenToken",
    "ONESTOP_WECHAT_AES_KEY": KEY,
}
ENTRY = {
    "name": "mini",
    "appid": "wx02",
    "secret": "hidden-2",
    "token": "hidden2",
    "aes_key": OTHER,
}


def wechat(**more):
    return load_settings({**FOUR, **{f"ONESTOP_WECHAT_{k}": v for k, v in more.items()}}).wechat


def listed(*entries, **more):
    return wechat(ACCOUNTS=json.dumps(entries), **more)


def test_the_channel_is_off_without_an_account():
    assert load_settings({}).wechat == ()
    assert load_settings({"ONESTOP_WECHAT_MODE": "safe"}).wechat == ()
    assert load_settings(dict.fromkeys(FOUR, "")).wechat == ()


def test_four_settings_make_an_account():
    (one,) = wechat()
    assert (one.name, one.appid, one.tokens, one.aes_keys) == (
        "", "wx49f0ab532d5d035a", ("hiddenToken",), (KEY,),
    )  # fmt: skip
    assert one.secret.get_secret_value() == "hidden-secret"
    assert (one.mode, one.format, one.kind, one.api_base) == (
        "safe",
        "xml",
        "service_account",
        None,
    )


def test_everything_else_can_be_said():
    (one,) = wechat(
        MODE="compat", FORMAT="json", KIND="miniprogram", API_BASE="https://wx.example/",
        REMINDER_TEMPLATE="T;thing1=permit",
    )  # fmt: skip
    assert (one.mode, one.format, one.kind) == ("compat", "json", "miniprogram")
    assert (one.api_base, one.reminder_template) == ("https://wx.example", "T;thing1=permit")


def test_several_tokens_and_keys_the_newest_first():
    (one,) = wechat(TOKEN="newer, older", AES_KEY=f"{OTHER},{KEY}")
    assert (one.tokens, one.aes_keys) == (("newer", "older"), (OTHER, KEY))


@pytest.mark.parametrize("name", FOUR)
@pytest.mark.parametrize("empty", [True, False])
def test_the_four_go_together(name, empty):
    given = {k: v for k, v in FOUR.items() if k != name} | ({name: ""} if empty else {})
    with pytest.raises(SettingsError, match=f"{name} is missing: .* go together"):
        load_settings(given)


def test_plain_mode_needs_no_key():
    given = {k: v for k, v in FOUR.items() if "AES" not in k}
    (one,) = load_settings({**given, "ONESTOP_WECHAT_MODE": "plain"}).wechat
    assert one.aes_keys == ()


@pytest.mark.parametrize(
    "name, value",
    [
        ("APPID", "wx 1"), ("SECRET", "two words"), ("TOKEN", "ab"), ("TOKEN", "a" * 33),
        ("TOKEN", "abc,"), ("TOKEN", "a-b-c"), ("AES_KEY", KEY[:-1]), ("AES_KEY", KEY + "="),
        ("AES_KEY", KEY[:-1] + "-"), ("MODE", "clear"), ("FORMAT", "yaml"), ("KIND", "enterprise"),
        ("API_BASE", "http://wx.example"), ("API_BASE", "wx.example"), ("API_BASE", ""),
        ("API_BASE", "https://user@wx.example"), ("API_BASE", "https://wx.example?a=1"),
        ("ACCOUNTS", "wx02"), ("ACCOUNTS", "{}"), ("ACCOUNTS", "[" * 100_000),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_named_and_not_repeated(name, value):
    with pytest.raises(SettingsError, match=f"ONESTOP_WECHAT_{name} does not fit") as caught:
        wechat(**{name: value})
    if name in ("SECRET", "TOKEN", "AES_KEY", "ACCOUNTS"):
        assert value not in str(caught.value)


def test_several_accounts_stand_in_a_list():
    plain = {"name": "two", "appid": "wx03", "secret": "s", "token": "abc", "mode": "plain"}
    accounts = listed(ENTRY, plain)
    assert [one.name for one in accounts] == ["", "mini", "two"]
    assert accounts[1].aes_keys == (OTHER,)
    assert load_settings({"ONESTOP_WECHAT_ACCOUNTS": json.dumps([ENTRY])}).wechat == accounts[1:2]


@pytest.mark.parametrize(
    "entry, sentence",
    [
        ("wx02", "entry 1 must have a name"),
        ({**ENTRY, "name": ""}, "entry 1 must have a name"),
        ({**ENTRY, "name": "a/b"}, "name of entry 1 does not fit"),
        ({**ENTRY, "token": "hidden token"}, "token of entry 1 does not fit"),
        ({**ENTRY, "colour": "red"}, "colour of entry 1 does not fit"),
        ({**ENTRY, "token": None}, "token of entry 1 is missing"),
        ({**ENTRY, "token": {"a": 1}}, "token of entry 1 does not fit"),
        ({**ENTRY, "appid": FOUR["ONESTOP_WECHAT_APPID"]}, "two accounts have the same appid"),
    ],
)
def test_an_entry_that_does_not_fit_is_named_and_not_repeated(entry, sentence):
    with pytest.raises(SettingsError, match=sentence) as caught:
        listed(entry)
    assert "hidden" not in str(caught.value)


def test_two_entries_of_one_name_are_refused():
    with pytest.raises(SettingsError, match="two accounts have the same name"):
        listed(ENTRY, {**ENTRY, "appid": "wx03"})


@pytest.mark.parametrize("name", ["SECRET", "TOKEN", "AES_KEY", "ACCOUNTS"])
def test_each_secret_can_come_from_a_file(tmp_path, name):
    given = {**FOUR, "ONESTOP_WECHAT_ACCOUNTS": json.dumps([ENTRY])}
    file = tmp_path / "secret"
    file.write_text(given.pop(f"ONESTOP_WECHAT_{name}") + "\n")
    settings = load_settings({**given, f"ONESTOP_WECHAT_{name}_FILE": str(file)})
    assert len(settings.wechat) == 2


def test_no_secret_stands_in_the_written_form():
    settings = load_settings({**FOUR, "ONESTOP_WECHAT_ACCOUNTS": json.dumps([ENTRY])})
    written = f"{settings} {settings!r} {settings.json()} {settings.wechat!r}"
    assert "hidden" not in written and KEY not in written and OTHER not in written


@pytest.mark.parametrize("base", ["http://127.0.0.1:9000", "http://localhost:9000/x"])
def test_production_takes_neither_plain_messages_nor_a_stand_in(base):
    assert wechat(API_BASE=base)[0].api_base == base
    production = {**PRODUCTION, **FOUR}
    assert load_settings(production).wechat
    with pytest.raises(SettingsError, match="ONESTOP_WECHAT_API_BASE must be https in production"):
        load_settings({**production, "ONESTOP_WECHAT_API_BASE": base})
    with pytest.raises(SettingsError, match=r"ONESTOP_WECHAT_MODE: plain .* not in production"):
        load_settings({**production, "ONESTOP_WECHAT_MODE": "plain"})
    entry = json.dumps([{**ENTRY, "mode": "plain"}])
    with pytest.raises(SettingsError, match=r"mode of entry 1: plain .* not in production"):
        load_settings({**production, "ONESTOP_WECHAT_ACCOUNTS": entry})
