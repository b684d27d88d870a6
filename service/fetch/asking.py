"""The fetch itself: check, look up, connect, follow redirects as if each were a new address, read within bounds."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message
from urllib.parse import urljoin

import urllib3

from service.errors import UrlFailed, UrlRefused
from service.fetch import resolving
from service.fetch.answers import Fetched, Known
from service.fetch.body import read_body
from service.fetch.connection import asked
from service.fetch.watch import Watch
from service.urls.rules import Rules
from service.urls.targets import Target, target
from tm.errors import PasserelleError

PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
FEEDS = frozenset(
    "application/rss+xml application/atom+xml application/rdf+xml application/xml text/xml "
    "application/gzip application/x-gzip".split()
)
TEXTS = frozenset({"text/plain"})
MOVED = (301, 302, 303, 307, 308)
BUSY = (429, 503)


def fetch(
    url: str,
    rules: Rules,
    *,
    accept: frozenset[str] = PAGES,
    known: Known = Known(),  # noqa: B008 - frozen
    before: Callable[[Target], None] | None = None,
    resolve: resolving.Resolve = resolving.system,
) -> Fetched:
    """Ask for a URL. `accept` are the media types that are read, `known` what the last answer said of its version.

    `before` is called with each address before it is connected to, redirects included, and may refuse it or wait.
    Nothing of a body, and no address behind a name, is ever part of an error.
    Raises UrlRefused (URL_INVALID, URL_SCHEME, URL_CREDENTIALS, URL_HOST, URL_PORT, URL_PRIVATE, URL_REDIRECT,
    URL_TYPE, URL_TOO_LARGE, URL_BOMB, URL_ENCODING) and UrlFailed (URL_UNRESOLVED, URL_UNREACHABLE, URL_TLS,
    URL_TIMEOUT, URL_INCOMPLETE, URL_STATUS).
    """
    at, watch = target(url, rules), Watch(rules.seconds)
    headers = _headers(rules, accept, known)
    for hop in range(rules.redirects + 1):
        if before is not None:
            with watch.stopped():
                before(at)
        watch.check()
        address = _address(at, rules, resolve, watch, redirected=hop > 0)
        with asked(at, address, headers, rules, watch) as response:
            if response.status not in MOVED:
                return _answer(at, response, accept, known, rules, watch)
            at = _moved(at, response.headers.get("Location", ""), rules)
    raise UrlRefused(f"There were more than {rules.redirects} redirects.", code="URL_REDIRECT")


def _address(at: Target, rules: Rules, resolve: resolving.Resolve, watch: Watch, *, redirected: bool) -> str:
    try:
        return resolving.checked_address(at, rules, resolve, min(rules.connect_seconds, watch.left))
    except UrlRefused as error:
        raise _astray() if redirected else error from None


def _astray() -> UrlRefused:
    return UrlRefused("The page redirects to an address that is not fetched.", code="URL_REDIRECT")


def _headers(rules: Rules, accept: frozenset[str], known: Known) -> dict[str, str]:
    return {
        "User-Agent": rules.agent,
        "Accept": ", ".join(sorted(accept)) + ", */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **known.headers(),
    }


def _moved(at: Target, location: str, rules: Rules) -> Target:
    """Where a redirect leads, checked like any address, and never from https down to http."""
    try:
        there = target(urljoin(at.url, location) if location else "", rules)
    except (PasserelleError, ValueError):
        raise _astray() from None
    if at.scheme == "https" and there.scheme == "http":
        raise UrlRefused("The page redirects from https to http.", code="URL_REDIRECT")
    return there


def _answer(
    at: Target, response: urllib3.BaseHTTPResponse, accept: frozenset[str], known: Known, rules: Rules, watch: Watch
) -> Fetched:
    if response.status == 304 and known != Known():
        return Fetched(at.url, unchanged=True, known=known)
    if response.status != 200:
        raise _status(response)
    media, charset = _type(response.headers.get("Content-Type", ""))
    if media not in accept:
        raise UrlRefused("The address does not lead to text of the kind that is read.", code="URL_TYPE")
    sized = "Content-Length" in response.headers or "chunked" in response.headers.get("Transfer-Encoding", "").lower()
    said = Known(response.headers.get("ETag", "")[:200], response.headers.get("Last-Modified", "")[:80])
    links = tuple(response.headers.getlist("Link"))[:20]
    return Fetched(at.url, False, read_body(response, rules, watch), media, charset, sized, said, links)


def _status(response: urllib3.BaseHTTPResponse) -> UrlFailed:
    wait = response.headers.get("Retry-After", "")
    error = UrlFailed(f"The server answers with status {response.status}.", code="URL_STATUS")
    error.status = response.status
    if response.status in BUSY:
        error.wait = float(wait) if wait.isascii() and wait.isdigit() else 0.0
    return error


def _type(header: str) -> tuple[str, str]:
    """Media type and character set that a Content-Type names, in lower case."""
    message = Message()
    message["Content-Type"] = header
    # the library takes what it cannot read for plain text
    return header.split(";")[0].strip().lower(), (message.get_content_charset("") or "").lower()
