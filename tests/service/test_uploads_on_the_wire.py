"""What no browser sends: bodies that are too long, never end, break off or fall into pieces. Nothing of them stays."""

from __future__ import annotations

import re
import socket
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.settings import Settings
from service.storage.releases import Release
from service.storage.session import Sessions
from tests.parts.service import Web
from tests.service.conftest import PASSWORD, Place

pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(180)]
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
BOUNDARY = "between-the-parts"
MULTIPART = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
FRENCH = "Le Conseil s’est réuni hier à Arvane pour adopter une nouvelle décision.\n"


class Wire:
    """An editor who is signed in, and writes requests byte by byte."""

    def __init__(self, web: Web, email: str) -> None:
        self.port = int(web.url.rsplit(":", 1)[1])
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        token = TOKEN.search(opener.open(f"{web.url}/sign-in").read().decode())
        assert token
        form = {"csrf_token": token[1], "email": email, "password": PASSWORD, "next": "/releases/new"}
        page = opener.open(f"{web.url}/sign-in", urllib.parse.urlencode(form).encode()).read().decode()
        found = TOKEN.search(page)
        assert found
        self.token = found[1]
        self.cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)

    def send(self, headers: Iterable[str], body: Iterable[bytes]) -> tuple[int, str]:
        """Hand in a release. What the server says, also where it says so before the end of the body; 0 for nothing."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            said = ("POST /releases HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: application/json",
                    f"Cookie: {self.cookies}", f"X-CSRFToken: {self.token}", "Connection: close", *headers)  # fmt: skip
            try:
                line.sendall("\r\n".join([*said, "", ""]).encode())
                for piece in body:
                    line.sendall(piece)
                line.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the server has closed already; what it said is still to be read
            answer = _all_of(line).decode(errors="replace")
        status = re.match(r"HTTP/1\.1 (\d+)", answer)
        return int(status[1]) if status else 0, answer


def _all_of(line: socket.socket) -> bytes:
    found = b""
    try:
        while piece := line.recv(65536):
            found += piece
    except OSError:
        pass
    return found


@pytest.fixture
def wire(web: Web, place: Place) -> Wire:
    return Wire(web, place.email("editor"))


@pytest.fixture(autouse=True)
def nothing_stays(
    sessions: Sessions, settings: Settings, place: Place, request: pytest.FixtureRequest
) -> Iterator[None]:
    """But for what a test hands in well, no release and no file is there afterwards that was not before."""
    before = _there(sessions, settings.blob_folder)
    yield
    assert _there(sessions, settings.blob_folder) == before or "well" in request.node.name


def _there(sessions: Sessions, folder: Path) -> tuple[int | None, list[str]]:
    with sessions.read() as session:
        count = session.scalar(select(func.count()).select_from(Release))
    return count, sorted(str(path) for path in folder.rglob("*") if path.is_file())


def part(name: str, value: str, filename: str = "") -> bytes:
    said = f'; filename="{filename}"' if filename else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{said}\r\n\r\n{value}\r\n'.encode()


def whole(filename: str = "essai.fr.txt", text: str = FRENCH) -> bytes:
    return part("file", text, filename) + f"--{BOUNDARY}--\r\n".encode()


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def test_a_file_under_any_name_is_taken_well_and_given_back_under_a_clean_one(wire: Wire, sessions: Sessions) -> None:
    hostile = "..\\..\\con\u202e\u200b\x1b" + "é" * 4000 + '%22%0d%0aSet-Cookie: a=b%00".txt'
    body = whole(hostile.replace('"', '\\"'))
    status, answer = wire.send([MULTIPART, f"Content-Length: {len(body)}"], [body])
    assert status == 200, answer
    with sessions.read() as session:
        release = session.scalars(select(Release).order_by(Release.created_at.desc())).first()
        assert release is not None
        assert len(release.filename) <= 120
        assert all(mark.isprintable() for mark in release.filename)
        identity = release.id
    request = urllib.request.Request(f"http://127.0.0.1:{wire.port}/releases/{identity}/original")
    request.add_header("Cookie", wire.cookies)
    with urllib.request.urlopen(request) as given:
        assert given.headers["Set-Cookie"] is None or "a=b" not in given.headers["Set-Cookie"]
        assert given.headers["Content-Disposition"].startswith("attachment; filename")
        assert given.read().decode() == FRENCH


@pytest.mark.parametrize("told", [True, False], ids=["its length told", "in chunks without an end"])
def test_a_body_over_the_limit_is_refused(wire: Wire, settings: Settings, told: bool) -> None:
    start = part("file", "", "essai.fr.txt")[:-2]
    blocks = [b"mot " * 25_000] * (settings.upload_limit // 100_000 + 4)
    if told:
        length = len(start) + sum(map(len, blocks))
        status, answer = wire.send([MULTIPART, f"Content-Length: {length}"], [start, *blocks])
    else:
        status, answer = wire.send([MULTIPART, "Transfer-Encoding: chunked"], map(chunk, [start, *blocks]))
    assert (status, '"TOO_LARGE"' in answer) == (413, True), answer


def test_a_body_in_a_hundred_thousand_pieces_is_refused(wire: Wire) -> None:
    body = b"".join(part(f"field{number}", "x") for number in range(100_000))
    status, answer = wire.send([MULTIPART, f"Content-Length: {len(body)}"], [body])
    assert (status, '"TOO_LARGE"' in answer) == (413, True), answer


def test_an_upload_that_breaks_off_says_so_and_leaves_nothing(wire: Wire) -> None:
    body = whole(text=FRENCH * 500)
    status, answer = wire.send([MULTIPART, f"Content-Length: {len(body)}"], [body[: len(body) // 2]])
    assert (status, '"UPLOAD_INCOMPLETE"' in answer) == (400, True), answer
    assert urllib.request.urlopen(f"http://127.0.0.1:{wire.port}/healthz").status == 200


def test_half_a_pasted_text_is_not_taken_for_the_text(wire: Wire) -> None:
    body = urllib.parse.urlencode({"text": FRENCH * 500}).encode()
    headers = ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    status, answer = wire.send(headers, [body[: len(body) // 2]])
    assert (status, '"UPLOAD_INCOMPLETE"' in answer) == (400, True), answer


def test_a_chunk_that_breaks_off_leaves_nothing(wire: Wire) -> None:
    body = whole(text=FRENCH * 500)
    status, answer = wire.send([MULTIPART, "Transfer-Encoding: chunked"], [f"{len(body):x}\r\n".encode() + body[:900]])
    assert status == 400, answer
