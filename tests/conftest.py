"""The world of the tests: real databases, brokers and processes, each test with its own data folder and database.

A test that asks for `backend`, or for anything made from it (`database_url`, `settings`, `sessions`, `worker`, `web`,
`passerelle`), runs twice: on SQLite with the embedded broker, and on PostgreSQL with Redis. `@pytest.mark.backends(
"sqlite")` keeps it to one of them.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from service.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from service.storage.session import Sessions
    from tests.parts.postgresql import Server as PostgreSQL
    from tests.parts.redis import Server as Redis
    from tests.parts.service import Web, Worker

BACKENDS = ("sqlite", "postgresql")

try:
    from hypothesis import settings as hypothesis_settings

    # shared machines are slow now and then; what is too slow is said by the benches
    hypothesis_settings.register_profile("passerelle", deadline=None, print_blob=True)
    hypothesis_settings.load_profile("passerelle")
except ImportError:  # a house test runs in an environment without it
    pass


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs a backend on every one of them, or on those that its mark names."""
    if "backend" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("backends")
        metafunc.parametrize("backend", mark.args if mark else BACKENDS)


@pytest.fixture(autouse=True, scope="session")
def _own_environment() -> None:
    """What the developer has set for an own installation is not for the tests."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)


@pytest.fixture(autouse=True, scope="session")
def _rows_the_other_way_round() -> None:
    """What asks for rows in no order gets them backwards from SQLite: whoever takes that for the order in which they
    were written, which PostgreSQL keeps until it tidies up a table, is found here. Two such lists that are compared
    with each other are not: both come backwards."""
    try:
        from sqlalchemy import Engine, event
    except ImportError:  # a house test runs in an environment without it
        return

    @event.listens_for(Engine, "connect")
    def backwards(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test reaches this machine only."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server with a migrated template."""
    from tests.parts.postgresql import Server

    server = Server.found()
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis server, shared by the run. A test that kills one starts its own (`tests.parts.redis.Server`)."""
    from tests.parts.redis import Server

    server = Server(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """The address of an empty Redis."""
    redis_server.forget()
    return redis_server.url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    from service.storage.migrate import upgrade

    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated, empty database of this test alone."""
    if backend == "sqlite":
        path = tmp_path / "passerelle.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.make()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def empty_database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.make(empty=True)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def broker_url(backend: str, request: pytest.FixtureRequest) -> str:
    """The broker that goes with the backend, as REDIS_URL takes it: embedded with SQLite, Redis with PostgreSQL."""
    return "" if backend == "sqlite" else str(request.getfixturevalue("redis_url"))


@pytest.fixture
def make_settings() -> Iterator[Callable[..., Settings]]:
    """Make settings for an installation of its own: a new data folder, a free port, cheap passwords; fields by name."""
    from tests.parts.process import free_port

    with tempfile.TemporaryDirectory(prefix="passerelle-", ignore_cleanup_errors=True) as folder:

        def make(**fields: Any) -> Settings:
            usual = {"data_dir": Path(tempfile.mkdtemp(dir=folder)), "port": free_port(), "password_cost": 1}
            return Settings(_env_file=None, **{**usual, **fields})

        yield make


@pytest.fixture
def settings(database_url: str, broker_url: str, make_settings: Callable[..., Settings]) -> Settings:
    """The settings of this test's installation."""
    return make_settings(database_url=database_url, redis_url=broker_url)


@pytest.fixture
def sessions(settings: Settings) -> Iterator[Sessions]:
    """Sessions on this test's database. Messages go nowhere: a test that wants them makes its own sessions."""
    from service.storage.session import make_sessions

    sessions = make_sessions(settings)
    yield sessions
    sessions.close()


@pytest.fixture
def worker(settings: Settings) -> Iterator[Worker]:
    """A running Celery worker."""
    from tests.parts.service import Worker

    worker = Worker(settings).start()
    yield worker
    worker.kill()


@pytest.fixture
def web(settings: Settings) -> Iterator[Web]:
    """A running web process."""
    from tests.parts.service import Web

    web = Web(settings).start()
    yield web
    web.stop()


@pytest.fixture
def passerelle(settings: Settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command of this test's installation: `passerelle("memory", "stats", "--json", input="…")`."""
    program = Path(sys.executable).with_name("passerelle")
    env = {**os.environ, **settings.environment()}

    def run(*words: str | Path, input: str = "", within: float = 60) -> subprocess.CompletedProcess[str]:
        line = [str(program), *map(str, words)]
        return subprocess.run(line, input=input, capture_output=True, text=True, env=env, timeout=within, cwd="/")

    return run


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium. Each person takes a context: `chromium.new_context(base_url=web.url)`."""
    from tests.parts.browser import browser

    with browser() as chromium:
        yield chromium
