"""Real processes for tests: started in their own group, killed with everything they have started."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self


def wait_for(condition: Callable[[], object], within: float, what: str) -> None:
    """Return once `condition()` holds. Raises TimeoutError that names `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {within:g} s")
        time.sleep(0.02)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Process:
    """A process in its own group, with its output in `log`. It dies with the test run, however that ends."""

    def __init__(
        self,
        line: list[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        user: int | None = None,
        stop_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.line, self.log, self.env, self.user, self.stop_by = line, log, env, user, stop_by
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The leader of the group."""
        assert self.process is not None, "the process was not started"
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether the leader runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> Self:
        """Start it, without waiting for anything."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.line,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(self.env or {})},
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        return self

    def stop(self, within: float = 15.0) -> int:
        """Ask it to end and wait; what is left after that is killed. Returns the exit code."""
        assert self.process is not None
        if self.alive:
            self.process.send_signal(self.stop_by)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(within)
        self.kill()
        return int(self.process.returncode)

    def kill(self) -> None:
        """`kill -9` for the whole group, now."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def text(self) -> str:
        """What it has said so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for_text(self, text: str, within: float = 30.0) -> None:
        """Return once it has said `text` since its last start; fails when it ends before."""
        begin = time.monotonic()
        while text not in self.text():
            if not self.alive or time.monotonic() - begin > within:
                raise TimeoutError(f"{self.line[:4]} has not said {text!r}; its log ends with:\n{self.text()[-3000:]}")
            time.sleep(0.02)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # 1: PR_SET_PDEATHSIG
