"""The clock of one fetch. A socket's own timeout counts from byte to byte; this one counts the whole."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from service.errors import UrlFailed


class Watch:
    """Runs out after `seconds`, and then shuts the socket that it guards, whatever waits for it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._guarded: socket.socket | None = None
        self._timer: threading.Timer | None = None

    @property
    def left(self) -> float:
        """Seconds that are left, never quite none: a timeout of zero means something else."""
        return max(self._end - time.monotonic(), 0.001)

    def check(self) -> None:
        """Raise UrlFailed (URL_TIMEOUT) when the time is over."""
        if time.monotonic() >= self._end:
            raise UrlFailed("The answer took too long.", code="URL_TIMEOUT")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Time that does not count: waiting for one's turn."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self._end += time.monotonic() - begin

    def guard(self, connected: socket.socket) -> None:
        """Watch over a socket, by a handle of our own: TLS takes the first one for itself."""
        self.release()
        self._guarded = connected.dup()
        self._timer = threading.Timer(self.left, self._shut)
        self._timer.daemon = True
        self._timer.start()

    def _shut(self) -> None:
        if self._guarded is not None:
            with suppress(OSError):
                self._guarded.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Let go of the socket."""
        if self._timer is not None:
            self._timer.cancel()
        if self._guarded is not None:
            self._guarded.close()
        self._timer = self._guarded = None
