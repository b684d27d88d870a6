"""The one fetch: which addresses it refuses, where it connects to, and what no server can make it do."""

from __future__ import annotations

import ast
import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import UrlFailed, UrlRefused
from service.fetch import FEEDS, Known, fetch
from service.settings import ROOT
from service.urls.rules import Opened, Rules
from tests.parts import website
from tests.parts.website import Answer, Listener, Website
from tm.errors import PasserelleError

PAGE = b"<html><body><p>Bonjour tout le monde</p></body></html>"


@pytest.fixture
def site() -> Iterator[Website]:
    """A website that the rules of `rules` open."""
    with Website() as site:
        yield site


@pytest.fixture
def inside() -> Iterator[Listener]:
    """Somebody inside; after each test nobody has called."""
    with Listener() as listener:
        yield listener
        assert listener.connections == 0


def rules_for(*sites: Website, **values: object) -> Rules:
    """Rules that open these sites, and give up early."""
    opened = tuple(Opened.parse(site.entry) for site in sites)
    return Rules(**{"seconds": 1.5, "connect_seconds": 1.0, "opened": opened, **values})  # type: ignore[arg-type]


def code_of(url: str, rules: Rules, **values: object) -> str:
    with pytest.raises(PasserelleError) as refusal:
        fetch(url, rules, **values)  # type: ignore[arg-type]
    assert isinstance(refusal.value, UrlRefused | UrlFailed)
    return refusal.value.code


def test_the_same_words_for_every_address_inside() -> None:
    said = set()
    for url in ("http://10.0.0.1/", "http://localhost/", "http://inner.example/"):
        with pytest.raises(UrlRefused) as refusal:
            fetch(url, Rules(), resolve=lambda host, port: ["192.168.7.7"])
        said.add(str(refusal.value))
    assert len(said) == 1
    assert "192.168" not in said.pop()


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    for found in (
        ["10.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%eth0"],
        ["8.8.8.8", "nonsense"],
    ):
        assert code_of("http://press.example/", Rules(), resolve=lambda host, port, found=found: found) == "URL_PRIVATE"


def test_a_name_is_looked_up_once_and_the_connection_goes_to_that_address(site: Website, inside: Listener) -> None:
    # the name points elsewhere the second time: who asked again would end up inside
    site.pages["/"] = Answer(PAGE)
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else [inside.host]

    rules = Rules(seconds=2, opened=(Opened.parse(f"press.example:{site.port}"),))
    answer = fetch(f"http://press.example:{site.port}/", rules, resolve=rebinding)
    assert answer.body == PAGE
    assert asked == ["press.example"]
    assert site.asked["/"] == 1


def test_what_an_administrator_opens_is_open_to_the_letter(site: Website, inside: Listener) -> None:
    site.pages["/"] = Answer(PAGE)
    rules = rules_for(site)
    assert fetch(f"{site.url}/", rules).body == PAGE
    assert code_of(f"http://{inside.host}:{site.port}/", rules) == "URL_PRIVATE"
    assert code_of(f"http://127.0.0.1:{inside.port}/", rules) == "URL_PORT"
    assert code_of(f"http://localhost:{site.port}/", rules) == "URL_PRIVATE"
    network = Rules(seconds=2, opened=(Opened.parse(f"127.0.0.0/30:{site.port}"),))
    assert fetch(f"{site.url}/", network).body == PAGE
    assert code_of(f"http://127.0.0.9:{site.port}/", network) == "URL_PRIVATE"


def test_no_setting_opens_the_addresses_where_clouds_keep_their_secrets() -> None:
    rules = Rules(opened=(Opened.parse("169.254.0.0/16:80"), Opened.parse("cloud.example:80")))
    assert code_of("http://169.254.169.254/", rules) == "URL_PRIVATE"
    assert code_of("http://cloud.example/", rules, resolve=lambda host, port: ["169.254.169.254"]) == "URL_PRIVATE"


# redirects


def test_redirects_are_followed_and_say_where_they_led(site: Website) -> None:
    site.pages |= {"/a": website.moved("/b", 301), "/b": website.moved(f"{site.url}/c", 307), "/c": Answer(PAGE)}
    assert fetch(f"{site.url}/a", rules_for(site)).url == f"{site.url}/c"


def test_redirects_that_lead_astray(site: Website, inside: Listener) -> None:
    for place in (
        inside.url, "http://127.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd", "http://me@press.example/",
        "//[::1]/", "http://press.example:22/", "", "http://[bad", "gopher://x/",
    ):  # fmt: skip
        site.pages["/a"] = website.moved(place)
        assert code_of(f"{site.url}/a", rules_for(site)) == "URL_REDIRECT", place
    site.pages["/loop"] = website.moved("/loop")
    assert code_of(f"{site.url}/loop", rules_for(site)) == "URL_REDIRECT"
    assert site.asked["/loop"] == 6


def test_a_redirect_to_a_name_that_leads_inside(site: Website, inside: Listener) -> None:
    site.pages["/a"] = website.moved("http://inner.example/")
    found = {"press.example": ["127.0.0.1"], "inner.example": [inside.host]}
    rules = Rules(seconds=2, opened=(Opened.parse(f"press.example:{site.port}"),))
    url = f"http://press.example:{site.port}/a"
    assert code_of(url, rules, resolve=lambda host, port: found[host]) == "URL_REDIRECT"


# answers


@pytest.mark.parametrize("act", [website.dripping, website.slow_headers, website.silent])
def test_time_is_bounded_as_a_whole(site: Website, act: object) -> None:
    site.pages["/"] = Answer(act=act)  # type: ignore[arg-type]
    begin = time.monotonic()
    assert code_of(f"{site.url}/", rules_for(site)) == "URL_TIMEOUT"
    assert time.monotonic() - begin < 3


def test_a_resolver_that_takes_for_ever_is_not_waited_for() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(5)
        return []

    begin = time.monotonic()
    assert code_of("http://press.example/", Rules(seconds=1, connect_seconds=0.5), resolve=slow) == "URL_TIMEOUT"
    assert time.monotonic() - begin < 3


def test_size_is_bounded_also_where_it_was_packed(site: Website) -> None:
    rules = rules_for(site, size=500_000, seconds=10)
    site.pages |= {
        "/endless": Answer(act=website.endless),
        "/announced": Answer(PAGE, length=3_000_000),
        "/bomb": website.bomb(),
        "/packed": Answer(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"}),
        "/layers": Answer(gzip.compress(gzip.compress(PAGE)), headers={"Content-Encoding": "gzip, gzip"}),
        "/unknown": Answer(PAGE, headers={"Content-Encoding": "br"}),
        "/lying": Answer(PAGE, headers={"Content-Encoding": "gzip"}),
    }
    assert code_of(f"{site.url}/endless", rules) == "URL_TOO_LARGE"
    assert code_of(f"{site.url}/announced", rules) == "URL_TOO_LARGE"
    assert code_of(f"{site.url}/bomb", rules) == "URL_TOO_LARGE"
    assert code_of(f"{site.url}/bomb", rules_for(site, size=100_000_000, seconds=10)) == "URL_BOMB"
    assert fetch(f"{site.url}/packed", rules).body == PAGE
    for path in ("/layers", "/unknown", "/lying"):
        assert code_of(site.url + path, rules) == "URL_ENCODING"


def test_answers_that_break_off(site: Website) -> None:
    site.pages |= {
        "/half": Answer(PAGE, length=5000),
        "/chunk": Answer(act=website.broken_chunk),
        "/packed": Answer(gzip.compress(PAGE * 100)[:-20], headers={"Content-Encoding": "gzip"}),
        "/reset": Answer(act=website.hanging_up),
        "/smtp": Answer(act=website.babbling),
    }
    for path in ("/half", "/chunk", "/packed"):
        assert code_of(site.url + path, rules_for(site)) == "URL_INCOMPLETE"
    for path in ("/reset", "/smtp"):
        assert code_of(site.url + path, rules_for(site)) == "URL_UNREACHABLE"


def test_statuses_are_said_and_bodies_are_not(site: Website) -> None:
    for status in (204, 400, 403, 404, 410, 500):
        site.pages["/"] = Answer(b"the secret of the house", status)
        with pytest.raises(UrlFailed) as failure:
            fetch(f"{site.url}/", rules_for(site))
        assert failure.value.status == status
        assert "secret" not in str(failure.value)
    site.pages["/"] = Answer(b"", 429, headers={"Retry-After": "17"})
    with pytest.raises(UrlFailed) as failure:
        fetch(f"{site.url}/", rules_for(site))
    assert failure.value.wait == 17


def test_only_text_of_the_wanted_kind_is_read(site: Website) -> None:
    for media in ("application/pdf", "image/png", "application/octet-stream", "", "nonsense"):
        site.pages["/"] = Answer(PAGE, media=media)
        assert code_of(f"{site.url}/", rules_for(site)) == "URL_TYPE"
    site.pages["/"] = Answer(PAGE, media="Text/HTML; Charset=ISO-8859-1")
    answer = fetch(f"{site.url}/", rules_for(site))
    assert (answer.media, answer.charset) == ("text/html", "iso-8859-1")
    assert code_of(f"{site.url}/", rules_for(site), accept=FEEDS) == "URL_TYPE"


def test_an_unchanged_page_costs_a_short_answer(site: Website) -> None:
    site.pages["/"] = Answer(PAGE)
    first = fetch(f"{site.url}/", rules_for(site))
    second = fetch(f"{site.url}/", rules_for(site), known=first.known)
    assert second.unchanged
    assert site.sent["/"] == 1
    # who was not asked whether anything changed may not say that nothing did
    site.pages["/"] = Answer(PAGE, 304)
    assert code_of(f"{site.url}/", rules_for(site)) == "URL_STATUS"
    assert fetch(f"{site.url}/", rules_for(site), known=Known(last_modified="yesterday")).unchanged


def test_who_asks_says_who_it_is_and_waits_for_leave(site: Website) -> None:
    site.pages |= {"/a": website.moved("/b"), "/b": Answer(PAGE)}
    seen = []
    fetch(f"{site.url}/a", rules_for(site, agent="Passerelle/1 (+me)"), before=lambda at: seen.append(at.path))
    assert seen == ["/a", "/b"]
    assert site.agents == {"Passerelle/1 (+me)"}


def test_a_certificate_of_another_is_refused(tmp_path: Path) -> None:
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-days", "2",
         "-subj", "/CN=press.example", "-addext", "subjectAltName=DNS:press.example"],
        cwd=tmp_path, capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not here to make a certificate: apt-get install openssl")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    names: list[str | None] = []
    context.sni_callback = lambda connection, name, _: names.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        _answer_tls_once(listener, context)
        rules = Rules(seconds=3, opened=(Opened.parse(f"press.example:{port}"),))
        url = f"https://press.example:{port}/"
        assert code_of(url, rules, resolve=lambda host, _: ["127.0.0.1"]) == "URL_TLS"
    assert names == ["press.example"]


def _answer_tls_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    def answer() -> None:
        connection, _ = listener.accept()
        try:
            context.wrap_socket(connection, server_side=True).close()
        except OSError:
            connection.close()

    threading.Thread(target=answer, daemon=True).start()


# the house

OPENERS = {"urllib.request", "http.client", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "pycurl"}
# the supervisor asks its own web process whether it is there
OWN = {"service/supervisor.py": {"urllib.request", "http.client"}}
SOCKETS = {"service/supervisor.py", "service/desk/liveness.py", "service/fetch/resolving.py", "service/fetch/watch.py"}


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_nothing_else_in_the_tree_opens_an_address() -> None:
    found = []
    for path in sorted(path for part in ("tm", "service", "workers") for path in (ROOT / part).rglob("*.py")):
        name, names = path.relative_to(ROOT).as_posix(), _imported(path)
        heads = {head for each in names for head in (each, each.split(".")[0])}
        if not name.startswith("service/fetch/") and heads & (OPENERS - OWN.get(name, set())):
            found.append(name)
        if "socket" in heads and name not in SOCKETS:
            found.append(f"{name}: socket")
        if "trafilatura" in heads and any("downloads" in each or "fetch" in each for each in names):
            found.append(f"{name}: trafilatura")
    assert found == []


def test_the_web_process_loads_nothing_that_fetches() -> None:
    script = "import sys, service.app; print(*sorted({'urllib3', 'trafilatura', 'service.fetch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
