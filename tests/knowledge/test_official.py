import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.official import is_official, official_host, official_url

HOSTS = ["gov.hk", "gov.mo", "gdzwfw.gov.cn"]


@pytest.mark.parametrize("host", ["gov.hk", "www.gov.hk", "IMMD.gov.hk", "a.b.gov.hk", "gov.hk."])
def test_a_listed_host_and_those_below_it_are_official(host):
    assert is_official(host, HOSTS)


@pytest.mark.parametrize(
    "host",
    ["", "hk", "xgov.hk", "gov.hk.example.com", "gov-hk", "example.com", "gov.cn", "www.gov.cn"],
)
def test_every_other_host_is_not(host):
    assert not is_official(host, HOSTS)


def test_of_several_listed_hosts_the_longest_is_meant():
    hosts = ["gov.hk", "info.gov.hk"]
    assert official_host("www.info.gov.hk", hosts) == "info.gov.hk"
    assert official_host("myinfo.gov.hk", hosts) == "gov.hk"
    assert official_host("example.com", hosts) is None


@pytest.mark.parametrize(
    "address, url",
    [
        ("https://www.immd.gov.hk/a", "https://www.immd.gov.hk/a"),
        ("http://www.immd.gov.hk/a", "https://www.immd.gov.hk/a"),
        ("www.immd.gov.hk", "https://www.immd.gov.hk"),
        ("gov.hk/tdbooking", "https://www.gov.hk/tdbooking"),
        ("immd.gov.hk/eng/x.html", "https://www.immd.gov.hk/eng/x.html"),
        ("e-services.cr.gov.hk", "https://e-services.cr.gov.hk"),
        ("IMMD.GOV.HK/Eng", "https://www.immd.gov.hk/Eng"),
    ],
)
def test_an_official_address_is_made_whole(address, url):
    assert official_url(address, HOSTS) == url


@pytest.mark.parametrize(
    "address",
    [
        "example.com/a",
        "gov.hk@example.com",
        "https://gov.hk@example.com/a",
        "https://gov.hk:80@example.com",
        "https://example.com/gov.hk",
        "https://example.com#gov.hk",
        "https://example.com\\.gov.hk",
        "javascript:alert(1)//gov.hk",
        "ftp://gov.hk/a",
        "gov.hk/{en|tc|sc}/a",
        "gov.hk/some/long/...",
        "gov.hk/a b",
        "see gov.hk",
        "",
    ],
)
def test_every_other_address_is_not_shown(address):
    assert official_url(address, HOSTS) is None


@given(st.text("govhk.cn/:@#?\\|%-_ ea1", max_size=40) | st.text(max_size=40))
@settings(max_examples=1000, deadline=None)
def test_what_is_shown_leads_to_an_official_host(address):
    from urllib.parse import urlsplit

    url = official_url(address, HOSTS)
    if url is not None:
        parts = urlsplit(url)
        assert parts.scheme == "https"
        assert is_official(parts.hostname, HOSTS)
        assert parts.username is None and parts.port is None
