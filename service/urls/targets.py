"""URLs, taken apart with suspicion: what every program would read in the same way, or a refusal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

import idna

from service.errors import UrlRefused
from service.urls import addresses
from service.urls.rules import Rules

LONGEST = 2000
DEFAULT_PORTS = {"http": 80, "https": 443}
_INNER_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "onion")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE")
_KEEP = "/:@!$&'()*+,;=-._~%"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked for. `url` is its one normal spelling: host in lower case and ASCII, no fragment."""

    scheme: str
    host: str
    port: int
    path: str  # with the query

    @property
    def site(self) -> str:
        """Host and port, the port left out where it is the usual one; an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and site, as `https://press.example`."""
        return f"{self.scheme}://{self.site}"

    @property
    def url(self) -> str:
        """The URL in its normal spelling."""
        return self.origin + self.path


def target(url: str, rules: Rules) -> Target:
    """Take a URL apart. Raises UrlRefused: URL_INVALID, URL_SCHEME, URL_CREDENTIALS, URL_HOST, URL_PORT, URL_PRIVATE.

    Names are not resolved here; see `service.fetch.resolving`.
    """
    url = url.strip(" ")
    if not url or len(url) > LONGEST or _UNSAFE.search(url):
        raise refusal("URL_INVALID", "This is no web address, or one with characters that none should have.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refusal("URL_INVALID", "This web address cannot be read.") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise refusal("URL_SCHEME", "Only addresses that begin with http:// or https:// are fetched.")
    if "@" in parts.netloc:
        raise refusal("URL_CREDENTIALS", "An address with a user name or password in it is not fetched.")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    host = _host(parts, port, rules)
    if not rules.opens_port(host, port):
        raise refusal("URL_PORT", f"Port {port} is not among those that are fetched from.")
    literal = addresses.parse(host)
    if literal is not None and not rules.opens(host, port, literal):
        raise private()
    query = f"?{quote(parts.query, safe=_KEEP + '?[]')}" if parts.query else ""
    return Target(parts.scheme, host, port, (quote(parts.path, safe=_KEEP) or "/") + query)


def _host(parts: SplitResult, port: int, rules: Rules) -> str:
    host = parts.hostname or ""
    if ":" in host or addresses.parse(host) is not None:
        address = addresses.parse(host)
        if address is None:
            raise refusal("URL_HOST", "The host of this address cannot be read.")
        return str(address)
    name = _ascii(host.rstrip("."))
    if rules.opens_name(name, port):
        return name
    if re.fullmatch(r"\d+|0x[0-9a-f]*", name.rsplit(".", 1)[-1]):  # 127.1, 0x7f000001: an address in disguise
        if (address := addresses.parse(name)) is not None:
            return str(address)
        raise private()
    if "." not in name or any(name == inner or name.endswith(f".{inner}") for inner in _INNER_NAMES):
        raise private()
    return name


def _ascii(host: str) -> str:
    if not host or "%" in host or any(_mixed(label) for label in host.split(".")):
        raise refusal("URL_HOST", "The host of this address cannot be read, or it imitates another.")
    if host.isascii() and re.fullmatch(r"[a-z0-9_.-]{1,253}", host.lower()) and ".." not in host:
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise refusal("URL_HOST", "The host of this address is no name.") from None


def _mixed(label: str) -> bool:
    """Letters of two alphabets that look alike in one label: made to be taken for another name."""
    names = (unicodedata.name(letter, "") for letter in label if letter.isalpha())
    return len({script for name in names for script in _SCRIPTS if script in name.split(" ")}) > 1


def refusal(code: str, message: str) -> UrlRefused:
    """The refusal of an address, with what to do."""
    return UrlRefused(message, code=code, todo="Check the address.")


def private() -> UrlRefused:
    """The one refusal of all addresses inside: it does not tell which of them exist."""
    return UrlRefused(
        "This address is not on the open internet.",
        code="URL_PRIVATE",
        todo="An administrator can open a host inside with FETCH_ALLOW.",
    )
