"""A database's clock that a test can move, for real processes: no part of the product knows of it.

On PostgreSQL the database itself tells another time: a function `now()` of its own stands before that of the system. On
SQLite the clock is the machine's, which is not ours to move: there the worker is `tests.parts.moved_worker`, the real
one but for what `service.desk.slots` takes for the moment.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text

from service.settings import Settings

FILE = "clock-shift"  # in DATA_DIR: seconds by which the moved worker's clock is ahead
ON_POSTGRESQL = """
CREATE SCHEMA clock;
CREATE TABLE clock.shift (ahead interval NOT NULL);
INSERT INTO clock.shift VALUES ('0');
CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE
  AS 'SELECT pg_catalog.now() + (SELECT ahead FROM clock.shift)';
"""


class Clock:
    """The clock of a test's database. To be made before anything connects to it."""

    def __init__(self, settings: Settings) -> None:
        self._file = settings.data_dir / FILE
        self._url = settings.database if "postgresql" in settings.database else ""
        if self._url:
            engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql(ON_POSTGRESQL)
                name = connection.scalar(text("SELECT current_database()"))
                connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET search_path = clock, pg_catalog, public')
            engine.dispose()

    def move(self, ahead: timedelta) -> None:
        """Let it be so far ahead of this machine's, from now on."""
        seconds = ahead.total_seconds()
        if not self._url:
            draft = self._file.with_suffix(".new")
            draft.write_text(str(seconds))
            draft.replace(self._file)
            return
        with psycopg.connect(self._url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("UPDATE clock.shift SET ahead = make_interval(secs => %s)", [seconds])

    @property
    def worker(self) -> str:
        """The application that a worker on this database runs."""
        return "workers.app:app" if self._url else "tests.parts.moved_worker:app"


def shift(folder: Path) -> timedelta:
    """By how much the clock of a moved worker is ahead."""
    file = folder / FILE
    return timedelta(seconds=float(file.read_text())) if file.exists() else timedelta(0)
