"""Many rows in one statement, in the form in which each database is quick.

A list of a thousand pairs inside `IN (…)` makes both databases read whole tables: SQLite searches by the first column
of the index alone, PostgreSQL weighs a thousand conditions. A joined table is one search in the index for each row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, Subquery, Table, Text, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Value = str | int
Kind = type[Text] | type[Integer]


def listed(session: Session, rows: Sequence[Sequence[Value]], **columns: Kind) -> Subquery:
    """The rows as a table `given` with these columns.

    Compare every column of the index with one of `given`, never with a constant: SQLite would begin with the constant
    and read all that has it.
    """
    if _is_sqlite(session):
        each = func.json_each(json.dumps(rows, separators=(",", ":"))).table_valued("value", name="each")
        parts: list[Any] = [
            func.json_extract(each.c.value, f"$[{place}]", type_=kind()).label(name)
            for place, (name, kind) in enumerate(columns.items())
        ]
        return select(*parts).select_from(each).subquery("given")
    values = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    return _unnested(values, {name: kind() for name, kind in columns.items()})


def _unnested(values: Mapping[str, list[Any]], kinds: Mapping[str, TypeEngine[Any]]) -> Subquery:
    arrays = [
        cast(bindparam(f"given_{name}", values[name], type_=ARRAY(kind)), ARRAY(kind)) for name, kind in kinds.items()
    ]
    parts = [column(name, kind) for name, kind in kinds.items()]
    each = func.unnest(*arrays).table_valued(*parts, name="each").render_derived()
    return select(*each.c).select_from(each).subquery("given")


def insert_many(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], same: Mapping[str, Any] | None = None
) -> None:
    """Insert rows that all have the same columns, with the values of `same` in each."""
    constant = same or {}
    if _is_sqlite(session):
        _insert_plainly(session, table, rows, constant)
        return
    values = {name: [row[name] for row in rows] for name in rows[0]}
    given = _unnested(values, {name: table.c[name].type for name in values}).c
    constants = [bindparam(f"same_{name}", value, type_=table.c[name].type) for name, value in constant.items()]
    chosen = select(*(given[name] for name in values), *constants)
    session.execute(insert(table).from_select([*values, *constant], chosen))


def _insert_plainly(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], constant: Mapping[str, Any]
) -> None:
    """One statement of the driver for all rows: SQLAlchemy would look at each value of each row, which takes longer
    than SQLite does."""
    dialect = session.get_bind().dialect
    names, same = list(rows[0]), list(constant)
    process = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in [*names, *same]}
    columns = {name: [row[name] for row in rows] for name in names}
    for name in names:
        if (processed := process[name]) is not None:
            columns[name] = [processed(value) for value in columns[name]]
    values = [processed(constant[name]) if (processed := process[name]) else constant[name] for name in same]
    quoted = ", ".join(dialect.identifier_preparer.quote(name) for name in [*names, *same])
    marks = ", ".join("?" * (len(names) + len(same)))
    into = dialect.identifier_preparer.format_table(table)
    session.connection().exec_driver_sql(
        f"INSERT INTO {into} ({quoted}) VALUES ({marks})",
        [(*row, *values) for row in zip(*columns.values(), strict=True)],
    )


def reserve(session: Session, table: Table, number: int) -> list[int]:
    """Ids for so many new rows of a table. On SQLite they hold for the transaction, which nobody shares."""
    if _is_sqlite(session):
        last = session.scalar(select(func.max(table.c.id))) or 0
        return list(range(last + 1, last + 1 + number))
    sequence = func.pg_get_serial_sequence(table.name, "id")
    return list(session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, number))))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
