"""From a host to one address that was checked. It is looked up once; the connection then goes to that very address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence

from service.errors import UrlFailed
from service.urls import addresses
from service.urls.rules import Rules
from service.urls.targets import Target, private

Resolve = Callable[[str, int], Sequence[str]]


def system(host: str, port: int) -> list[str]:
    """All addresses that the system knows for a name, in its order of preference. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_address(target: Target, rules: Rules, resolve: Resolve, seconds: float) -> str:
    """The address to connect to. Raises UrlRefused (URL_PRIVATE) when *any* address of the host is not open to us, and
    UrlFailed: URL_UNRESOLVED, URL_TIMEOUT."""
    literal = addresses.parse(target.host)
    found = [target.host] if literal is not None else _looked_up(target, resolve, seconds)
    for text in found:
        address = addresses.parse(text)
        if address is None or not rules.opens(target.host, target.port, address):
            raise private()
    return found[0]


def _looked_up(target: Target, resolve: Resolve, seconds: float) -> Sequence[str]:
    """Ask in a thread of its own: the system's resolver takes as long as it likes."""
    found: list[Sequence[str]] = []

    def ask() -> None:
        try:
            found.append(resolve(target.host, target.port))
        except (OSError, UnicodeError):
            found.append(())

    thread = threading.Thread(target=ask, daemon=True, name="resolve")
    thread.start()
    thread.join(seconds)
    if not found:
        raise UrlFailed("Looking up the host took too long.", code="URL_TIMEOUT")
    if not found[0]:
        raise UrlFailed("There is no such host.", code="URL_UNRESOLVED")
    return found[0]
