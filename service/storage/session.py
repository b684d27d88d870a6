"""Engines and sessions: how each database is opened, who may write, and how messages go out after a commit."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from service.storage import sight
from service.storage import tables as _tables  # noqa: F401 (relationships need every table)
from service.storage.releases import leave_out_merged

if TYPE_CHECKING:
    from service.settings import Settings

Sender = Callable[[str, str], None]
log = logging.getLogger(__name__)


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL, set up so that no committed update is lost.

    SQLite: WAL, foreign keys, 5 s busy timeout, and `BEGIN IMMEDIATE` for whatever may write (a deferred transaction
    that writes later fails at once on a stale snapshot, whatever the timeout). PostgreSQL: every wait has an end.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 5, "check_same_thread": False})
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = "-c lock_timeout=5000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=120000"
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=32,  # opened as needed and kept: beyond it every request would open one of its own
        max_overflow=32,
        pool_recycle=300,
        connect_args={"connect_timeout": 5, "options": options},
    )


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    for pragma in ("busy_timeout=5000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for left in reversed(range(100)):  # a file that others open for the first time is busy whatever the timeout
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(0.05)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class ReadOnlySession(Session):
    """A session that refuses to write: what only reads can never change anything, whatever the code says."""

    def flush(self, objects: Any = None) -> None:
        """Refuse a flush that has something to write."""
        if self.new or self.dirty or self.deleted:
            raise RuntimeError("a reading session was asked to write")
        super().flush(objects)


class Sessions:
    """Where doors get their sessions from. Doors commit; nothing below a door does."""

    def __init__(self, engine: Engine, send: Sender | None = None) -> None:
        self.engine = engine
        self._send = send
        self._write = sessionmaker(engine, expire_on_commit=False)
        self._read = sessionmaker(
            engine.execution_options(reading=True), class_=ReadOnlySession, expire_on_commit=False
        )
        for maker in (self._write, self._read):
            event.listen(maker, "do_orm_execute", sight.limit)
            event.listen(maker, "do_orm_execute", leave_out_merged)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions."""
        with self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that may write. After its commit the messages of `announce` go out; a rollback drops them."""
        with self._write() as session:
            event.listen(session, "after_commit", self._deliver)
            event.listen(session, "after_rollback", _forget)
            yield session

    def _deliver(self, session: Session) -> None:
        if session.in_nested_transaction():  # a savepoint was released: nothing is durable yet
            return
        for task, subject in session.info.pop("outbox", []):
            if self._send is not None:
                self._send(task, subject)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def announce(session: Session, task: str, subject: str) -> None:
    """Leave a message that goes out once the transaction is committed. It carries one id, never text."""
    session.info.setdefault("outbox", []).append((task, subject))


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("outbox", None)


def make_sessions(settings: Settings, send: Sender | None = None) -> Sessions:
    """Sessions on the configured database. `send(task, id)` delivers a message; without it the sweep finds the run."""
    return Sessions(make_engine(settings.database), send)
