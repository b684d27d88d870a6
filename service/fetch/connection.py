"""One request to one address that was checked before: the name goes into Host and TLS, never to a resolver."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError

from service.errors import UrlFailed
from service.fetch.watch import Watch
from service.urls.rules import Rules
from service.urls.targets import Target


@contextmanager
def asked(
    target: Target, address: str, headers: dict[str, str], rules: Rules, watch: Watch
) -> Iterator[urllib3.BaseHTTPResponse]:
    """A GET of the target at this address; the body is not read yet.

    Raises UrlFailed: URL_TIMEOUT, URL_TLS, URL_UNREACHABLE.
    """
    pool = _pool(target, address, rules, watch)
    response = None
    try:
        response = _answer(pool, target, headers, watch)
        watch.check()  # headers that end because the watch shut the socket are no answer
        yield response
    finally:
        watch.release()
        if response is not None:
            response.close()
        pool.close()


def _answer(
    pool: urllib3.HTTPConnectionPool, target: Target, headers: dict[str, str], watch: Watch
) -> urllib3.BaseHTTPResponse:
    try:
        return pool.urlopen(
            "GET",
            target.path,
            headers={"Host": target.site, **headers},
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
    except SSLError as error:
        watch.check()
        raise UrlFailed("The server cannot prove that it is the one of that name.", code="URL_TLS") from error
    except (HTTPError, OSError, ValueError) as error:
        watch.check()
        if isinstance(error, urllib3.exceptions.TimeoutError):
            raise UrlFailed("The server does not answer in time.", code="URL_TIMEOUT") from error
        raise UrlFailed("The server cannot be reached, or does not speak HTTP.", code="URL_UNREACHABLE") from error


def _pool(target: Target, address: str, rules: Rules, watch: Watch) -> urllib3.HTTPConnectionPool:
    """A pool of one connection to an address in figures: there is nothing left to resolve."""
    seconds = min(rules.connect_seconds, watch.left)
    timeout = urllib3.Timeout(connect=seconds, read=min(rules.connect_seconds * 2, watch.left))
    common: dict[str, Any] = {"host": address, "port": target.port, "timeout": timeout, "maxsize": 1}
    if target.scheme == "http":
        pool = urllib3.HTTPConnectionPool(**common)
        pool.ConnectionCls = _guarded(HTTPConnection, watch)
        return pool
    secure = urllib3.HTTPSConnectionPool(
        **common, ssl_context=_context(), server_hostname=target.host, assert_hostname=target.host
    )
    secure.ConnectionCls = _guarded(HTTPSConnection, watch)
    return secure


def _guarded(kind: type[Any], watch: Watch) -> type[Any]:
    """A connection whose socket the watch looks after from its first moment, the TLS handshake included."""

    class Guarded(kind):
        def _new_conn(self) -> Any:
            connected = super()._new_conn()
            watch.guard(connected)
            return connected

    return Guarded


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    """Authorities of the system, for a house with its own, and those of certifi, for a system without any."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
