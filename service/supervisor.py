"""One command, three processes: web, worker and scheduler, started, watched and stopped together.

`python -m service.supervisor web|worker|beat` becomes one of them, for installations where something else watches
(docker-compose.yml); `alive` instead of a name says by its exit status whether worker and scheduler do their work.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, NoReturn

from service.settings import ROOT, Settings, load
from tm.errors import PasserelleError

STOP_WITHIN = 8.0  # seconds a process has to finish what it is doing
START_WITHIN = 60.0  # seconds the web process has to answer for the first time
LONGEST_PAUSE = 30.0  # seconds before a process that keeps ending is started again
SETTLED_AFTER = 60.0  # seconds of life that wipe out earlier ends
KEEP_LOG = 5_000_000  # bytes of log kept from one start to the next
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(PasserelleError):
    """The service cannot be started here and now; the message says why."""

    code = "CANNOT_START"


def commands(settings: Settings, bind: str | None = None) -> dict[str, list[str]]:
    """The command line of each process. `bind` is what gunicorn listens on, HOST and PORT unless given."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    celery = [sys.executable, "-m", "celery", "-A", "workers.app:app"]
    level = ["--loglevel", settings.log_level]
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "service.app:create_app()"),
            *("--bind", bind or f"{host}:{settings.port}"),
            # one process: rate limits and the mapped index are shared by its threads
            *("--workers", "1", "--worker-class", "gthread", "--threads", str(settings.web_threads)),
            *("--graceful-timeout", str(int(STOP_WITHIN) - 2), "--timeout", "60"),
            *("--log-level", settings.log_level.lower(), "--no-control-socket"),
        ],
        "worker": [
            *(*celery, "worker", *level, "--pool", "prefork", "--concurrency", str(settings.worker_concurrency)),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "beat": [*celery, "beat", *level, "--pidfile", ""],
    }


def serve(settings: Settings, ready: Callable[[str], None] | None = None) -> int:
    """Run until SIGINT, SIGTERM or SIGHUP; 0 after a clean stop. The database must have been migrated.

    `ready(address)` is called once, when the web process answers. A process that ends is started again, after a pause
    that grows. Logs lie in `DATA_DIR/log`. Raises CannotStart: another one runs on this data folder, the port is taken,
    or the web process does not come up.
    """
    with _only_one(settings) as note, _listening(settings) as listener, _stop_requests() as stop:
        lines = commands(settings, f"fd://{listener.fileno()}")
        children = [Child(name, line, settings, listener.fileno()) for name, line in lines.items()]
        try:
            for child in children:
                child.start()
            note({child.name: child.pid for child in children})
            return _watch(settings, children, stop, ready, note)
        finally:
            _stop(children)


@dataclass
class Child:
    """One process of ours with its own group, its log, and how often it has ended."""

    name: str
    line: list[str]
    settings: Settings
    listener: int
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    ends: int = 0
    start_at: float = field(default=0.0)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def log(self) -> Path:
        return self.settings.log_folder / f"{self.name}.log"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > KEEP_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.line,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**os.environ, **self.settings.environment(), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,  # Ctrl+C reaches the supervisor alone, which stops them in order
                pass_fds=(self.listener,) if self.name == "web" else (),
                preexec_fn=_end_with_parent(os.getpid()),
            )
        self.started = time.monotonic()

    def look(self) -> bool:
        """Notice an end, or start again when it is time; True when the process is a new one."""
        now = time.monotonic()
        if self.process is None:
            if now < self.start_at:
                return False
            self.start()
            return True
        code = self.process.poll()
        if code is not None:
            self.ends = 1 if now - self.started > SETTLED_AFTER else self.ends + 1
            pause = min(0.5 * 2 ** (self.ends - 1), LONGEST_PAUSE)
            _say(f"{self.name} ended ({_ending(code)}); starting it again in {pause:g} s. See {self.log}")
            self.kill()
            self.process, self.start_at = None, now + pause
        return False

    def kill(self) -> None:
        """End whatever is left of the process group."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tail(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""


def _watch(
    settings: Settings,
    children: list[Child],
    stop: list[int],
    ready: Callable[[str], None] | None,
    note: Callable[[dict[str, int | None]], None],
) -> int:
    web, deadline, up = children[0], time.monotonic() + START_WITHIN, False
    while not stop:
        if [child.name for child in children if child.look()]:
            note({child.name: child.pid for child in children})
        if not up:
            if up := _answers(settings):
                if ready is not None:
                    ready(settings.address)
            elif web.ends >= 3 or time.monotonic() > deadline:
                raise CannotStart("The web process does not come up.", todo=f"Its log says:\n{web.tail()}\n")
        time.sleep(0.1)
    return 0


def _answers(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    host = f"[{host}]" if ":" in host else host
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by way of a proxy
        with opener.open(f"http://{host}:{settings.port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _stop(children: list[Child]) -> None:
    for child in reversed(children):
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_WITHIN
    for child in children:
        if child.process is not None:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            child.kill()


@contextmanager
def _stop_requests() -> Iterator[list[int]]:
    """Signals that ask for a stop, as a list that fills. A second one does not wait for anything."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_one(settings: Settings) -> Iterator[Callable[[dict[str, int | None]], None]]:
    """Hold the data folder; yields a function that writes down which processes run."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _lock_file(settings).open("a+") as file:
        if not _held(file):
            other = _read(file)
            where = f"process {other['pid']}, {other['address']}" if other else ""
            todo = "Stop it first, or set DATA_DIR and PORT to others."
            raise CannotStart("Passerelle runs on this data folder already.", where=where, todo=todo)

        def note(children: dict[str, int | None]) -> None:
            file.truncate(0)
            file.write(json.dumps({"pid": os.getpid(), "address": settings.address, "children": children}))
            file.flush()

        note({})
        try:
            yield note
        finally:
            file.truncate(0)


def _held(file: IO[str]) -> bool:
    for _ in range(3):  # `running` holds the lock for the blink of an eye
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.1)
    return False


def running(settings: Settings) -> dict[str, Any] | None:
    """What runs on this data folder: `{"pid", "address", "children": {name: pid}}`, or None when nothing does."""
    try:
        with _lock_file(settings).open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(file)
    except OSError:
        pass
    return None


def _lock_file(settings: Settings) -> Path:
    return settings.data_dir / "running.json"


def _read(file: IO[str]) -> dict[str, Any] | None:
    file.seek(0)
    try:
        return dict(json.load(file))
    except ValueError:
        return None  # it is starting or stopping at this very moment


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket of the web process, held here, so that a restart of that process refuses nobody."""
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=256)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise CannotStart(
            f"Cannot listen on {settings.host}, port {settings.port}: {reason}.", todo="Set PORT to a free one."
        ) from None
    with listener:
        yield listener


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask the kernel for SIGTERM when the supervisor is gone."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(1, signal.SIGTERM, 0, 0, 0)  # 1: PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _become(name: str) -> NoReturn:
    """Turn this process into one of the three, configured by the environment."""
    settings = load()
    line = commands(settings)[name]
    os.execvpe(line[0], line, {**os.environ, **settings.environment()})


def _alive() -> bool:
    """Whether a sweep, which the scheduler sends and a worker carries out, has reached the database lately."""
    from service.desk import jobs
    from service.storage.session import make_sessions

    settings = load()
    with make_sessions(settings).read() as session:
        return jobs.lives(session, "worker", timedelta(seconds=15 + 3 * settings.sweep_seconds))


def _main(words: list[str]) -> int:
    if words == ["alive"]:
        return 0 if _alive() else 1
    if len(words) != 1 or words[0] not in ("web", "worker", "beat"):
        _say("usage: python -m service.supervisor web|worker|beat|alive")
        return 2
    _become(words[0])


if __name__ == "__main__":
    try:
        sys.exit(_main(sys.argv[1:]))
    except PasserelleError as error:
        sys.exit(str(error))
