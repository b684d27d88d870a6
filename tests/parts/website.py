"""A website of our own on this machine: forty pages in two languages, and everything that a server can do wrong.

All texts were written for these tests. `Website` serves what is in `pages` and `manners` at this moment, so that a test
may change a page, or take it away, between two visits.
"""

from __future__ import annotations

import gzip
import hashlib
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

TOWNS = ("Arvane", "Belcourt", "Cormeilles", "Dursac", "Estrelle", "Fontvive", "Gaudry", "Hautepierre", "Issarde",
         "Jonquet", "Kervan", "Lormeau", "Montfaux", "Nivelle", "Orgeval", "Pradines", "Quincy", "Roquesol",
         "Sauvagnac", "Tournelle")  # fmt: skip


def story(number: int, language: str, *, cost: int | None = None) -> list[tuple[str, str]]:
    """The blocks (tag and text) of a press release about a bridge; each number has a town and figures of its own."""
    town, day, price = TOWNS[number % len(TOWNS)], number % 27 + 1, cost or 3 + 7 * number
    metres, lamps, workers = 101 + 13 * number, 40 + 3 * number, 17 + 5 * number
    if language == "fr":
        return [
            ("h1", f"Le pont de {town} rouvre après {number + 3} mois de travaux"),
            ("p", f"{town}, le {day} mars 2024"),
            ("p", f"Le pont de {town} accueille de nouveau les piétons et les vélos depuis ce matin."),
            ("h2", f"Un chantier de {price} millions d’euros"),
            ("p", f"Les travaux ont coûté {price} millions d’euros et ont occupé {workers} ouvriers."),
            ("p", f"Sur {metres} mètres, les équipes ont remplacé le garde-corps et posé {lamps} lampes."),
            ("p", f"« Ce pont est à tout le monde », a déclaré la maire de {town}, Jeanne Vidal."),
            ("p", f"Le prochain contrôle de l’ouvrage aura lieu en {2030 + number}."),
        ]
    return [
        ("h1", f"{town} bridge reopens after {number + 3} months of work"),
        ("p", f"{town}, {day} March 2024"),
        ("p", f"The bridge of {town} has been open again to pedestrians and bicycles since this morning."),
        ("h2", f"A project of EUR {price} million"),
        ("p", f"The work cost EUR {price} million and employed {workers} workers."),
        ("p", f"Over {metres} metres, the teams replaced the railing and installed {lamps} lamps."),
        ("p", f"“This bridge belongs to everybody”, said the mayor of {town}, Jeanne Vidal."),
        ("p", f"The next inspection of the structure will take place in {2030 + number}."),
    ]


def page(blocks: list[tuple[str, str]], language: str, *, head: str = "", links: str = "", visit: str = "") -> str:
    """A page as sites make them: navigation, the text, news beside it, a footer and a banner about cookies."""
    body = "\n".join(f"<{tag}>{text}</{tag}>" for tag, text in blocks)
    about = "Toute l’actualité de la région" if language == "fr" else "All the news of the region"
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{blocks[0][1]}</title>{head}</head>
<body><header><nav><ul><li><a href="/">{about}</a></li>{links}</ul></nav></header>
<main><article>{body}</article></main>
<aside><p>{about}</p></aside><footer><p>© La région 2024</p></footer>
<div class="cookie-banner"><p>Cookies. {visit}</p></div></body></html>"""


@dataclass
class Answer:
    """What is sent for a path: status, headers and body; `act` takes over the connection and does as it likes."""

    body: bytes = b""
    status: int = 200
    media: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    act: Callable[[socket.socket], None] | None = None
    versioned: bool = True  # an ETag is sent, and asked for
    length: int | None = None  # what Content-Length says, if not the truth


def text(html: str, **values: object) -> Answer:
    """A page as an answer."""
    return Answer(html.encode(), **values)  # type: ignore[arg-type]


class Website:
    """An HTTP server on one port of this machine; `pages` by path and query, `asked` counts what came for each."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()  # answers with a body
        self.agents: set[str] = set()
        self.times: list[float] = []
        self._server = _Server((host, 0), self)
        self.host, self.port = host, int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def entry(self) -> str:
        """What FETCH_ALLOW says to open it."""
        return f"{self.host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        """Count from nought again."""
        self.asked.clear()
        self.sent.clear()
        self.times.clear()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def __init__(self, address: tuple[str, int], site: Website) -> None:
        self.site = site
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what these tests are about."""


class _Handler(socketserver.StreamRequestHandler):
    """One request on one connection, written out by hand: a library would mend what is to be broken."""

    server: _Server

    def handle(self) -> None:
        """Answer."""
        line = self.rfile.readline(10_000).decode("latin-1").split()
        asked: dict[str, str] = {}
        while (header := self.rfile.readline(10_000).strip()) and b":" in header:
            name, _, value = header.decode("latin-1").partition(":")
            asked[name.strip().lower()] = value.strip()
        if len(line) < 2:
            return
        site, path = self.server.site, line[1]
        site.asked[path] += 1
        site.agents.add(asked.get("user-agent", ""))
        site.times.append(time.monotonic())
        answer = site.pages.get(path, Answer(b"<h1>404</h1>", 404))
        if answer.act is not None:
            with suppress(OSError):
                answer.act(self.connection)
            return
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if answer.status == 200 and answer.versioned and asked.get("if-none-match") == tag:
            self._send("HTTP/1.1 304 Not Modified", {"ETag": tag}, b"")
            return
        length = len(answer.body) if answer.length is None else answer.length
        headers = {"Content-Type": answer.media, "Content-Length": str(length), **answer.headers}
        if answer.versioned:
            headers["ETag"] = tag
        site.sent[path] += 1
        self._send(f"HTTP/1.1 {answer.status} Thus", headers, answer.body)

    def _send(self, line: str, headers: dict[str, str], body: bytes) -> None:
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with suppress(OSError):
            self.connection.sendall(f"{line}\r\n{fields}Connection: close\r\n\r\n".encode("latin-1") + body)


class Listener:
    """Somebody inside who must never hear from us: a port that counts connections and answers as if all were well."""

    def __init__(self, host: str = "127.0.0.2") -> None:
        self._socket = socket.create_server((host, 0))
        self.host, self.port = host, int(self._socket.getsockname()[1])
        self.connections = 0
        self._thread = threading.Thread(target=self._count, daemon=True)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nsecret")
            connection.close()


# what a server can do to a client


def _head(connection: socket.socket, *headers: str) -> None:
    fields = "".join(f"{header}\r\n" for header in ("Content-Type: text/html", *headers))
    connection.sendall(f"HTTP/1.1 200 OK\r\n{fields}\r\n".encode())


def endless(connection: socket.socket) -> None:
    """A body without an end."""
    _head(connection)
    while True:
        connection.sendall(b"<p>encore et encore</p>" * 4096)


def dripping(connection: socket.socket) -> None:
    """A byte now and then."""
    _head(connection)
    while True:
        connection.sendall(b"a")
        time.sleep(0.2)


def slow_headers(connection: socket.socket) -> None:
    """Headers without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Slow: yes\r\n")
        time.sleep(0.2)


def silent(connection: socket.socket) -> None:
    """Takes the connection and says nothing."""
    time.sleep(30)


def hanging_up(connection: socket.socket) -> None:
    """Resets the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def babbling(connection: socket.socket) -> None:
    """Speaks something that is not HTTP."""
    connection.sendall(b"220 mail.example ESMTP ready\r\n" * 10)


def broken_chunk(connection: socket.socket) -> None:
    """Ends in the middle of a chunk."""
    _head(connection, "Transfer-Encoding: chunked")
    connection.sendall(b"400\r\n<html><body><p>Le pont est")


BOMB = gzip.compress(b"\0" * 40_000_000)


def bomb() -> Answer:
    """Forty kilobytes that unpack to forty megabytes."""
    return Answer(BOMB, headers={"Content-Encoding": "gzip"}, versioned=False)


def moved(location: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer(b"", status, headers={"Location": location}, versioned=False)


def path_of(url: str) -> str:
    """Path and query of a URL, as `pages` has them."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
