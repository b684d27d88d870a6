"""Bring a database to a version of the schema. The configuration is built here; there is no ini file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event

from service.storage import tables as _tables  # noqa: F401 (the metadata must be whole)
from service.storage.session import make_engine
from tm.store.base import Base


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up to `revision`, in one transaction."""
    _run(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to `revision` ("base" empties the schema), in one transaction."""
    _run(url, command.downgrade, revision)


def _run(url: str, act: object, revision: str) -> None:
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _for_migrating)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # two that start at once migrate one after the other
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7217)")
            act(_config(connection), revision)  # type: ignore[operator]
            if connection.dialect.name == "sqlite" and (
                broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            ):
                raise RuntimeError(f"the migration leaves {len(broken)} rows that refer to nothing, so it is undone")
    finally:
        engine.dispose()


def _for_migrating(connection: Any, _record: object) -> None:
    """SQLite makes a table anew to change it: rows that refer to it must not mind. And who starts at the same moment
    waits for the whole of the other's migration."""
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA busy_timeout=60000")


def differences(url: str) -> list[object]:
    """What the database lacks against the tables in the code, or has beyond them; empty when they agree."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, Base.metadata))
    finally:
        engine.dispose()


def current(url: str) -> tuple[str | None, str | None]:
    """The revision of the database and the newest one in the code."""
    engine = make_engine(url)
    try:
        with engine.execution_options(reading=True).connect() as connection:
            head = ScriptDirectory.from_config(_config(connection)).get_current_head()
            return MigrationContext.configure(connection).get_current_revision(), head
    finally:
        engine.dispose()


def ensure(url: str) -> None:
    """Migrate unless the database is at the newest revision already."""
    found, newest = current(url)
    if found != newest:
        upgrade(url)
