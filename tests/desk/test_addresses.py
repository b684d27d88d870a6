"""Which addresses are refused before anybody is asked, and what settings open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import UrlRefused
from service.fetch import resolving
from service.settings import Settings, SettingsInvalid, load
from service.urls import addresses
from service.urls.rules import Rules
from service.urls.targets import target

PRIVATE = """
127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
100.127.255.254 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 192.88.99.1 168.63.129.16 100.100.100.200
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101:: 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1 2001:db8::1
3fff::1 100::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 ff0e::1 4000::1 5f00::1
""".split()
PUBLIC = "8.8.8.8 1.1.1.1 93.184.216.34 100.63.255.255 100.128.0.0 172.32.0.1 2606:4700::1111 2a00:1450::1".split()


@pytest.mark.parametrize("text", PRIVATE)
def test_addresses_inside_are_not_public(text: str) -> None:
    address = addresses.parse(text)
    assert address is not None
    assert not addresses.is_public(address)


@pytest.mark.parametrize("text", [*PUBLIC, "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"])
def test_addresses_of_the_internet_are_public_also_when_they_are_wrapped(text: str) -> None:
    address = addresses.parse(text)
    assert address is not None
    assert addresses.is_public(address)


REFUSED = {
    "URL_SCHEME": """
        file:///etc/passwd ftp://press.example/ gopher://press.example/ data:text/html,x javascript:alert(1)
        //press.example/ press.example ws://press.example/
    """,
    "URL_CREDENTIALS": "http://me:secret@press.example/ http://press.example@evil.example/ http://@press.example/",
    "URL_PORT": """
        http://press.example:22/ http://press.example:25/ http://press.example:6379/ https://press.example:8443/
        http://press.example:0/
    """,
    "URL_INVALID": """
        http://press.example:99999/ http://[::1 http://press.example\\@evil.example/ http://a\0b.example/
        http://press.example/<script>
    """,
    "URL_HOST": """
        http:/// http://press%2eexample/ http://press..example/ https://www.gоuv.example/ http://[fe80::1%25eth0]/
    """,
    "URL_PRIVATE": """
        http://localhost/ http://localhost./ http://LOCALHOST/ http://a.localhost/ http://127.0.0.1/ http://[::1]/
        http://127.1/ http://0x7f000001/ http://2130706433/ http://017700000001/ http://127.0.0.1./ http://0/
        http://10.0.0.1/ http://[::ffff:10.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[2002:7f00:1::]/
        http://169.254.169.254/latest/meta-data/ http://metadata.google.internal/ http://printer.local/ http://intranet/
        http://１２７.0.0.1/ http://①②⑦.0.0.1/
    """,
}


@pytest.mark.parametrize(("code", "url"), [(code, url) for code, urls in REFUSED.items() for url in urls.split()])
def test_addresses_that_are_refused_before_anybody_is_asked(code: str, url: str) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(UrlRefused) as refusal:
        resolving.checked_address(target(url, Rules()), Rules(), nobody, 1)
    assert refusal.value.code == code


@pytest.mark.parametrize("entry", ["press.example", "press.example:", ":80", "press.example:http", "a b:80", "[::1:80"])
def test_entries_of_fetch_allow_that_say_no_port_are_refused(entry: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="FETCH_ALLOW"):
        load(_env_file=None, data_dir=tmp_path, fetch_allow=entry)


def test_settings_become_rules(make_settings: Callable[..., Settings]) -> None:
    entries = "press.intra:8080, 10.0.0.0/8:80,[fd00::/8]:443"
    settings = make_settings(fetch_allow=entries, fetch_contact="https://example.org/bot", fetch_seconds=7)
    rules = Rules.of(settings)
    assert [(entry.host, entry.port, entry.network is not None) for entry in rules.opened] == [
        ("press.intra", 8080, False),
        ("10.0.0.0/8", 80, True),
        ("fd00::/8", 443, True),
    ]
    assert rules.agent == "Passerelle/1 (+https://example.org/bot)"
    assert rules.seconds == 7


def test_spellings_of_one_address_are_one() -> None:
    for url in (
        "HTTP://Press.Example/é?q=é#top",
        "http://press.example:80/%C3%A9?q=%C3%A9",
        "http://press.example./é?q=é",
    ):
        assert target(url, Rules()).url == "http://press.example/%C3%A9?q=%C3%A9"
    assert target("https://bücher.example", Rules()).url == "https://xn--bcher-kva.example/"
