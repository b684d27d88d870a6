"""What a fetch brings back, and what is remembered to ask more cheaply the next time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What the last answer said of its version: sent along, so that an unchanged page costs one short answer."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The conditions of a conditional GET."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `unchanged`: the server said so (304), and there is no body. `url` is where it came from, after
    redirects. `sized`: the length was announced and has come in full; without it, an end may be a break."""

    url: str
    unchanged: bool = False
    body: bytes = b""
    media: str = ""
    charset: str = ""
    sized: bool = True
    known: Known = Known()
    links: tuple[str, ...] = ()  # the Link headers
