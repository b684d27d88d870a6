"""A process apart that lasts: many jobs in a row share it, and it ends when none has come for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from service.desk.apart import Apart
from tm.documents.limits import Limits

IDLE = 20.0  # seconds without a job after which the process is not worth its memory


class Lasting:
    """Lends one `Apart` to whoever asks, one at a time; it takes a second or more to start, a pair takes much less.

    Its documents may be as long as any that the product reads.
    """

    def __init__(self, seconds: float, idle: float = IDLE) -> None:
        self._apart, self._idle = Apart(seconds, segments=Limits().segments), idle
        self._lock = threading.Lock()
        self._end: threading.Timer | None = None

    @contextmanager
    def lent(self) -> Iterator[Apart]:
        """The process apart, for as long as the context lasts."""
        with self._lock:
            if self._end is not None:
                self._end.cancel()
            try:
                yield self._apart
            finally:
                self._end = threading.Timer(self._idle, self._rest)
                self._end.daemon = True
                self._end.start()

    def _rest(self) -> None:
        with self._lock:
            if threading.current_thread() is self._end:
                self._apart.close()
