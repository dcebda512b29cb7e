import subprocess
import sys
from itertools import chain

import pytest

from core.errors import SettingsError
from core.settings import ROOT, Environment, Settings, load_settings
from core.vault import Vault, make_keys

PRODUCTION = {
    "ONESTOP_ENV": "production",
    "ONESTOP_SECRET_KEY": "k" * 32,
    "ONESTOP_DATA_KEYS": "1:" + "k" * 44,
    "ONESTOP_FINGERPRINT_KEY": "k" * 32,
    "ONESTOP_DATABASE_URL": "postgresql://somewhere/onestop",
    "ONESTOP_REDIS_URL": "redis://somewhere",
    "ONESTOP_PUBLIC_URL": "https://assistant.example",
}


def test_nothing_needs_to_be_set():
    settings = load_settings({})
    assert settings.env is Environment.DEMO
    assert (settings.host, settings.port, settings.admin_port) == ("127.0.0.1", 8080, 8081)
    assert settings.data_dir == ROOT / "var"
    assert settings.database_address == f"sqlite:///{ROOT / 'var' / 'onestop.sqlite3'}"


def test_the_environment_is_read_by_default(monkeypatch):
    monkeypatch.setenv("ONESTOP_PORT", "9000")
    assert load_settings().port == 9000


def test_links_lead_to_the_port_that_is_served():
    assert load_settings({}).public_url == "http://127.0.0.1:8080"
    assert load_settings({"ONESTOP_PORT": "9000"}).public_url == "http://127.0.0.1:9000"
    said = {"ONESTOP_PORT": "9000", "ONESTOP_PUBLIC_URL": "https://assistant.example/"}
    assert load_settings(said).public_url == "https://assistant.example"


def test_names_without_the_prefix_are_left_alone():
    assert load_settings({"PORT": "1", "RASA_TELEMETRY_ENABLED": "false"}).port == 8080


def test_an_unknown_name_is_an_error_with_a_hint():
    with pytest.raises(SettingsError, match=r"ONESTOP_PROT is not a setting.*ONESTOP_PORT\?"):
        load_settings({"ONESTOP_PROT": "8080"})


def test_an_unknown_name_like_no_other_is_an_error_without_a_hint():
    with pytest.raises(SettingsError) as caught:
        load_settings({"ONESTOP_XYZZY": "1"})
    assert str(caught.value) == "ONESTOP_XYZZY is not a setting."


@pytest.mark.parametrize(
    "name, value",
    [
        ("ONESTOP_PORT", "0"),
        ("ONESTOP_PORT", "65536"),
        ("ONESTOP_PORT", ""),
        ("ONESTOP_ADMIN_PORT", "many"),
        ("ONESTOP_WORKERS", "0"),
        ("ONESTOP_ENV", "staging"),
        ("ONESTOP_PUBLIC_URL", "ftp://example"),
        ("ONESTOP_PUBLIC_URL", "assistant.example"),
        ("ONESTOP_APPOINTMENT_BOOK_URL", ""),
        ("ONESTOP_APPOINTMENT_BOOK_URL", "ftp://department.example"),
        ("ONESTOP_APPOINTMENT_BOOK_URL", "http://department.example"),
        ("ONESTOP_APPOINTMENT_BOOK_URL", "http://127.0.0.1.department.example"),
        ("ONESTOP_APPOINTMENT_BOOK_URL", "https://user@department.example"),
        ("ONESTOP_APPOINTMENT_BOOK_URL", "https://department.example?v=1"),
        ("ONESTOP_APPOINTMENT_BOOK_URL", "https://department.example#v1"),
        ("ONESTOP_APPLICATION_STATUS_URL", "http://department.example"),
        ("ONESTOP_APPLICATION_STATUS_TOKEN", "two words"),
        ("ONESTOP_APPOINTMENT_BOOK_TOKEN", ""),
        ("ONESTOP_APPOINTMENT_BOOK_TOKEN", "two words"),
        ("ONESTOP_APPOINTMENT_BOOK_TOKEN", "a\nHeader: b"),
    ],
)
def test_a_value_that_does_not_fit_is_an_error_with_its_name(name, value):
    with pytest.raises(SettingsError, match=f"{name} does not fit"):
        load_settings({name: value})


TOGETHER = [
    {"ONESTOP_APPOINTMENT_BOOK_URL": "https://d.example", "ONESTOP_APPOINTMENT_BOOK_TOKEN": "t"},
    {"ONESTOP_APPLICATION_STATUS_URL": "https://d.example", "ONESTOP_APPLICATION_STATUS_TOKEN": "t"},
    {"ONESTOP_BROKER_ISSUER": "https://b.example", "ONESTOP_BROKER_CLIENT_ID": "us",
     "ONESTOP_BROKER_CLIENT_SECRET": "s"},
]  # fmt: skip


@pytest.mark.parametrize("together", TOGETHER, ids=lambda names: next(iter(names)))
def test_one_without_the_others_is_an_error_that_names_them_all(together):
    load_settings(together)
    for left_out in together:
        some = {name: value for name, value in together.items() if name != left_out}
        with pytest.raises(SettingsError, match="go together") as caught:
            load_settings(some)
        assert all(name in str(caught.value) for name in together)


@pytest.mark.parametrize(
    "given",
    [
        {**TOGETHER[1], "ONESTOP_APPLICATION_STATUS_URL": "http://127.0.0.1:9"},
        {**TOGETHER[2], "ONESTOP_BROKER_ISSUER": "http://127.0.0.1:9"},
    ],
    ids=["status", "broker"],
)
def test_production_signs_people_in_under_tls_alone(given):
    load_settings(given)
    with pytest.raises(SettingsError, match="must be https in production"):
        load_settings({**PRODUCTION, **given})


def test_an_issuer_stays_as_it_is_written():
    """OpenID Connect compares it sign by sign."""
    given = {**TOGETHER[2], "ONESTOP_BROKER_ISSUER": "https://b.example/"}
    assert load_settings(given).broker_issuer == "https://b.example/"


def test_the_public_address_ends_without_a_slash():
    settings = load_settings({"ONESTOP_PUBLIC_URL": "https://assistant.example/"})
    assert settings.public_url == "https://assistant.example"


def test_a_secret_can_come_from_a_file(tmp_path):
    file = tmp_path / "redis"
    file.write_text("redis://:hidden@somewhere\n")
    settings = load_settings({"ONESTOP_REDIS_URL_FILE": str(file)})
    assert settings.redis_url.get_secret_value() == "redis://:hidden@somewhere"


def test_a_secret_from_both_is_an_error(tmp_path):
    file = tmp_path / "redis"
    file.write_text("redis://somewhere")
    both = {"ONESTOP_REDIS_URL": "redis://other", "ONESTOP_REDIS_URL_FILE": str(file)}
    for items in (both.items(), reversed(both.items())):
        with pytest.raises(SettingsError, match="not both"):
            load_settings(dict(items))


def test_a_secret_file_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(SettingsError, match="ONESTOP_SECRET_KEY_FILE: cannot read the file"):
        load_settings({"ONESTOP_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_only_secrets_come_from_files():
    with pytest.raises(SettingsError, match="ONESTOP_PORT_FILE is not a setting"):
        load_settings({"ONESTOP_PORT_FILE": "/dev/null"})


def test_no_secret_stands_in_the_written_form():
    settings = load_settings({**PRODUCTION, "ONESTOP_REDIS_URL": "redis://:hidden@somewhere"})
    assert "hidden" not in f"{settings} {settings!r} {settings.json()}"
    assert "kkkk" not in f"{settings} {settings!r} {settings.json()}"


def test_production_starts_with_all_that_it_needs():
    assert load_settings(PRODUCTION).env is Environment.PRODUCTION


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DATA_KEYS", "FINGERPRINT_KEY", "DATABASE_URL", "REDIS_URL"]
)
@pytest.mark.parametrize("present", [False, True], ids=["missing", "empty"])
def test_production_refuses_to_start_without_a_secret(name, present):
    environment = {k: v for k, v in PRODUCTION.items() if k != f"ONESTOP_{name}"}
    if present:
        environment[f"ONESTOP_{name}"] = ""
    with pytest.raises(SettingsError, match=f"ONESTOP_{name} is required in production"):
        load_settings(environment)


def test_production_refuses_an_empty_secret_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("\n")
    environment = {**PRODUCTION, "ONESTOP_SECRET_KEY_FILE": str(file)}
    del environment["ONESTOP_SECRET_KEY"]
    with pytest.raises(SettingsError, match="ONESTOP_SECRET_KEY is required"):
        load_settings(environment)


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("ONESTOP_SECRET_KEY", "k" * 31, "at least 32 characters"),
        ("ONESTOP_FINGERPRINT_KEY", "k" * 31, "at least 32 characters"),
        ("ONESTOP_PUBLIC_URL", "http://assistant.example", "must be https"),
    ],
)
def test_production_refuses_what_is_unsafe(name, value, sentence):
    with pytest.raises(SettingsError, match=f"{name}.*{sentence}"):
        load_settings({**PRODUCTION, name: value})


BOOK = {
    "ONESTOP_APPOINTMENT_BOOK_URL": "https://department.example/v1",
    "ONESTOP_APPOINTMENT_BOOK_TOKEN": "hidden-token",
}


def test_a_department_may_keep_the_appointments():
    settings = load_settings({**PRODUCTION, **BOOK})
    assert settings.appointment_book_url == "https://department.example/v1"
    assert settings.appointment_book_token.get_secret_value() == "hidden-token"
    assert "hidden-token" not in f"{settings} {settings!r} {settings.json()}"


def test_the_token_of_the_department_can_come_from_a_file(tmp_path):
    file = tmp_path / "token"
    file.write_text("hidden-token\n")
    url = {"ONESTOP_APPOINTMENT_BOOK_URL": "https://department.example"}
    settings = load_settings({**url, "ONESTOP_APPOINTMENT_BOOK_TOKEN_FILE": str(file)})
    assert settings.appointment_book_token.get_secret_value() == "hidden-token"


def test_a_token_that_does_not_fit_is_not_repeated():
    with pytest.raises(SettingsError) as caught:
        load_settings({**BOOK, "ONESTOP_APPOINTMENT_BOOK_TOKEN": "hidden token"})
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("name", BOOK)
def test_the_address_of_the_department_and_its_token_go_together(name):
    with pytest.raises(SettingsError, match="go together: set both or neither"):
        load_settings({name: BOOK[name]})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_department_on_this_machine_needs_no_https_in_demo(host):
    url = f"http://{host}:9000/v1"
    plain = {**BOOK, "ONESTOP_APPOINTMENT_BOOK_URL": url}
    assert load_settings(plain).appointment_book_url == url
    with pytest.raises(SettingsError, match="APPOINTMENT_BOOK_URL must be https in production"):
        load_settings({**PRODUCTION, **plain})


KEYS = {
    "secret_key": Settings.signing_key,
    "data_keys": Settings.encryption_keys,
    "fingerprint_key": Settings.fingerprinting_key,
}


@pytest.mark.parametrize("name, key_of", KEYS.items())
def test_a_key_is_made_once_and_kept_to_its_owner(tmp_path, name, key_of):
    key = key_of(Settings(data_dir=tmp_path / "new"))
    assert len(key) >= 32
    assert key_of(Settings(data_dir=tmp_path / "new")) == key
    kept = list((tmp_path / "new").iterdir())
    assert [path.name for path in kept] == [name]
    assert kept[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name, key_of", KEYS.items())
def test_a_key_that_is_set_is_taken_and_none_is_kept(tmp_path, name, key_of):
    assert key_of(Settings(data_dir=tmp_path, **{name: "1:set"})) == "1:set"
    assert list(tmp_path.iterdir()) == []


def test_the_keys_that_are_made_open_a_vault(tmp_path):
    settings = Settings(data_dir=tmp_path)
    one, again = (Vault(settings.encryption_keys(), settings.fingerprinting_key()) for _ in "12")
    assert again.decrypt(one.encrypt(b"kept", b""), b"") == b"kept"
    assert again.fingerprint("phone", "91234567") == one.fingerprint("phone", "91234567")


def test_several_keys_come_from_a_file_with_lines(tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"{make_keys().replace('1:', '2:', 1)}\n{make_keys()}\n")
    settings = load_settings({"ONESTOP_DATA_KEYS_FILE": str(file)})
    assert Vault(settings.encryption_keys(), "f").key_ids == ("2", "1")


def test_a_signing_key_that_another_process_was_quicker_to_make_is_taken(tmp_path, monkeypatch):
    def another_is_quicker(_size):
        (tmp_path / "secret_key").write_text("the other's")
        return "ours"

    monkeypatch.setattr("secrets.token_urlsafe", another_is_quicker)
    assert Settings(data_dir=tmp_path).signing_key() == "the other's"
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_processes_that_start_together_agree_on_a_signing_key(tmp_path):
    code = (
        "import sys; from core.settings import Settings;"
        "sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.readline();"
        f"print(Settings(data_dir={str(tmp_path / 'data')!r}).signing_key())"
    )
    several = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in several:
        assert process.stdout.readline() == "ready\n"
    for process in several:
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = list(chain.from_iterable(p.communicate(timeout=30)[0].split() for p in several))
    assert len(keys) == 4
    assert len(set(keys)) == 1
