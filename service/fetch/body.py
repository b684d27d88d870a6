"""The body of an answer, read within bounds: of time, of size, and of what a small packet may unpack to."""

from __future__ import annotations

import http.client
import zlib

import urllib3
from urllib3.exceptions import HTTPError, IncompleteRead, ProtocolError

from service.errors import UrlFailed, UrlRefused
from service.fetch.watch import Watch
from service.urls.rules import Rules

CHUNK = 65536
RATIO = 100  # text packs to a tenth; what unpacks to a hundred times its size is made to harm
FREE = 1_000_000  # unpacked bytes that are never weighed against the ratio
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class _Unpacker:
    """Unpacks as it comes, and never makes more than what is allowed, whatever the packet says."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._machine = zlib.decompressobj(_WINDOWS[encoding]) if encoding else None
        self.limit, self.taken, self.made = limit, 0, bytearray()

    def feed(self, piece: bytes) -> None:
        self.taken += len(piece)
        if self._machine is None:
            self.made += piece
        else:
            self._unpack(self._machine, piece)
        self._check()

    def _unpack(self, machine: zlib._Decompress, piece: bytes) -> None:
        while not machine.eof:
            some = machine.decompress(piece, CHUNK)
            self.made += some
            self._check()
            piece = machine.unconsumed_tail
            if not some and not piece:
                return

    @property
    def whole(self) -> bool:
        """Whether the packet says itself that nothing follows."""
        return self._machine is not None and self._machine.eof

    def _check(self) -> None:
        if len(self.made) > self.limit:
            raise too_large(self.limit)
        if self._machine is not None and len(self.made) > FREE + RATIO * self.taken:
            raise UrlRefused("The answer unpacks to a hundred times its size.", code="URL_BOMB")

    def end(self) -> bytes:
        if self._machine is not None and not self.whole:
            raise incomplete()
        return bytes(self.made)


def read_body(response: urllib3.BaseHTTPResponse, rules: Rules, watch: Watch) -> bytes:
    """The whole body, unpacked. Raises UrlRefused (URL_TOO_LARGE, URL_BOMB, URL_ENCODING) and UrlFailed (URL_TIMEOUT,
    URL_INCOMPLETE)."""
    encoding = (response.headers.get("Content-Encoding") or "").strip().lower().replace("identity", "")
    if encoding and encoding not in _WINDOWS:
        raise UrlRefused("The answer is packed in a way that was not asked for.", code="URL_ENCODING")
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > rules.size:
        raise too_large(rules.size)
    unpacker = _Unpacker(encoding, rules.size)
    try:
        while not unpacker.whole and (piece := response.read1(CHUNK, decode_content=False)):
            watch.check()
            unpacker.feed(piece)
    except (IncompleteRead, ProtocolError, HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        watch.check()
        raise incomplete() from error
    except zlib.error as error:
        raise UrlRefused("The answer cannot be unpacked.", code="URL_ENCODING") from error
    watch.check()
    return unpacker.end()


def too_large(limit: int) -> UrlRefused:
    """The refusal of an answer that is over the limit."""
    return UrlRefused(f"The answer is larger than {limit / 1_000_000:g} MB.", code="URL_TOO_LARGE")


def incomplete() -> UrlFailed:
    """The failure of an answer that broke off."""
    return UrlFailed("The answer broke off before its end.", code="URL_INCOMPLETE")
