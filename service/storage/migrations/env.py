"""Runs migrations on the connection that `service.storage.migrate` hands over."""

from alembic import context

from service.storage import tables as _tables  # noqa: F401 (the metadata must be whole)
from tm.store.base import Base

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("SET LOCAL lock_timeout = '4s'")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
context.run_migrations()
